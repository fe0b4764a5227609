// futex(2): the kinds that inherit priorities are refused as by a Linux without CONFIG_FUTEX_PI,
// after what it looks at first.

#include "tests/syscall/caller.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

namespace drydock {
namespace {

using test::Caller;

constexpr u64 kLockPi2 = 13;
constexpr u64 kOfPriorities[] = {FUTEX_LOCK_PI,
                                 FUTEX_UNLOCK_PI,
                                 FUTEX_TRYLOCK_PI,
                                 FUTEX_WAIT_REQUEUE_PI,
                                 FUTEX_CMP_REQUEUE_PI,
                                 kLockPi2};
constexpr u64 kWithTimeout[] = {FUTEX_LOCK_PI, FUTEX_WAIT_REQUEUE_PI, kLockPi2};

TEST(futex_kinds, those_that_inherit_priorities_are_missing_whatever_the_arguments)
{
    Caller caller;
    u64 const words[] = {0, 1, 3, Caller::kMemory, ~u64{0}};
    for (u64 const kind : kOfPriorities) {
        for (u64 const flags : {u64{0}, u64{FUTEX_PRIVATE_FLAG}}) {
            for (u64 const word : words) {
                for (u64 const value : {u64{0}, u64{1}, u64{0x7fffffff}}) {
                    EXPECT_EQ(caller.call(SYS_futex, {word, kind | flags, value, 0, word, value}),
                              -ENOSYS);
                }
            }
        }
        EXPECT_EQ(caller.call(SYS_futex, {0, kind | FUTEX_CLOCK_REALTIME, 0, 0, 0, 0}), -ENOSYS);
    }
}

TEST(futex_kinds, a_timeout_is_looked_at_first)
{
    Caller caller;
    timespec const wrong{0, 1'000'000'000};
    timespec const right{0, 1};
    u64 const bad = caller.put(&wrong, sizeof(wrong));
    u64 const good = caller.put(&right, sizeof(right), 64);
    for (u64 const kind : kWithTimeout) {
        EXPECT_EQ(caller.call(SYS_futex, {0, kind, 0, 8, 0, 0}), -EFAULT);
        EXPECT_EQ(caller.call(SYS_futex, {0, kind, 0, bad, 0, 0}), -EINVAL);
        EXPECT_EQ(caller.call(SYS_futex, {0, kind, 0, good, 0, 0}), -ENOSYS);
    }
    // A span goes with no clock.
    u64 const wait = FUTEX_WAIT | FUTEX_CLOCK_REALTIME;
    EXPECT_EQ(caller.call(SYS_futex, {Caller::kMemory, wait, 0, bad, 0, 0}), -EINVAL);
    EXPECT_EQ(caller.call(SYS_futex, {Caller::kMemory, wait, 0, good, 0, 0}), -ENOSYS);
    for (u64 const kind : {u64{FUTEX_UNLOCK_PI}, u64{FUTEX_TRYLOCK_PI}}) {
        EXPECT_EQ(caller.call(SYS_futex, {0, kind, 0, 8, 0, 0}), -ENOSYS);
    }
}

TEST(futex_kinds, negative_counts_are_looked_at_first)
{
    Caller caller;
    u64 const minus = 0xffff'ffff;
    EXPECT_EQ(caller.call(SYS_futex, {0, FUTEX_CMP_REQUEUE_PI, minus, 0, 0, 0}), -EINVAL);
    EXPECT_EQ(caller.call(SYS_futex, {0, FUTEX_CMP_REQUEUE_PI, 0, minus, 0, 0}), -EINVAL);
}

}  // namespace
}  // namespace drydock
