#include "core/event/event_counter.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using namespace open_flags;
using namespace poll_events;

class EventCounterTest : public test::VfsTest {
protected:
    Ref<File> make(u64 initial, bool is_semaphore = false)
    {
        return MUST(EventCounter::create(*vfs, initial, is_semaphore, kNonBlock));
    }
    static Result<u64> read(File& file)
    {
        u64 value = 0;
        IoBuffer target = IoBuffer::kernel({reinterpret_cast<std::byte*>(&value), sizeof(value)});
        TRY(file.read(target));
        return value;
    }
    static Result<usize> write(File& file, u64 value)
    {
        IoBuffer source = IoBuffer::kernel({reinterpret_cast<std::byte*>(&value), sizeof(value)});
        return file.write(source);
    }
};

TEST_F(EventCounterTest, reading_takes_all_of_the_counter)
{
    Ref<File> const file = make(5);
    EXPECT_EQ(file->poll(nullptr), kIn | kOut);
    EXPECT_EQ(MUST(write(*file, 2)), 8u);
    EXPECT_EQ(MUST(read(*file)), 7u);
    EXPECT_EQ(file->poll(nullptr), kOut);
    EXPECT_EQ(read(*file).error(), Errno::Again);
}

TEST_F(EventCounterTest, a_semaphore_gives_one_at_a_time)
{
    Ref<File> const file = make(2, true);
    EXPECT_EQ(MUST(read(*file)), 1u);
    EXPECT_EQ(MUST(read(*file)), 1u);
    EXPECT_EQ(read(*file).error(), Errno::Again);
}

TEST_F(EventCounterTest, the_largest_value_is_one_below_the_largest_number)
{
    Ref<File> const file = make(0);
    EXPECT_EQ(write(*file, ~u64{0}).error(), Errno::Inval);
    EXPECT_EQ(MUST(write(*file, ~u64{0} - 1)), 8u);
    EXPECT_EQ(file->poll(nullptr), kIn);
    EXPECT_EQ(write(*file, 1).error(), Errno::Again);
    EXPECT_EQ(MUST(write(*file, 0)), 8u);
    EXPECT_EQ(MUST(read(*file)), ~u64{0} - 1);
}

TEST_F(EventCounterTest, fewer_than_eight_bytes_are_refused)
{
    Ref<File> const file = make(1);
    std::byte bytes[7] = {};
    IoBuffer small = IoBuffer::kernel({bytes, sizeof(bytes)});
    EXPECT_EQ(file->read(small).error(), Errno::Inval);
    EXPECT_EQ(file->write(small).error(), Errno::Inval);
    EXPECT_EQ(small.moved(), 0u);
}

TEST_F(EventCounterTest, without_memory_there_is_none)
{
    saturate_heap();
    for (u64 nth = 0;; ++nth) {
        machine.fail_allocation(nth);
        Result<Ref<File>> const file = EventCounter::create(*vfs, 0, false, 0);
        bool const has_failed = machine.has_failed();
        machine.fail_nothing();
        EXPECT_EQ(file.is_error(), has_failed);
        if (!has_failed) break;
        EXPECT_EQ(file.error(), Errno::NoMem);
    }
    release_fillers();
}

}  // namespace
}  // namespace drydock
