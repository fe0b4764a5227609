#include "core/process/posix_timer.h"
#include "tests/process/process_fixture.h"

namespace drydock {
namespace {

class PosixTimerTest : public test::ProcessTest {
protected:
    ~PosixTimerTest() override { table().delete_timers(*process); }

    ProcessTable& table() { return parts().processes; }
    PosixTimer& make(PosixTimer::Settings const& settings)
    {
        u32 const id = process->next_timer_id++;
        Own<PosixTimer> timer = MUST(parts().heap.create<PosixTimer>(*process, id, settings));
        ++process->queued_signals;
        process->timers.push_back(*timer.get());
        return *timer.take_pointer();
    }
    PosixTimer& make() { return make(PosixTimer::Settings{}); }
    void block(Signal signal)
    {
        SignalSet set;
        set.add(signal);
        table().set_blocked(thread(), set);
    }
    void go_to(Ticks now)
    {
        machine.machine().now = now;
        parts().scheduler.run_timers();
    }
    // 0: no signal waits. Else the overruns that come with it, and one.
    u64 take()
    {
        SignalInfo info;
        if (!table().take_signal(thread(), ~u64{0}, info)) return 0;
        EXPECT_EQ(info.number, 14);
        EXPECT_EQ(info.code, kSiTimer);
        return (info.fields[0] >> 32) + 1;
    }
};

TEST_F(PosixTimerTest, a_single_time_makes_one_signal)
{
    block(Signal::Alrm);
    PosixTimer& timer = make();
    timer.set({100, 0}, false);
    go_to(99);
    EXPECT_EQ(timer.left().first, 1u);
    EXPECT_EQ(take(), 0u);
    go_to(100);
    EXPECT_EQ(timer.left().first, 0u);
    EXPECT_EQ(take(), 1u);
    go_to(1000);
    EXPECT_EQ(take(), 0u);
}

TEST_F(PosixTimerTest, a_periodic_timer_stands_still_while_its_signal_waits)
{
    block(Signal::Alrm);
    PosixTimer& timer = make();
    timer.set({100, 10}, false);
    go_to(100);
    EXPECT_EQ(machine.machine().timer, kNever);
    go_to(135);
    EXPECT_EQ(take(), 4u);
    EXPECT_EQ(timer.overruns(), 3);
    EXPECT_EQ(timer.left().first, 5u);
    go_to(140);
    EXPECT_EQ(take(), 1u);
    EXPECT_EQ(timer.overruns(), 0);
}

TEST_F(PosixTimerTest, a_new_setting_drops_the_signal_that_waits)
{
    block(Signal::Alrm);
    PosixTimer& timer = make();
    timer.set({10, 10}, false);
    go_to(10);
    EXPECT_TRUE(process->pending.has(Signal::Alrm));
    timer.set({0, 0}, false);
    EXPECT_FALSE(process->pending.has(Signal::Alrm));
    EXPECT_EQ(take(), 0u);
}

TEST_F(PosixTimerTest, an_ignored_signal_does_not_stop_a_periodic_timer)
{
    process->actions->of(Signal::Alrm).handler = kHandlerIgnore;
    PosixTimer& timer = make();
    timer.set({1, 1}, false);
    go_to(1);
    // But it rings no more often than a tick of the kernel.
    EXPECT_EQ(timer.left().first, 4'000'001u);
    block(Signal::Alrm);
    go_to(5'000'000);
    EXPECT_GT(take(), 0u);
}

TEST_F(PosixTimerTest, what_is_pending_becomes_ignored_and_the_timer_goes_on)
{
    block(Signal::Alrm);
    PosixTimer& timer = make();
    timer.set({10, 10'000'000}, false);
    go_to(10);
    table().discard_pending(*process, SignalSet::bit(Signal::Alrm));
    EXPECT_EQ(take(), 0u);
    EXPECT_EQ(timer.left().first, 10'000'000u);
    go_to(10'000'010);
    // As on Linux the time whose signal was dropped counts as an overrun.
    EXPECT_EQ(take(), 2u);
}

TEST_F(PosixTimerTest, a_silent_timer_only_counts)
{
    PosixTimer::Settings settings;
    settings.is_silent = true;
    PosixTimer& timer = make(settings);
    timer.set({10, 10}, false);
    EXPECT_EQ(machine.machine().timer, kNever);
    go_to(25);
    EXPECT_EQ(timer.left().first, 5u);
    timer.set({10, 0}, false);
    go_to(36);
    EXPECT_EQ(timer.left().first, 0u);
    EXPECT_EQ(take(), 0u);
}

TEST_F(PosixTimerTest, one_for_a_thread_that_is_gone_says_nothing)
{
    PosixTimer::Settings settings;
    settings.target_tid = 77;
    PosixTimer& timer = make(settings);
    timer.set({10, 0}, false);
    go_to(10);
    EXPECT_EQ(take(), 0u);
    EXPECT_EQ(process->pending.bits, 0u);
}

TEST_F(PosixTimerTest, deleted_timers_leave_no_signal)
{
    block(Signal::Alrm);
    make().set({10, 0}, false);
    make().set({10, 0}, false);
    go_to(10);
    PosixTimer& first = *process->timers.first();
    table().delete_timer(*process, first);
    EXPECT_TRUE(process->pending.has(Signal::Alrm));
    table().delete_timers(*process);
    EXPECT_FALSE(process->pending.has(Signal::Alrm));
    EXPECT_EQ(process->queued_signals, 0u);
}

}  // namespace
}  // namespace drydock
