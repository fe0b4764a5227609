#include "core/process/pid_namespace.h"
#include "tests/process/process_fixture.h"

namespace drydock {
namespace {

class PidNamespaceTest : public test::ProcessTest {
protected:
    Heap& heap() { return parts().heap; }
    Ref<PidNamespace> space(PidNamespace* around)
    {
        return MUST(PidNamespace::create(heap(), around, 1));
    }
    Result<Ref<TaskNumber>> number(PidNamespace& space,
                                   u32 system_number,
                                   Span<u32 const> wanted = {})
    {
        return TaskNumber::create(heap(), space, system_number, wanted);
    }
};

TEST_F(PidNamespaceTest, a_task_has_a_number_in_each_namespace_around_it)
{
    Ref<PidNamespace> const outer = space(nullptr);
    Ref<TaskNumber> const first = MUST(number(*outer, 100));
    Ref<PidNamespace> const inner = space(outer.get());
    Ref<TaskNumber> const second = MUST(number(*inner, 101));
    EXPECT_EQ(outer->number_of(100), 1u);
    EXPECT_EQ(outer->number_of(101), 2u);
    EXPECT_EQ(inner->number_of(101), 1u);
    EXPECT_EQ(inner->number_of(100), 0u);
    EXPECT_EQ(inner->system_number_of(1), 101u);
    EXPECT_EQ(outer->system_number_of(2), 101u);
    EXPECT_EQ(outer->system_number_of(3), 0u);
    EXPECT_EQ(second->number(), 1u);
    EXPECT_EQ(outer->find(101), second.get());
    EXPECT_TRUE(outer->contains(inner.get()));
    EXPECT_FALSE(inner->contains(outer.get()));
    EXPECT_FALSE(inner->contains(nullptr));
}

TEST_F(PidNamespaceTest, a_number_is_free_again_when_nobody_goes_by_it)
{
    Ref<PidNamespace> const outer = space(nullptr);
    {
        Ref<TaskNumber> const gone = MUST(number(*outer, 100));
        EXPECT_EQ(outer->system_number_of(1), 100u);
    }
    EXPECT_EQ(outer->system_number_of(1), 0u);
    EXPECT_EQ(outer->find(100), nullptr);
    // It is not given again at once.
    EXPECT_EQ(MUST(number(*outer, 101))->number(), 2u);
}

TEST_F(PidNamespaceTest, numbers_wrap_past_those_in_use_and_run_out)
{
    Ref<PidNamespace> const outer = space(nullptr);
    std::vector<Ref<TaskNumber>> taken;
    for (u32 i = 1; i < kMaximumPid; ++i) taken.push_back(MUST(number(*outer, i)));
    EXPECT_EQ(taken.back()->number(), kMaximumPid - 1);
    EXPECT_EQ(number(*outer, 40000).error(), Errno::Again);
    // Below the 300 that are kept none is taken, however free (RESERVED_PIDS).
    taken[4].reset();
    EXPECT_EQ(number(*outer, 40000).error(), Errno::Again);
    taken[499].reset();
    EXPECT_EQ(MUST(number(*outer, 40000))->number(), 500u);
}

TEST_F(PidNamespaceTest, wanted_numbers_are_taken_innermost_first)
{
    Ref<PidNamespace> const outer = space(nullptr);
    Ref<PidNamespace> const inner = space(outer.get());
    u32 const wanted[] = {1, 1};
    Ref<TaskNumber> const made = MUST(number(*inner, 100, {wanted, 2}));
    EXPECT_EQ(inner->number_of(100), 1u);
    EXPECT_EQ(outer->number_of(100), 1u);
    EXPECT_EQ(number(*outer, 101, {wanted, 1}).error(), Errno::Exist);
    // Before there is a process 1 no other number can be chosen.
    u32 const later = 5;
    EXPECT_EQ(number(*outer, 101, {&later, 1}).error(), Errno::Inval);
    // What was taken further in before it failed is free again.
    u32 const half[] = {1, 1};
    Ref<PidNamespace> const other = space(outer.get());
    EXPECT_EQ(number(*other, 102, {half, 2}).error(), Errno::Exist);
    EXPECT_EQ(other->system_number_of(1), 0u);
}

TEST_F(PidNamespaceTest, nothing_begins_in_one_that_has_ended)
{
    Ref<PidNamespace> const outer = space(nullptr);
    outer->has_ended = true;
    EXPECT_EQ(number(*outer, 100).error(), Errno::NoMem);
}

TEST_F(PidNamespaceTest, they_are_32_deep_at_most_and_leave_nothing_behind)
{
    u64 const before = heap().live_objects();
    {
        Ref<PidNamespace> at;
        for (u32 depth = 1; depth <= kMaximumPidLevel; ++depth) {
            at = space(at.get());
            EXPECT_EQ(at->level(), depth);
        }
        EXPECT_EQ(PidNamespace::create(heap(), at.get(), 1).error(), Errno::NoSpc);
        Ref<TaskNumber> const deepest = MUST(number(*at, 100));
        EXPECT_EQ(deepest->number(), 1u);
    }
    EXPECT_EQ(heap().live_objects(), before);
}

TEST_F(PidNamespaceTest, an_init_takes_sigkill_from_outside_only)
{
    Ref<PidNamespace> const outer = space(nullptr);
    process->take_number(MUST(number(*outer, process->pid())));
    process->is_unkillable = true;
    ProcessTable& table = parts().processes;
    // Its own process: inside of the namespace. With no thread running the sender is the kernel.
    table.send_to_process(*process, SignalInfo::from_user(Signal::Term, kSiUser, 1, 0));
    EXPECT_FALSE(process->pending.has(Signal::Term));
    table.send_to_process(*process, SignalInfo::from_kernel(Signal::Kill));
    EXPECT_TRUE(process->pending.has(Signal::Kill));
    table.discard_pending(*process, ~u64{0});
    process->drop_number();
}

}  // namespace
}  // namespace drydock
