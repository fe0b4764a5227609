#pragma once

// A terminal on a fake machine, with somebody at the keyboard and a record of the signals sent.

#include "core/tty/console_tty.h"
#include "tests/support/fake_platform.h"

#include <string>
#include <utility>
#include <vector>

namespace drydock::test {

class Keyboard final : public TtyClient {
public:
    void signal_group(u32 group_id, u32 signal) override { signals.emplace_back(group_id, signal); }
    u32 current_group() override { return group; }
    u32 current_session() override { return session; }
    bool can_stop_current(u32) override { return can_stop; }
    Result<void> acquire(void*, bool) override { return {}; }
    void give_up(void*) override {}
    bool group_is_in_session(u32 group_id, u32) override { return group_id < 1000; }
    u32 seen_number(u32 id) override { return id; }
    u32 meant_number(u32 seen) override { return seen; }
    TtyDevice* current_terminal() override { return nullptr; }
    void hang_up(TtyDevice&) override {}
    void lose_terminal(TtyDevice&) override {}

    std::vector<std::pair<u32, u32>> signals;
    u32 group = 1;
    u32 session = 1;
    bool can_stop = true;
};

class Terminal {
public:
    Terminal()
    {
        device.set_client(&keyboard);
        device.session_id = 1;
        device.foreground_group = 1;
    }

    void type(std::string const& text)
    {
        machine.machine().console_input.push_back(text);
        device.poll_input();
    }
    // What a read that must not wait gives; "EAGAIN" and the like for errors.
    std::string read(usize size = 8192)
    {
        std::string target(size, '?');
        IoBuffer buffer = IoBuffer::kernel({reinterpret_cast<std::byte*>(target.data()), size});
        Result<usize> const got = device.read(buffer, true);
        if (got.is_error()) return "error " + std::to_string(static_cast<int>(got.error()));
        target.resize(buffer.moved());
        return target;
    }
    std::string write(std::string text)
    {
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        Result<usize> const put = device.write(buffer, true);
        if (put.is_error()) return "error " + std::to_string(static_cast<int>(put.error()));
        return screen();
    }
    // What was shown since the last look.
    std::string screen() { return std::exchange(machine.machine().console_output[1], ""); }
    // Types, and tells what the screen shows of it.
    std::string echo_of(std::string const& text)
    {
        screen();
        type(text);
        return screen();
    }
    template <typename T>
    Result<i64> control(u32 command, T& value)
    {
        // An address space of its own holds the argument.
        MapRequest request;
        request.length = kPageSize;
        request.rights = {true, true, false};
        UserAddr const page = MUST(space->map(request));
        MUST(space->write(page, value));
        Result<i64> result = device.ioctl({command, page.value, *space});
        if (result.is_ok()) value = MUST(space->read<T>(page));
        MUST(space->unmap(page, kPageSize));
        return result;
    }
    UserTermios settings()
    {
        UserTermios value;
        MUST(control(ioctls::kTcGets, value));
        return value;
    }
    void set(UserTermios value) { MUST(control(ioctls::kTcSets, value)); }

    FakePlatform machine{};
    FrameAllocator frames{machine, machine.layout()};
    Heap heap{frames};
    Scheduler scheduler{machine, frames};
    Vfs vfs{heap, frames, scheduler, 0};
    Ref<AddressSpace> space = AddressSpace::create(heap, frames, machine).take();
    Keyboard keyboard{};
    ConsoleTty device{vfs, machine};
};

}  // namespace drydock::test
