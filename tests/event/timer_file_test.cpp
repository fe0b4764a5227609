#include "core/event/timer_file.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using namespace poll_events;

class TimerFileTest : public test::VfsTest {
protected:
    Ref<File> make(bool is_wall_clock = false)
    {
        return MUST(TimerFile::create(*vfs, is_wall_clock, open_flags::kNonBlock));
    }
    static TimerFile& timer(Ref<File> const& file) { return static_cast<TimerFile&>(*file); }
    void go_to(Ticks now)
    {
        machine.machine().now = now;
        scheduler->run_timers();
    }
    // 0: nothing to read.
    static u64 count(Ref<File> const& file)
    {
        u64 value = 0;
        IoBuffer target = IoBuffer::kernel({reinterpret_cast<std::byte*>(&value), sizeof(value)});
        Result<usize> const moved = file->read(target);
        EXPECT_TRUE(moved.is_ok() || moved.error() == Errno::Again);
        return value;
    }
};

TEST_F(TimerFileTest, a_single_time_runs_out_once)
{
    Ref<File> const file = make();
    timer(file).set({100, 0}, false);
    go_to(99);
    EXPECT_EQ(file->poll(nullptr), 0u);
    EXPECT_EQ(timer(file).left().first, 1u);
    go_to(100);
    EXPECT_EQ(file->poll(nullptr), kIn);
    EXPECT_EQ(timer(file).left().first, 0u);
    EXPECT_EQ(count(file), 1u);
    go_to(1000);
    EXPECT_EQ(count(file), 0u);
}

TEST_F(TimerFileTest, a_periodic_timer_counts_what_was_missed)
{
    Ref<File> const file = make();
    timer(file).set({100, 10}, false);
    go_to(100);
    // Nobody asks: nothing more happens.
    EXPECT_EQ(machine.machine().timer, kNever);
    go_to(135);
    EXPECT_EQ(count(file), 4u);
    EXPECT_EQ(timer(file).left().first, 5u);
    go_to(140);
    EXPECT_EQ(timer(file).left().interval, 10u);
    EXPECT_EQ(count(file), 1u);
}

TEST_F(TimerFileTest, a_new_setting_forgets_the_old)
{
    Ref<File> const file = make();
    timer(file).set({100, 10}, false);
    go_to(150);
    timer(file).set({0, 7}, false);
    EXPECT_EQ(file->poll(nullptr), 0u);
    go_to(500);
    EXPECT_EQ(count(file), 0u);
}

TEST_F(TimerFileTest, absolute_times_are_of_their_clock)
{
    go_to(1000);
    Ref<File> const file = make();
    timer(file).set({1500, 0}, true);
    EXPECT_EQ(timer(file).left().first, 500u);
    timer(file).set({900, 0}, true);
    EXPECT_EQ(count(file), 1u);
    Ref<File> const wall = make(true);
    i64 const now = 1000 + vfs->wall_clock_offset();
    timer(wall).set({static_cast<Ticks>(now) + 70, 0}, true);
    EXPECT_EQ(timer(wall).left().first, 70u);
    timer(wall).set({5, 0}, true);
    EXPECT_EQ(wall->poll(nullptr), kIn);
}

TEST_F(TimerFileTest, without_memory_there_is_none)
{
    saturate_heap();
    machine.fail_allocation(0);
    EXPECT_EQ(TimerFile::create(*vfs, false, 0).error(), Errno::NoMem);
    machine.fail_nothing();
    release_fillers();
}

}  // namespace
}  // namespace drydock
