// What `drydock diff` compares, with events made by hand.

#include "sim/diff/call_steps.h"
#include "sim/diff/diff.h"

#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>
#include <sys/syscall.h>

namespace drydock::sim {
namespace {

using Kind = CallEvent::Kind;

// One side's events as they come. Numbers of tasks are moved by `shift`, addresses by `base`.
class Side {
public:
    Side(char const* name, u32 shift, u64 base)
        : run_{name, CallLog(shift)}, shift_(shift), base_(base)
    {}

    u64 address(u64 offset) const { return base_ + offset; }
    u64 task(u64 number) const { return number + shift_; }

    Side& call(u32 tid,
               long number,
               std::initializer_list<u64> arguments,
               i64 result,
               char const* text = "")
    {
        enter(tid, number, arguments, text);
        return leave(tid, number, result);
    }
    Side& enter(u32 tid, long number, std::initializer_list<u64> arguments, char const* text = "")
    {
        CallEvent event = make(Kind::Enter, tid, static_cast<u64>(number), 0);
        usize at = 0;
        for (u64 const value : arguments) event.arguments[at++] = value;
        strncpy(event.text, text, sizeof(event.text) - 1);
        run_.log.add(event);
        return *this;
    }
    Side& leave(u32 tid, long number, i64 result)
    {
        run_.log.add(make(Kind::Exit, tid, static_cast<u64>(number), static_cast<u64>(result)));
        return *this;
    }
    Side& fork(u32 parent, u32 child, bool is_thread = false)
    {
        run_.log.add(make(Kind::Fork, parent, task(child), is_thread ? 1 : 0));
        return *this;
    }
    Side& handler(u32 tid, u32 signal)
    {
        run_.log.add(make(Kind::Handler, tid, signal, 0));
        return *this;
    }
    Side& end(u32 tid, u32 status)
    {
        run_.log.add(make(Kind::End, tid, status, 0));
        return *this;
    }
    Side& exit(u32 tid, u64 status)
    {
        return enter(tid, SYS_exit_group, {status}).end(tid, static_cast<u32>(status << 8));
    }
    ProgramRun& run() { return run_; }

private:
    CallEvent make(Kind kind, u32 tid, u64 a, u64 b) const
    {
        CallEvent event;
        event.kind = kind;
        event.tid = static_cast<u32>(task(tid));
        event.a = a;
        event.b = b;
        return event;
    }

    ProgramRun run_;
    u32 shift_;
    u64 base_;
};

// The same program on a side with numbers from 2 on and on one with numbers from 1 on.
class DiffTest : public testing::Test {
protected:
    std::string difference() { return describe_differences(left.run(), right.run(), 8); }
    void expect_equal() { EXPECT_EQ(difference(), ""); }
    void expect_difference(char const* text)
    {
        EXPECT_NE(difference().find(text), std::string::npos) << difference();
    }
    template <typename Function>
    void both(Function const& function)
    {
        function(left);
        function(right);
    }

