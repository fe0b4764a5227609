// Calls that make descriptors and timers, while memory runs out at each place in turn: they say so,
// and leave nothing behind.

#include "tests/syscall/caller.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/syscall.h>

namespace drydock {
namespace {

using test::Caller;
using Attempt = i64 (*)(Caller& caller);

u64 settle(Caller& caller)
{
    caller.thread->files->close_all();
    caller.system().processes.delete_timers(*caller.process);
    caller.system().vfs.drop_cached_names();
    caller.system().heap.trim();
    return caller.system().heap.live_objects();
}

// Takes every place that the heap has left without another frame.
void exhaust(Caller& caller, std::vector<Buffer>& held)
{
    for (usize size = 16; size <= 2048; size += 16) {
        while (true) {
            caller.machine.fail_allocation(0);
            Result<Buffer> piece = Buffer::create(caller.system().heap, size);
            caller.machine.fail_nothing();
            if (piece.is_error()) break;
            held.push_back(piece.take());
        }
    }
}

void try_everywhere(Attempt attempt, i64 expected_error = -ENOMEM)
{
    Caller caller;
    // What is made once and stays is there from now on.
    EXPECT_GE(attempt(caller), 0);
    std::vector<Buffer> held;
    settle(caller);
    exhaust(caller, held);
    u64 const before = settle(caller);
    bool has_failed = true;
    u64 failures = 0;
    for (u64 place = 0; has_failed && place < 1000; ++place) {
        caller.machine.fail_allocation(place);
        i64 const result = attempt(caller);
        has_failed = caller.machine.has_failed();
        caller.machine.fail_nothing();
        if (has_failed && result < 0) {
            EXPECT_EQ(result, expected_error) << "allocation " << place;
            ++failures;
        }
        EXPECT_EQ(settle(caller), before) << "allocation " << place;
    }
    EXPECT_FALSE(has_failed);
    EXPECT_GT(failures, 0u);
}

TEST(allocation_failure, signalfd)
{
    try_everywhere([](Caller& caller) {
        u64 const mask = 1;
        return caller.call(SYS_signalfd4, {~u64{0}, caller.put(&mask, sizeof(mask)), 8, 0});
    });
}

TEST(allocation_failure, memfd_create)
{
    try_everywhere([](Caller& caller) {
        return caller.call(SYS_memfd_create, {caller.put(std::string(200, 'n')), 0});
    });
}

TEST(allocation_failure, pidfd_open)
{
    try_everywhere([](Caller& caller) { return caller.call(SYS_pidfd_open, {1, 0}); });
}

TEST(allocation_failure, timer_create)
{
    try_everywhere(
        [](Caller& caller) {
            return caller.call(SYS_timer_create, {1, 0, Caller::kMemory});
        },
        -EAGAIN);
}

TEST(allocation_failure, inotify_init)
{
    try_everywhere([](Caller& caller) { return caller.call(SYS_inotify_init1, {0}); });
}

TEST(allocation_failure, inotify_add_watch)
{
    try_everywhere([](Caller& caller) {
        i64 const queue = caller.call(SYS_inotify_init1, {0});
        if (queue < 0) return queue;
        return caller.call(SYS_inotify_add_watch,
                           {static_cast<u64>(queue), caller.put("/"), IN_ALL_EVENTS});
    });
}

TEST(allocation_failure, process_vm_readv)
{
    try_everywhere([](Caller& caller) {
        u64 const segment[2] = {Caller::kMemory + 4096, 8192};
        u64 const vector = caller.put(segment, sizeof(segment));
        return caller.call(SYS_process_vm_readv, {1, vector, 1, vector, 1, 0});
    });
}

}  // namespace
}  // namespace drydock
