#include "core/event/epoll.h"
#include "core/event/event_counter.h"
#include "core/pipe/pipe.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using test::kOk;
using namespace poll_events;

class EpollTest : public test::VfsTest {
protected:
    struct Set {
        Ref<File> file{};
        Epoll* operator->() const { return static_cast<Epoll*>(file.get()); }
        bool is_ready() const { return file->poll(nullptr) != 0; }
    };
    Set make_set() { return {MUST(Epoll::create(*vfs))}; }
    Ref<File> counter(u64 value = 0)
    {
        return MUST(EventCounter::create(*vfs, value, false, open_flags::kNonBlock));
    }
    static UserEpollEvent event(u32 events, u64 data = 0)
    {
        UserEpollEvent result;
        result.events = events;
        result.data = data;
        return result;
    }
    static Errno add(Set const& set, File& file, u32 descriptor, u32 events = kIn)
    {
        return error_of(set->add(file, descriptor, event(events)));
    }
    static void write(File& file, u64 value)
    {
        IoBuffer source = IoBuffer::kernel({reinterpret_cast<std::byte*>(&value), sizeof(value)});
        MUST(file.write(source));
    }
};

TEST_F(EpollTest, a_change_of_a_file_makes_the_set_ready)
{
    Set const set = make_set();
    Ref<File> const file = counter();
    ASSERT_EQ(add(set, *file, 3), kOk);
    EXPECT_FALSE(set.is_ready());
    write(*file, 1);
    EXPECT_TRUE(set.is_ready());
    ASSERT_EQ(error_of(set->modify(*file, 3, event(kPri))), kOk);
    EXPECT_FALSE(set.is_ready());
}

TEST_F(EpollTest, a_file_is_in_the_set_once_per_descriptor)
{
    Set const set = make_set();
    Ref<File> const file = counter();
    EXPECT_EQ(add(set, *file, 3), kOk);
    EXPECT_EQ(add(set, *file, 3), Errno::Exist);
    EXPECT_EQ(add(set, *file, 4), kOk);
    Ref<File> const other = counter();
    EXPECT_EQ(add(set, *other, 3), kOk);
    EXPECT_EQ(set->size(), 3u);
    EXPECT_EQ(error_of(set->remove(*file, 5)), Errno::NoEnt);
    EXPECT_EQ(error_of(set->remove(*file, 3)), kOk);
    EXPECT_EQ(error_of(set->modify(*file, 3, event(kIn))), Errno::NoEnt);
    EXPECT_EQ(set->size(), 2u);
}

TEST_F(EpollTest, a_file_leaves_the_set_at_its_end)
{
    Set const set = make_set();
    Ref<File> file = counter(1);
    ASSERT_EQ(add(set, *file, 3), kOk);
    ASSERT_EQ(add(set, *file, 4), kOk);
    EXPECT_TRUE(set.is_ready());
    file.reset();
    EXPECT_EQ(set->size(), 0u);
    EXPECT_FALSE(set.is_ready());
}

TEST_F(EpollTest, a_set_leaves_its_files_at_its_end)
{
    Ref<File> const file = counter();
    PipeEnds const ends = MUST(create_pipe(*vfs, 0, credentials));
    {
        Set const set = make_set();
        ASSERT_EQ(add(set, *file, 3), kOk);
        ASSERT_EQ(add(set, *ends.reader, 4), kOk);
        ASSERT_EQ(add(set, *ends.writer, 5), kOk);
    }
    // Nobody hears of it.
    write(*file, 1);
    EXPECT_EQ(MUST(write_to(*ends.writer, "x")), 1u);
}

TEST_F(EpollTest, the_table_of_descriptors_grows)
{
    Set const set = make_set();
    std::vector<Ref<File>> files;
    for (u32 i = 0; i < 500; ++i) {
        files.push_back(counter());
        ASSERT_EQ(add(set, *files.back(), i), kOk);
    }
    for (u32 i = 0; i < 500; i += 2) ASSERT_EQ(error_of(set->remove(*files[i], i)), kOk);
    for (u32 i = 0; i < 500; ++i) {
        EXPECT_EQ(error_of(set->modify(*files[i], i, event(kIn))), i % 2 == 0 ? Errno::NoEnt : kOk);
    }
    files.clear();
    EXPECT_EQ(set->size(), 0u);
}

TEST_F(EpollTest, sets_in_sets_make_no_circle_and_no_long_chain)
{
    std::vector<Set> sets;
    for (u32 i = 0; i < 6; ++i) sets.push_back(make_set());
    for (u32 i = 0; i < 4; ++i) ASSERT_EQ(add(sets[i], *sets[i + 1].file, i), kOk);
    EXPECT_EQ(add(sets[4], *sets[5].file, 4), Errno::Loop);
    EXPECT_EQ(add(sets[5], *sets[0].file, 5), Errno::Loop);
    EXPECT_EQ(add(sets[4], *sets[0].file, 5), Errno::Loop);
    EXPECT_EQ(add(sets[1], *sets[0].file, 5), Errno::Loop);
    // A file at the end of the longest chain is seen from its start.
    Ref<File> const file = counter();
    ASSERT_EQ(add(sets[4], *file, 9), kOk);
    EXPECT_FALSE(sets[0].is_ready());
    write(*file, 1);
    for (u32 i = 0; i < 5; ++i) EXPECT_TRUE(sets[i].is_ready()) << i;
    // A link in the middle ends.
    sets[2].file.reset();
    EXPECT_FALSE(sets[0].is_ready());
    EXPECT_TRUE(sets[3].is_ready());
}

// A set that is in a set, through many descriptors: how often an event is told stays bounded.
TEST_F(EpollTest, the_paths_through_sets_are_counted)
{
    Set const outer = make_set();
    Set const middle = make_set();
    Set const inner = make_set();
    Ref<File> const file = counter();
    for (u32 i = 0; i < 20; ++i) ASSERT_EQ(add(outer, *middle.file, i), kOk);
    for (u32 i = 0; i < 5; ++i) ASSERT_EQ(add(middle, *inner.file, i), kOk);
    EXPECT_EQ(add(middle, *inner.file, 5), Errno::Inval);
    EXPECT_EQ(add(outer, *middle.file, 20), Errno::Inval);
    ASSERT_EQ(error_of(outer->remove(*middle.file, 0)), kOk);
    EXPECT_EQ(add(outer, *middle.file, 20), kOk);
    EXPECT_EQ(add(inner, *file, 1), kOk);
}

TEST_F(EpollTest, without_memory_nothing_is_added)
{
    Set const set = make_set();
    // A terminal has two queues: the second place is an allocation of its own.
    PipeEnds const ends = MUST(create_pipe(*vfs, 0, credentials));
    saturate_heap();
    machine.fail_allocation(0);
    EXPECT_EQ(add(set, *ends.reader, 3), Errno::NoMem);
    machine.fail_nothing();
    EXPECT_EQ(set->size(), 0u);
    EXPECT_EQ(error_of(set->remove(*ends.reader, 3)), Errno::NoEnt);
    EXPECT_EQ(add(set, *ends.reader, 3), kOk);
    machine.fail_allocation(0);
    EXPECT_TRUE(Epoll::create(*vfs).is_error());
    machine.fail_nothing();
    release_fillers();
}

}  // namespace
}  // namespace drydock