    Side left{"linux", 1, 0x7fff'0000'0000};
    Side right{"simulator", 0, 0x7000'0000'0000};
};

TEST_F(DiffTest, same_calls_are_equal)
{
    both([](Side& side) { side.call(1, SYS_read, {3, side.address(0), 10}, 5).exit(1, 0); });
    expect_equal();
}

TEST_F(DiffTest, another_result_differs)
{
    left.call(1, SYS_read, {3, 1, 10}, 5).exit(1, 0);
    right.call(1, SYS_read, {3, 1, 10}, -EBADF).exit(1, 0);
    expect_difference("read(0x3, 0x1, 0xa) = error 9 (EBADF)");
}

TEST_F(DiffTest, another_call_argument_or_path_differs)
{
    both([](Side& side) { side.call(1, SYS_getuid, {}, 0); });
    expect_equal();
    left.call(1, SYS_open, {1, 2, 0}, 3, "/a");
    right.call(1, SYS_open, {1, 1, 0}, 3, "/a");
    expect_difference("the system calls of task 1 differ");
}

TEST_F(DiffTest, another_path_differs)
{
    left.call(1, SYS_open, {1, 2, 0}, 3, "/a");
    right.call(1, SYS_open, {1, 2, 0}, 3, "/b");
    expect_difference("open(\"/b\"");
}

TEST_F(DiffTest, names_that_are_made_up_are_the_same)
{
    left.call(1, SYS_mkdir, {1, 0700}, 0, "/tmp/f.aBcD12/x").exit(1, 0);
    right.call(1, SYS_mkdir, {1, 0700}, 0, "/tmp/f.aXyZ34/x").exit(1, 0);
    expect_equal();
}

TEST_F(DiffTest, calls_that_one_side_has_more_differ)
{
    both([](Side& side) { side.call(1, SYS_getuid, {}, 0); });
    right.call(1, SYS_getgid, {}, 0);
    both([](Side& side) { side.exit(1, 0); });
    expect_difference("getgid");
}

TEST_F(DiffTest, numbers_of_tasks_are_places_in_the_tree)
{
    both([](Side& side) {
        side.call(1, SYS_getpid, {}, static_cast<i64>(side.task(1)));
        side.enter(1, SYS_fork, {}).fork(1, 2).leave(1, SYS_fork, static_cast<i64>(side.task(2)));
        side.call(1, SYS_kill, {side.task(2), 0}, 0)
            .call(1, SYS_kill, {0 - side.task(2), 0}, -ESRCH);
        side.call(2, SYS_getppid, {}, static_cast<i64>(side.task(1))).exit(2, 3).exit(1, 0);
    });
    expect_equal();
    EXPECT_EQ(left.run().log.tasks()[1].position, "1.1");
}

TEST_F(DiffTest, another_task_differs)
{
    both([](Side& side) {
        side.enter(1, SYS_fork, {}).fork(1, 2).leave(1, SYS_fork, static_cast<i64>(side.task(2)));
        side.enter(1, SYS_fork, {}).fork(1, 3).leave(1, SYS_fork, static_cast<i64>(side.task(3)));
    });
    left.call(1, SYS_getpgid, {0}, static_cast<i64>(left.task(2)));
    right.call(1, SYS_getpgid, {0}, static_cast<i64>(right.task(3)));
    expect_difference("getpgid");
}

TEST_F(DiffTest, the_parent_outside_is_the_same)
{
    both([](Side& side) { side.call(1, SYS_getppid, {}, static_cast<i64>(side.task(0))); });
    expect_equal();
}

TEST_F(DiffTest, addresses_only_have_to_be_there)
{
    both([](Side& side) {
        side.call(1, SYS_mmap, {0, 4096, 3, 0x22, ~u64{0}, 0}, static_cast<i64>(side.address(0)));
    });
    expect_equal();
    both([](Side& side) { side.call(1, SYS_munmap, {side.address(0), 4096}, 0); });
    expect_equal();
    left.call(1, SYS_munmap, {0, 4096}, 0);
    right.call(1, SYS_munmap, {16, 4096}, 0);
    expect_difference("munmap");
}

TEST_F(DiffTest, an_address_that_was_asked_for_counts)
{
    left.call(1, SYS_mmap, {0x10000, 4096, 3, 0x22, ~u64{0}, 0}, 0x10000);
    right.call(1, SYS_mmap, {0x10000, 4096, 3, 0x22, ~u64{0}, 0}, 0x20000);
    expect_difference("mmap");
}

TEST_F(DiffTest, the_heap_counts_from_its_first_end)
{
    both([](Side& side) {
        side.call(1, SYS_brk, {0}, static_cast<i64>(side.address(0)));
        side.call(1, SYS_brk, {side.address(8192)}, static_cast<i64>(side.address(8192)));
    });
    expect_equal();
    left.call(1, SYS_brk, {left.address(9000)}, static_cast<i64>(left.address(9000)));
    right.call(1, SYS_brk, {right.address(9000)}, static_cast<i64>(right.address(8192)));
    expect_difference("brk");
}

TEST_F(DiffTest, one_task_alone_reads_what_it_reads)
{
    left.call(1, SYS_read, {0, 1, 10}, 5).call(1, SYS_read, {0, 1, 10}, 5).exit(1, 0);
    right.call(1, SYS_read, {0, 1, 10}, 10).exit(1, 0);
    expect_difference("read");
}

void read_in_pieces(Side& side, std::initializer_list<int> pieces)
{
    side.enter(1, SYS_fork, {}).fork(1, 2).leave(1, SYS_fork, static_cast<i64>(side.task(2)));
    for (int const piece : pieces) {
        side.call(1, SYS_read, {3, 1, 100}, piece);
        side.call(1, SYS_write, {1, 1, static_cast<u64>(piece)}, piece);
    }
}

TEST_F(DiffTest, pieces_of_a_stream_are_added_up)
{
    read_in_pieces(left, {5, 5, 7});
    read_in_pieces(right, {10, 7});
    both([](Side& side) {
        side.call(1, SYS_read, {3, 1, 100}, 0).call(1, SYS_close, {3}, 0).exit(1, 0);
    });
    expect_equal();
}

TEST_F(DiffTest, another_sum_differs)
{
    read_in_pieces(left, {5, 5, 7});
    read_in_pieces(right, {10, 6});
    both([](Side& side) { side.exit(1, 0); });
    expect_difference("(through descriptor 3 until here: 16 bytes in)");
}

TEST_F(DiffTest, how_much_was_written_before_nobody_read_is_times)
{
    read_in_pieces(left, {5});
    read_in_pieces(right, {5});
    left.call(1, SYS_write, {1, 1, 10}, 10);
    both([](Side& side) { side.call(1, SYS_write, {1, 1, 10}, -EPIPE).exit(1, 0); });
    expect_equal();
}

TEST_F(DiffTest, a_descriptor_that_is_replaced_ends_its_sum)
{
    read_in_pieces(left, {5});
    read_in_pieces(right, {4});
    both([](Side& side) { side.call(1, SYS_dup2, {7, 3}, 3); });
    expect_difference("until here: 4 bytes in");
}

TEST_F(DiffTest, which_child_ended_first_is_times)
{
    both([](Side& side) {
        side.enter(1, SYS_fork, {}).fork(1, 2).leave(1, SYS_fork, static_cast<i64>(side.task(2)));
        side.enter(1, SYS_fork, {}).fork(1, 3).leave(1, SYS_fork, static_cast<i64>(side.task(3)));
    });
    left.call(1, SYS_wait4, {~u64{0}, 1, 1, 0}, 0);
    left.call(1, SYS_wait4, {~u64{0}, 1, 0, 0}, static_cast<i64>(left.task(2)));
    right.call(1, SYS_wait4, {~u64{0}, 1, 0, 0}, static_cast<i64>(right.task(3)));
    expect_equal();
    left.call(1, SYS_wait4, {left.task(2), 1, 1, 0}, 0);
    expect_equal();
    left.call(1, SYS_wait4, {left.task(3), 1, 0, 0}, static_cast<i64>(left.task(3)));
    right.call(1, SYS_wait4, {right.task(3), 1, 0, 0}, -ECHILD);
    both([](Side& side) { side.exit(1, 0); });
    expect_difference("ECHILD");
}

TEST_F(DiffTest, interrupted_calls_are_left_out)
{
    left.call(1, SYS_nanosleep, {1, 1}, -516).call(1, SYS_restart_syscall, {}, 0).exit(1, 0);
    right.call(1, SYS_nanosleep, {1, 1}, 0).exit(1, 0);
    expect_equal();
}

TEST_F(DiffTest, an_interruption_that_only_one_side_reports_differs)
{
    left.call(1, SYS_pause, {}, -EINTR).exit(1, 0);
    right.call(1, SYS_pause, {}, 0).exit(1, 0);
    expect_difference("pause() = 0");
}

TEST_F(DiffTest, handlers_run_between_any_calls)
{
    auto const run_handler = [](Side& side) {
        side.handler(1, 10).call(1, SYS_write, {1, 1, 1}, 1).call(1, SYS_rt_sigreturn, {}, 0);
    };
    run_handler(left);
    both([](Side& side) { side.call(1, SYS_getuid, {}, 0).call(1, SYS_getgid, {}, 0); });
    run_handler(right);
    both([](Side& side) { side.exit(1, 0); });
    expect_equal();
}

TEST_F(DiffTest, what_a_handler_does_is_compared)
{
    left.handler(1, 10).call(1, SYS_write, {1, 1, 1}, 1).call(1, SYS_rt_sigreturn, {}, 0);
    right.handler(1, 10).call(1, SYS_write, {1, 1, 1}, -EBADF).call(1, SYS_rt_sigreturn, {}, 0);
    expect_difference("in the handler of signal 10");
}

TEST_F(DiffTest, a_killed_tasks_calls_may_end_anywhere)
{
    left.call(1, SYS_getuid, {}, 0).call(1, SYS_getgid, {}, 0).end(1, 15);
    right.call(1, SYS_getuid, {}, 0).end(1, 15);
    expect_equal();
}

TEST_F(DiffTest, ends_of_processes_are_compared)
{
    left.end(1, 15);
    right.end(1, 9);
    expect_difference("the end of process 1 differs: linux 0xf, simulator 0x9");
}

TEST_F(DiffTest, clocks_may_be_read_without_a_call)
{
    left.call(1, SYS_clock_gettime, {1, 1}, 0).exit(1, 0);
    right.exit(1, 0);
    expect_equal();
}

TEST_F(DiffTest, output_is_compared_but_for_numbers_of_the_same_task)
{
    both([](Side& side) {
        side.fork(1, 11).call(1, SYS_getuid, {}, 0);
        side.run().output = "shell " + std::to_string(side.task(1)) + ", child " +
                            std::to_string(side.task(11)) + "\n";
    });
    expect_equal();
    right.run().output = "shell 1, child 13\n";
    expect_difference("standard output differs in line 1");
}

TEST_F(DiffTest, a_side_that_failed_is_a_difference)
{
    right.run().failure = "no progress";
    expect_difference("simulator: no progress");
}

TEST(diff_text, numbers_of_no_task_must_be_equal)
{
    CallLog const empty(0);
    EXPECT_TRUE(is_same_text(empty, "a 12 b", empty, "a 12 b"));
    EXPECT_FALSE(is_same_text(empty, "a 12 b", empty, "a 13 b"));
    EXPECT_FALSE(is_same_text(empty, "a 12", empty, "a 12 b"));
    EXPECT_FALSE(is_same_text(empty, "a", empty, ""));
}

}  // namespace
}  // namespace drydock::sim
