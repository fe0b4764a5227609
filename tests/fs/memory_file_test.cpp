#include "core/fs/memory_file.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

class MemoryFileTest : public test::VfsTest {
protected:
    Ref<File> make(StringView name, bool can_be_sealed)
    {
        return MUST(create_memory_file(*vfs, name, {can_be_sealed, false}, credentials));
    }
    static Result<usize> write(File& file, std::string text, u64 offset)
    {
        IoBuffer source =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        return file.write_at(source, offset);
    }
};

TEST_F(MemoryFileTest, it_has_no_links_and_shows_its_name)
{
    Ref<File> const file = make("a/b", false);
    InodeAttributes const attributes = file->inode().attributes();
    EXPECT_EQ(attributes.links, 0u);
    EXPECT_EQ(attributes.permissions, 0777u);
    EXPECT_TRUE(file->path().entry()->name() == StringView("memfd:a/b"));
    EXPECT_EQ(*file->inode().seals(), file_seals::kSeal);
}

TEST_F(MemoryFileTest, seals_stop_growth_shrinking_and_writes_apart)
{
    Ref<File> const file = make("x", true);
    u32& seals = *file->inode().seals();
    ASSERT_EQ(seals, 0u);
    MUST(file->truncate(100));
    seals = file_seals::kGrow;
    EXPECT_EQ(file->truncate(101).error(), Errno::Perm);
    EXPECT_EQ(write(*file, "12", 99).error(), Errno::Perm);
    EXPECT_EQ(MUST(write(*file, "12", 98)), 2u);
    MUST(file->truncate(99));
    seals = file_seals::kShrink;
    EXPECT_EQ(file->truncate(98).error(), Errno::Perm);
    EXPECT_EQ(MUST(write(*file, "12", 99)), 2u);
    seals = file_seals::kFutureWrite;
    EXPECT_EQ(write(*file, "1", 0).error(), Errno::Perm);
    seals = file_seals::kWrite;
    EXPECT_EQ(write(*file, "1", 0).error(), Errno::Perm);
}

}  // namespace
}  // namespace drydock
