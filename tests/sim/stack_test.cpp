// Kernel stacks: 16 384 bytes and not one more; what a crash of the kernel is reported as.

#include "sim/stack_notice.h"
#include "tests/sim/run_support.h"

#include <gtest/gtest.h>
#include <map>

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

// What the thread on the stack of a test does: uses this many bytes of it, above which 64 are
// alive.
constexpr u64 kAlive = 64;

void use(KernelStack const& stack, u64 depth)
{
    u64 const top = stack.base + kKernelStackSize;
    // As frames do: something in every stretch of 1 KiB.
    for (u64 at = kAlive + 8; at < depth; at += 1000) *reinterpret_cast<u64*>(top - at) = 1;
    *reinterpret_cast<u64*>(top - depth) = 1;
}

class MeasuredStacks : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (kSanitizerStackBytes > 0) GTEST_SKIP() << "stacks are larger in this build";
        ASSERT_TRUE(stacks_.prepare(stack_, {}, touch, nullptr));
    }
    void saw(u32 what, u64 bytes) { deepest_[what] = std::max(deepest_[what], bytes); }
    // As the machine does at the return from user code.
    void begin(u32 what, StackMeasuring when = StackMeasuring::LastOfEqual)
    {
        if (!stacks_.begin(stack_.private_data, what, when)) return;
        u64 const live = stack_.base + kKernelStackSize - kAlive;
        saw(stacks_.finished(stack_.private_data), stacks_.measure(stack_.base, live));
    }
    void work(u32 what, u64 depth)
    {
        begin(what);
        use(stack_, depth);
        stacks_.finish(stack_.private_data);
    }
    void measure_finished()
    {
        stacks_.measure_finished([this](u32 what, u64 bytes) { saw(what, bytes); });
    }
    void release()
    {
        u32 const what = stacks_.unmeasured(stack_.private_data);
        saw(what, stacks_.release(stack_));
    }

    KernelStacks stacks_{StackMode::Guarded, slot_base(20) + kGuardedStacksOffset, nullptr};
    KernelStack stack_;
    std::map<u32, u64> deepest_;
};

TEST_F(MeasuredStacks, the_deepest_of_equal_activities_counts)
{
    work(1, 200);
    work(1, 5000);
    work(1, 304);
    EXPECT_EQ(deepest_.count(1), 0u);
    work(2, 800);
    EXPECT_EQ(deepest_[1], 5000u);
    work(1, 400);
    EXPECT_EQ(deepest_[2], 800u) << "painted again";
}

TEST_F(MeasuredStacks, each_is_measured_on_request)
{
    work(1, 5000);
    begin(1, StackMeasuring::Each);
    EXPECT_EQ(deepest_[1], 5000u);
    use(stack_, 304);
    stacks_.finish(stack_.private_data);
    deepest_.clear();
    begin(1, StackMeasuring::Each);
    EXPECT_EQ(deepest_[1], 304u) << "painted again";
}

TEST_F(MeasuredStacks, the_end_of_a_run_measures_what_has_finished)
{
    KernelStack other;
    ASSERT_TRUE(stacks_.prepare(other, {}, touch, nullptr));
    work(1, 304);
    work(2, 808);
    begin(2);
    use(stack_, 400);
    measure_finished();
    EXPECT_EQ(deepest_, (std::map<u32, u64>{{1, 304}, {2, 808}}));
    begin(3);
    use(stack_, 4000);
    measure_finished();
    EXPECT_EQ(deepest_.count(3), 0u) << "it is not over";
}

TEST_F(MeasuredStacks, a_stack_that_is_given_back_is_measured)
{
    work(1, 304);
    begin(60);
    use(stack_, 1200);
    release();
    EXPECT_EQ(deepest_[1], 304u);
    EXPECT_EQ(deepest_[60], 1200u);
    ASSERT_TRUE(stacks_.prepare(stack_, {}, touch, nullptr));
    work(61, 1304);
    release();
    EXPECT_EQ(deepest_[61], 1304u);
    // The next owner starts afresh.
    deepest_.clear();
    ASSERT_TRUE(stacks_.prepare(stack_, {}, touch, nullptr));
    measure_finished();
    use(stack_, 200);
    release();
    EXPECT_EQ(deepest_, (std::map<u32, u64>{{kDoingStart, 200}}));
}

// Measuring late gives what measuring after each activity would.
TEST_F(MeasuredStacks, random_activities)
{
    u64 state = 1;
    auto const below = [&state](u64 limit) {
        state = state * 6364136223846793005 + 1442695040888963407;
        return (state >> 33) % limit;
    };
    for (unsigned round = 0; round < 2000; ++round) {
        std::map<u32, u64> expected;
        u32 what = 0;
        for (u64 left = 1 + below(30); left > 0; --left) {
            what = static_cast<u32>(below(4));
            u64 const reach = below(kKernelStackSize / 8 - 16);
            u64 const depth = 80 + 8 * (reach >> below(12));
            work(what, depth);
            expected[what] = std::max(expected[what], depth);
        }
        if (below(2) == 0) measure_finished();
        begin(what);  // Until it is given back.
        release();
        ASSERT_EQ(deepest_, expected) << round;
        deepest_.clear();
        ASSERT_TRUE(stacks_.prepare(stack_, {}, touch, nullptr));
    }
}

}  // namespace
}  // namespace drydock::sim
