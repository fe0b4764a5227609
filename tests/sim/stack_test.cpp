// Kernel stacks: 16 384 bytes and not one more; what a crash of the kernel is reported as.

#include "sim/stack_notice.h"
#include "tests/sim/run_support.h"

#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

// A thread whose stack pointer is `depth` bytes below the top of its stack when it writes one byte
// there.
struct Toucher {
    Platform* platform = nullptr;
    KernelStack main{};
    KernelStack thread{};
    u64 depth = 0;
    bool is_done = false;
};

void touch(void* argument)
{
    Toucher& toucher = *static_cast<Toucher*>(argument);
    u64 const address = toucher.thread.base + kKernelStackSize - toucher.depth;
    asm volatile("movq %%rsp, %%rcx\n\t"
                 "movq %0, %%rsp\n\t"
                 "movb $1, (%%rsp)\n\t"
                 "movq %%rcx, %%rsp"
                 :
                 : "r"(address)
                 : "rcx", "memory");
    toucher.is_done = true;
    for (;;) toucher.platform->switch_stack(toucher.thread, toucher.main);
}

void start_toucher(Platform& platform, void* argument)
{
    Toucher& toucher = *static_cast<Toucher*>(argument);
    toucher.platform = &platform;
    PhysAddr const frames{16 * kMiB};
    if (!platform.prepare_stack(toucher.thread, frames, touch, &toucher)) return;
    platform.switch_stack(toucher.main, toucher.thread);
}

test::Finished touch_at(u64 depth, bool& is_done)
{
    Toucher toucher;
    toucher.depth = depth;
    test::Finished const finished = test::run_probe(start_toucher, &toucher);
    is_done = toucher.is_done;
    return finished;
}

TEST(kernel_stack, last_byte_can_be_used)
{
    bool is_done = false;
    test::Finished const finished = touch_at(kKernelStackSize, is_done);
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::Exited) << finished.outcome.summary;
    EXPECT_TRUE(is_done);
}

TEST(kernel_stack, one_byte_more_is_an_overflow)
{
    if (kSanitizerStackBytes > 0) GTEST_SKIP() << "stacks are larger in this build";
    bool is_done = true;
    test::Finished const finished = touch_at(kKernelStackSize + 1, is_done);
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::StackOverflow) << finished.outcome.summary;
    EXPECT_EQ(finished.outcome.exit_status, 125);
    EXPECT_FALSE(is_done);
    EXPECT_NE(finished.outcome.summary.find("touch"), std::string::npos)
        << finished.outcome.summary;
    EXPECT_NE(finished.outcome.report.find("call chain"), std::string::npos);
}

// As large as the pipe of the bug that began it all; touched at its far end first.
[[gnu::noinline]] void large_frame()
{
    char object[65 * 1024];
    object[0] = 1;
    asm volatile("" : : "r"(object) : "memory");  // The whole object is wanted.
}

TEST(kernel_stack, frame_larger_than_the_stack_is_not_stepped_over)
{
    if (kSanitizerStackBytes > 0) GTEST_SKIP() << "stacks are larger in this build";
    test::Finished const finished =
        test::run_probe([](Platform&, void*) { large_frame(); }, nullptr);
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::StackOverflow) << finished.outcome.summary;
    EXPECT_NE(finished.outcome.summary.find("large_frame"), std::string::npos)
        << finished.outcome.summary;
    EXPECT_NE(finished.outcome.report.find("large_frame"), std::string::npos)
        << finished.outcome.report;
}

TEST(kernel_stack, unguarded_overflow_goes_on_into_the_neighbour)
{
    if (kSanitizerStackBytes > 0) GTEST_SKIP() << "stacks are larger in this build";
    Toucher toucher;
    toucher.depth = kKernelStackSize + 1;
    test::Finished const finished = test::run_probe(start_toucher, &toucher, StackMode::Unguarded);
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::Exited) << finished.outcome.summary;
    EXPECT_TRUE(toucher.is_done);
}

TEST(kernel_crash, is_reported_with_registers_and_calls)
{
    test::Finished const finished = test::run_probe(
        [](Platform&, void* argument) { *static_cast<int volatile*>(argument) = 1; },
        reinterpret_cast<void*>(u64{0x10}));
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::KernelCrash);
    EXPECT_EQ(finished.outcome.exit_status, 125);
    EXPECT_NE(finished.outcome.summary.find("0x10"), std::string::npos) << finished.outcome.summary;
    EXPECT_NE(finished.outcome.report.find("rip"), std::string::npos);
}

TEST(kernel_crash, failed_assertion_is_reported)
{
    test::Finished const finished = test::run_probe(
        [](Platform& platform, void*) { ASSERT(platform.now() == 12345); }, nullptr);
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::AssertionFailed);
    EXPECT_NE(finished.outcome.summary.find("platform.now() == 12345"), std::string::npos);
    EXPECT_NE(finished.outcome.report.find("last events"), std::string::npos);
}

TEST(kernel_crash, kernel_without_end_is_stopped)
{
    test::Finished const finished = test::run_probe(
        [](Platform&, void*) {
            for (;;) asm volatile("");
        },
        nullptr);
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::KernelLoop) << finished.outcome.summary;
}

TEST(kernel_crash, next_simulation_is_unharmed)
{
    if (kSanitizerStackBytes > 0) GTEST_SKIP() << "stacks are larger in this build";
    for (int round = 0; round < 3; ++round) {
        test::run_probe([](Platform&, void*) { large_frame(); }, nullptr);
        test::Finished const finished = test::run_probe([](Platform&, void*) {}, nullptr);
        EXPECT_EQ(finished.outcome.kind, OutcomeKind::Exited);
    }
}

TEST(kernel_stacks, depth_is_measured_to_the_word)
{
    if (kSanitizerStackBytes > 0) GTEST_SKIP() << "stacks are larger in this build";
    KernelStacks stacks(StackMode::Guarded, slot_base(20) + kGuardedStacksOffset, nullptr);
    KernelStack stack;
    ASSERT_TRUE(stacks.prepare(stack, {}, touch, nullptr));
    u64 const top = stack.base + kKernelStackSize;
    stacks.measure(stack.base, top);
    EXPECT_EQ(stacks.measure(stack.base, top - 64), 64u);
    for (u64 depth = 72; depth <= kKernelStackSize; depth += 1000) {
        // As frames do: something in every stretch of 1 KiB.
        for (u64 at = 1000; at < depth; at += 1000)
            *reinterpret_cast<u64*>(top - 72 - (at & ~u64{7})) = 1;
        u64 const lowest = top - (depth & ~u64{7});
        *reinterpret_cast<u64*>(lowest) = 1;
        u64 const measured = stacks.measure(stack.base, top - 64);
        EXPECT_GE(measured, top - lowest);
        EXPECT_LE(measured, top - lowest + 72);
        EXPECT_EQ(stacks.measure(stack.base, top - 64), 64u) << "painted again";
    }
}

}  // namespace
}  // namespace drydock::sim
