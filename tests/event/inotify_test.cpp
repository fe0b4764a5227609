#include "core/event/inotify.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

namespace ce = change_events;

class InotifyTest : public test::VfsTest {
protected:
    Ref<File> make() { return MUST(Inotify::create(*vfs, open_flags::kNonBlock)); }
    static Inotify& queue(Ref<File> const& file) { return static_cast<Inotify&>(*file); }
    Ref<Inode> root() { return vfs->root_path().entry()->inode_ref(); }
    Ref<File> create_file(StringView path)
    {
        u32 const flags = open_flags::kReadWrite | open_flags::kCreate;
        return MUST(vfs->open(resolver(), path, flags, 0600));
    }
    // The masks of what waits, one after the other.
    static std::vector<u32> take(Ref<File> const& file)
    {
        std::vector<u32> masks;
        std::vector<std::byte> bytes(4096);
        IoBuffer target = IoBuffer::kernel({bytes.data(), bytes.size()});
        Result<usize> size = file->read(target);
        if (size.is_error()) return masks;
        for (usize at = 0; at < size.value();) {
            UserChangeEvent event;
            memcpy(&event, bytes.data() + at, sizeof(event));
            masks.push_back(event.mask);
            at += sizeof(event) + event.name_size;
        }
        return masks;
    }
};

TEST_F(InotifyTest, a_directory_tells_of_its_entries)
{
    Ref<File> const file = make();
    EXPECT_EQ(MUST(queue(file).add(root(), ce::kAll)), 1);
    create_file("/a").reset();
    MUST(vfs->unlink(resolver(), "/a"));
    EXPECT_EQ(take(file), (std::vector<u32>{ce::kCreate, ce::kOpen, ce::kCloseWrite, ce::kDelete}));
}

TEST_F(InotifyTest, a_file_ends_with_its_last_user)
{
    Ref<File> const file = make();
    Ref<File> opened = create_file("/a");
    MUST(queue(file).add(opened->inode_ref(), ce::kDeleteSelf));
    MUST(vfs->unlink(resolver(), "/a"));
    EXPECT_TRUE(take(file).empty());
    opened.reset();
    EXPECT_EQ(take(file), (std::vector<u32>{ce::kDeleteSelf, ce::kIgnored}));
    EXPECT_EQ(queue(file).remove(1).error(), Errno::Inval);
}

TEST_F(InotifyTest, watches_go_with_their_queue)
{
    Ref<File> first = make();
    Ref<File> const second = make();
    Ref<File> const opened = create_file("/a");
    MUST(queue(first).add(opened->inode_ref(), ce::kAll));
    MUST(queue(second).add(opened->inode_ref(), ce::kAll));
    first.reset();
    tell_inode(opened->inode(), {ce::kModify, 0, {}, false});
    EXPECT_EQ(take(second), (std::vector<u32>{ce::kModify}));
}

TEST_F(InotifyTest, equal_events_in_a_row_are_one)
{
    Ref<File> const file = make();
    MUST(queue(file).add(root(), ce::kAll));
    for (u32 const event : {ce::kModify, ce::kModify, ce::kAccess, ce::kModify}) {
        tell_inode(*root(), {event, 0, "x", false});
    }
    tell_inode(*root(), {ce::kModify, 0, "y", false});
    EXPECT_EQ(take(file), (std::vector<u32>{ce::kModify, ce::kAccess, ce::kModify, ce::kModify}));
}

TEST_F(InotifyTest, without_memory_an_event_is_said_to_be_lost)
{
    Ref<File> const file = make();
    MUST(queue(file).add(root(), ce::kAll));
    std::string const name(200, 'n');
    // Small objects may need no frame: until one is needed.
    machine.fail_allocation(0);
    for (u32 i = 0; !machine.has_failed() && i < 1000; ++i) {
        u32 const event = i % 2 == 0 ? ce::kModify : ce::kAccess;
        tell_inode(*root(), {event, 0, {name.data(), name.size()}, false});
    }
    EXPECT_TRUE(machine.has_failed());
    machine.fail_nothing();
    std::vector<u32> last;
    for (std::vector<u32> next = take(file); !next.empty(); next = take(file)) last = next;
    ASSERT_FALSE(last.empty());
    EXPECT_EQ(last.back(), ce::kOverflow);
}

TEST_F(InotifyTest, a_read_that_is_too_small_takes_nothing)
{
    Ref<File> const file = make();
    MUST(queue(file).add(root(), ce::kAll));
    tell_inode(*root(), {ce::kModify, 0, "x", false});
    std::byte bytes[31] = {};
    IoBuffer target = IoBuffer::kernel({bytes, sizeof(bytes)});
    EXPECT_EQ(file->read(target).error(), Errno::Inval);
    EXPECT_EQ(take(file).size(), 1u);
    EXPECT_EQ(file->poll(nullptr), 0u);
}

}  // namespace
}  // namespace drydock
