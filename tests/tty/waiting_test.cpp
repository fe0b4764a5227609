// Threads that wait for a terminal: what lets them go on.

#include "tests/tty/terminal.h"

#include <functional>
#include <gtest/gtest.h>
#include <memory>

namespace drydock {
namespace {

constexpr char const* kStop = "\x13";
constexpr char const* kStart = "\x11";

class Worker final : public Thread {
public:
    Worker(u32 tid, std::function<void()> body) : Thread(tid), body_(std::move(body)) {}
    std::function<void()> body_;
};

// A thread that waits, and then one that does something; run() comes back when it has let the first
// one run.
class Waiting : public ::testing::Test {
protected:
    ~Waiting() override
    {
        while (terminal_.scheduler.threads().pop_front() != nullptr) {
        }
    }

    void run(std::function<void()> wait, std::function<void()> act)
    {
        current_ = this;
        add([this, wait] {
            wait();
            has_ended_ = true;
        });
        add([this, act] {
            EXPECT_FALSE(has_ended_) << "nothing to wait for";
            act();
            terminal_.scheduler.yield();
            terminal_.machine.platform().switch_stack(workers_.back()->stack(), host_);
        });
        PhysAddr const frames =
            MUST(terminal_.frames.allocate(FrameUse::Stack, kKernelStackOrder, false));
        // Scheduler::run() never returns, so it gets a stack of its own.
        terminal_.machine.platform().prepare_stack(
            boot_,
            frames,
            [](void* self) { static_cast<Waiting*>(self)->terminal_.scheduler.run(); },
            this);
        terminal_.machine.platform().switch_stack(host_, boot_);
    }
    std::string read()
    {
        std::string target(64, '?');
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(target.data()), target.size()});
        Result<usize> const got = terminal_.device.read(buffer, false);
        if (got.is_error()) return "error";
        target.resize(buffer.moved());
        return target;
    }
    void write(std::string text)
    {
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        EXPECT_TRUE(terminal_.device.write(buffer, false).is_ok());
    }

    test::Terminal terminal_{};
    bool has_ended_ = false;
    std::string seen_{};

private:
    void add(std::function<void()> body)
    {
        u32 const tid = static_cast<u32>(workers_.size()) + 1;
        workers_.push_back(std::make_unique<Worker>(tid, std::move(body)));
        MUST(terminal_.scheduler.start(*workers_.back(), &Waiting::enter, workers_.back().get()));
    }
    static void enter(void* argument)
    {
        static_cast<Worker*>(argument)->body_();
        current_->terminal_.scheduler.exit_current();
    }

    inline static Waiting* current_ = nullptr;
    std::vector<std::unique_ptr<Worker>> workers_{};
    KernelStack host_{};
    KernelStack boot_{};
};

TEST_F(Waiting, a_line_wakes_its_reader)
{
    run([this] { seen_ = read(); }, [this] { terminal_.type("hello\n"); });
    EXPECT_EQ(seen_, "hello\n");
}

TEST_F(Waiting, the_start_character_wakes_a_writer)
{
    terminal_.type(kStop);
    run([this] { write("x"); }, [this] { terminal_.type(kStart); });
    EXPECT_TRUE(has_ended_);
    EXPECT_EQ(terminal_.screen(), "x");
}

// tcflow(3): TCOON.
TEST_F(Waiting, output_told_to_go_on_wakes_a_writer)
{
    constexpr u64 kGoOn = 1;
    terminal_.type(kStop);
    run([this] { write("x"); },
        [this] {
            EXPECT_TRUE(terminal_.device.ioctl({ioctls::kTcXonc, kGoOn, *terminal_.space}).is_ok());
        });
    EXPECT_TRUE(has_ended_);
    EXPECT_EQ(terminal_.screen(), "x");
}

TEST_F(Waiting, going_raw_wakes_the_reader_of_an_unfinished_line)
{
    terminal_.type("ab");
    run([this] { seen_ = read(); },
        [this] {
            UserTermios raw = terminal_.settings();
            raw.local &= ~termios::kICanon;
            terminal_.set(raw);
        });
    EXPECT_EQ(seen_, "ab");
}

TEST_F(Waiting, a_hang_up_wakes_readers)
{
    run([this] { seen_ = read(); },
        [this] {
            // A stream that is no terminal ends when there is no more input.
            terminal_.machine.machine().console_mode.is_terminal[0] = false;
            terminal_.device.poll_input();
        });
    EXPECT_TRUE(has_ended_);
    EXPECT_EQ(seen_, "");
}

// tty_ioctl(2), vhangup(2): files that were open see the end, the terminal can be opened again.
TEST_F(Waiting, who_opens_a_terminal_after_a_hang_up_waits)
{
    auto const request = [] {
        return OpenRequest{{}, {}, open_flags::kReadWrite | open_flags::kNonBlock};
    };
    auto const read_from = [](File& file) {
        std::byte target[8] = {};
        IoBuffer buffer = IoBuffer::kernel({target, sizeof(target)});
        return file.read(buffer);
    };
    Ref<File> const before = MUST(terminal_.device.open(request()));
    terminal_.machine.machine().console_mode.is_terminal[0] = false;
    terminal_.device.poll_input();
    Ref<File> const after = MUST(terminal_.device.open(request()));

    EXPECT_EQ(MUST(read_from(*before)), 0U);
    EXPECT_EQ(before->poll(nullptr) & poll_events::kHup, poll_events::kHup);
    std::byte letter[1] = {};
    IoBuffer lost = IoBuffer::kernel({letter, 1});
    EXPECT_EQ(before->write(lost).error(), Errno::Io);
    EXPECT_EQ(read_from(*after).error(), Errno::Again);
    EXPECT_EQ(after->poll(nullptr) & (poll_events::kHup | poll_events::kIn), 0U);
    IoBuffer shown = IoBuffer::kernel({letter, 1});
    EXPECT_TRUE(after->write(shown).is_ok());
}

}  // namespace
}  // namespace drydock
