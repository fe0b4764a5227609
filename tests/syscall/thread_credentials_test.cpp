// What a thread has of its own beside the process: ids, groups, descriptors, places, host names.

#include "tests/syscall/caller.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/syscall.h>

namespace drydock {
namespace {

using test::Caller;

constexpr u64 kThreadFlags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

class TwoThreads : public testing::Test {
protected:
    TwoThreads() { second = make(kThreadFlags); }

    UserThread* make(u64 flags)
    {
        i64 const tid = caller.call(SYS_clone, {flags, Caller::kMemory + 4096});
        EXPECT_GT(tid, 0);
        return caller.system().processes.find_thread(static_cast<u32>(tid));
    }
    i64 call_by(UserThread* thread, u64 number, std::initializer_list<u64> arguments = {})
    {
        std::swap(caller.thread, thread);
        i64 const result = caller.call(number, arguments);
        std::swap(caller.thread, thread);
        return result;
    }
    i64 by_second(u64 number, std::initializer_list<u64> arguments = {})
    {
        return call_by(second, number, arguments);
    }

    Caller caller;
    UserThread* second = nullptr;
};

TEST_F(TwoThreads, ids_change_for_the_caller_alone)
{
    EXPECT_EQ(by_second(SYS_setresuid, {1, 2, 3}), 0);
    EXPECT_EQ(by_second(SYS_getuid), 1);
    EXPECT_EQ(by_second(SYS_geteuid), 2);
    EXPECT_EQ(caller.call(SYS_getuid), 0);
    EXPECT_EQ(caller.call(SYS_geteuid), 0);
    EXPECT_EQ(by_second(SYS_setuid, {0}), -EPERM);
    EXPECT_EQ(caller.process->credentials().uid, 0u);
    // Who is made has those of who makes it.
    UserThread* const third = make(kThreadFlags);
    EXPECT_EQ(third->credentials.uid, 0u);
    std::swap(caller.thread, second);
    UserThread* const fourth = make(kThreadFlags);
    std::swap(caller.thread, second);
    EXPECT_EQ(fourth->credentials.suid, 3u);
    EXPECT_EQ(fourth->credentials.capabilities.effective, 0u);
}

TEST_F(TwoThreads, groups_are_kept_when_memory_for_others_runs_out)
{
    u32 const groups[] = {5, 4};
    u64 const address = caller.put(groups, sizeof(groups));
    EXPECT_EQ(by_second(SYS_setgroups, {2, address}), 0);
    EXPECT_EQ(caller.call(SYS_getgroups, {0, 0}), 0);
    // The memory of the list itself: 65536 groups are more than the heap has ready.
    MapRequest request;
    request.address = {0x4000'0000};
    request.length = kMaximumGroups * sizeof(u32);
    request.rights = {true, true, false};
    request.fixed = true;
    MUST(caller.process->space->map(request));
    caller.machine.fail_allocation(0);
    EXPECT_EQ(by_second(SYS_setgroups, {kMaximumGroups, 0x4000'0000}), -ENOMEM);
    EXPECT_TRUE(caller.machine.has_failed());
    caller.machine.fail_nothing();
    EXPECT_EQ(by_second(SYS_getgroups, {2, address + 16}), 2);
    EXPECT_EQ(caller.value<u32>(address + 16), 4u);
    EXPECT_EQ(caller.value<u32>(address + 20), 5u);
    EXPECT_EQ(by_second(SYS_setgroups, {kMaximumGroups, 0x4000'0000}), 0);
    EXPECT_EQ(by_second(SYS_getgroups, {0, 0}), kMaximumGroups);
    EXPECT_EQ(by_second(SYS_setgroups, {kMaximumGroups + 1, 0x4000'0000}), -EINVAL);
}

TEST_F(TwoThreads, surroundings_part_for_the_caller_alone)
{
    EXPECT_EQ(second->files.get(), caller.thread->files.get());
    EXPECT_EQ(second->file_context.get(), caller.thread->file_context.get());
    EXPECT_EQ(by_second(SYS_unshare, {CLONE_THREAD}), -EINVAL);
    EXPECT_EQ(by_second(SYS_unshare, {CLONE_VM}), -EINVAL);
    EXPECT_EQ(by_second(SYS_unshare, {CLONE_FILES | CLONE_FS | CLONE_NEWUTS}), 0);
    EXPECT_NE(second->files.get(), caller.thread->files.get());
    EXPECT_NE(second->file_context.get(), caller.thread->file_context.get());
    EXPECT_EQ(by_second(SYS_sethostname, {caller.put("own"), 3}), 0);
    EXPECT_STREQ(names_of(*second).node, "own");
    EXPECT_STRNE(names_of(*caller.thread).node, "own");
    EXPECT_EQ(by_second(SYS_umask, {0777}), 022);
    EXPECT_EQ(caller.call(SYS_umask, {022}), 022);
}

TEST_F(TwoThreads, a_thread_is_not_made_beside_another_namespace_of_children)
{
    EXPECT_EQ(by_second(SYS_unshare, {CLONE_NEWPID}), 0);
    EXPECT_EQ(by_second(SYS_clone, {kThreadFlags, Caller::kMemory + 4096}), -EINVAL);
    EXPECT_GT(caller.call(SYS_clone, {kThreadFlags, Caller::kMemory + 4096}), 0);
    EXPECT_EQ(caller.call(SYS_clone, {kThreadFlags | CLONE_NEWPID, 4096}), -EINVAL);
}

}  // namespace
}  // namespace drydock
