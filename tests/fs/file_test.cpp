#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using test::kOk;
using namespace open_flags;

class RamFileTest : public test::VfsTest {
protected:
    static std::string read_at(File& file, u64 offset, usize size)
    {
        std::string text(size, '?');
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        text.resize(MUST(file.read_at(buffer, offset)));
        return text;
    }
    static Result<usize> write_at(File& file, u64 offset, std::string text)
    {
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        return file.write_at(buffer, offset);
    }
};

TEST_F(RamFileTest, random_reads_writes_and_truncations_agree_with_a_string)
{
    constexpr u64 kEnd = 40000;
    for (u64 seed = 1; seed <= 10; ++seed) {
        test::Random random(seed);
        std::string model;
        Ref<File> const file = opened("/f", kCreate | kReadWrite | kTruncate);
        for (int step = 0; step < 300; ++step) {
            u64 const offset = random.below(kEnd);
            usize const size = random.below(9000);
            switch (random.below(6)) {
            case 4:
                // fallocate(2), FALLOC_FL_PUNCH_HOLE.
                MUST(file->punch(offset, size + 1));
                for (u64 i = offset; i < model.size() && i <= offset + size; ++i) model[i] = 0;
                break;
            case 5: MUST(file->allocate(offset, size + 1)); break;
            case 0:
            case 1: {
                std::string text(size, '\0');
                for (char& letter : text) letter = static_cast<char>(random.next());
                ASSERT_EQ(MUST(write_at(*file, offset, text)), size);
                if (size > 0 && model.size() < offset + size) model.resize(offset + size);
                model.replace(size > 0 ? offset : 0, size, text);
                break;
            }
            case 2:
                MUST(file->truncate(offset));
                model.resize(offset);
                break;
            default: {
                std::string const expected =
                    offset < model.size() ? model.substr(offset, size) : "";
                ASSERT_EQ(read_at(*file, offset, size), expected) << seed << " " << step;
            }
            }
            ASSERT_EQ(file->inode().attributes().size, model.size());
        }
        ASSERT_EQ(read_at(*file, 0, model.size() + 1), model);
    }
}

TEST_F(RamFileTest, allocated_pages_are_holes_until_they_are_written)
{
    Ref<File> const file = opened("/f", kCreate | kReadWrite);
    MUST(file->truncate(4 * kPageSize));
    MUST(file->allocate(kPageSize, 2 * kPageSize));
    EXPECT_EQ(file->inode().attributes().blocks, 16u);
    EXPECT_EQ(file->seek(0, 3).error(), Errno::Nxio);
    EXPECT_EQ(read_at(*file, kPageSize, 2), std::string(2, '\0'));
    EXPECT_EQ(file->seek(0, 3).error(), Errno::Nxio);
    EXPECT_EQ(MUST(write_at(*file, 2 * kPageSize, "x")), 1u);
    EXPECT_EQ(MUST(file->seek(0, 3)), 2 * kPageSize);
    EXPECT_EQ(MUST(file->seek(static_cast<i64>(2 * kPageSize), 4)), 3 * kPageSize);
    MUST(file->punch(2 * kPageSize, kPageSize));
    EXPECT_EQ(file->inode().attributes().blocks, 8u);
    EXPECT_EQ(file->seek(0, 3).error(), Errno::Nxio);
    EXPECT_EQ(read_at(*file, 2 * kPageSize, 1), std::string(1, '\0'));
}

TEST_F(RamFileTest, what_cannot_be_allocated_takes_nothing)
{
    Ref<File> const file = opened("/f", kCreate | kReadWrite);
    EXPECT_EQ(MUST(write_at(*file, kPageSize, "x")), 1u);
    u64 const pages = frames.counts().file_cache;
    EXPECT_EQ(file->allocate(0, u64{1} << 50).error(), Errno::NoSpc);
    saturate_heap();
    machine.fail_allocation(2);
    EXPECT_EQ(file->allocate(0, 8 * kPageSize).error(), Errno::NoMem);
    machine.fail_nothing();
    release_fillers();
    EXPECT_EQ(frames.counts().file_cache, pages);
    EXPECT_EQ(file->inode().attributes().blocks, 8u);
    EXPECT_EQ(read_at(*file, kPageSize, 1), "x");
}

TEST_F(RamFileTest, holes_take_no_memory_when_read)
{
    Ref<File> const file = opened("/f", kCreate | kReadWrite);
    MUST(write_at(*file, 1'000'000, "end"));
    EXPECT_EQ(file->inode().attributes().blocks, 8u);
    u64 const before = frames.free_frames();
    EXPECT_EQ(read_at(*file, 0, 65536), std::string(65536, '\0'));
    EXPECT_EQ(frames.free_frames(), before);
    EXPECT_EQ(MUST(file->seek(0, 3)), 999424u);
    EXPECT_EQ(MUST(file->seek(0, 4)), 0u);
    EXPECT_EQ(MUST(file->seek(1'000'000, 4)), 1'000'003u);
    EXPECT_EQ(file->seek(1'000'003, 3).error(), Errno::Nxio);
    EXPECT_EQ(MUST(file->seek(-3, 2)), 1'000'000u);
    EXPECT_EQ(file->seek(-1, 0).error(), Errno::Inval);
}

TEST_F(RamFileTest, appends_where_the_file_ends_now)
{
    Ref<File> const one = opened("/f", kCreate | kWriteOnly | kAppend);
    Ref<File> const other = opened("/f", kWriteOnly | kAppend);
    MUST(write_to(*one, "ab"));
    MUST(write_to(*other, "cd"));
    MUST(write_to(*one, "ef"));
    EXPECT_EQ(contents("/f"), "abcdef");
}

TEST_F(RamFileTest, unlinked_files_live_until_they_are_closed)
{
    Ref<File> file = opened("/f", kCreate | kReadWrite);
    MUST(write_to(*file, std::string(100000, 'x')));
    ASSERT_EQ(unlink("/f"), kOk);
    EXPECT_EQ(file->inode().attributes().links, 0u);
    EXPECT_EQ(read_at(*file, 99999, 10), "x");
    u64 const before = frames.free_frames();
    file.reset();
    vfs->drop_cached_names();
    EXPECT_GE(frames.free_frames(), before + 25);
}

TEST_F(RamFileTest, a_full_file_system_says_so_and_keeps_what_was_written)
{
    Own<RamFs> small = MUST(RamFs::create(*vfs, "tmpfs", 8 * kPageSize));
    ASSERT_EQ(make_dir("/mnt"), kOk);
    Path where = MUST(vfs->resolve(resolver(), "/mnt", {}));
    MUST(vfs->mounts().mount(*small, where, "none", 0));
    {
        Ref<File> const file = opened("/mnt/f", kCreate | kReadWrite);
        EXPECT_EQ(MUST(write_to(*file, std::string(10 * kPageSize, 'x'))), 8 * kPageSize);
        EXPECT_EQ(write_to(*file, "x").error(), Errno::NoSpc);
        EXPECT_EQ(small->statistics().free_blocks, 0u);
        MUST(file->truncate(0));
        EXPECT_EQ(small->statistics().free_blocks, 8u);
    }
    where = MUST(vfs->resolve(resolver(), "/mnt", {}));
    vfs->drop_cached_names();
    MUST(vfs->mounts().unmount(*context->mounts, where, {}));
    where = Path();
}

TEST_F(RamFileTest, times_follow_use)
{
    machine.machine().now = 5 * kNanosPerSecond;
    Ref<File> const file = opened("/f", kCreate | kReadWrite);
    EXPECT_EQ(file->inode().attributes().modified.seconds, 1'000'005);
    machine.machine().now = 6 * kNanosPerSecond;
    MUST(write_to(*file, "x"));
    InodeAttributes written = file->inode().attributes();
    EXPECT_EQ(written.modified.seconds, 1'000'006);
    EXPECT_EQ(written.changed.seconds, 1'000'006);
    EXPECT_EQ(written.accessed.seconds, 1'000'005);
    machine.machine().now = 7 * kNanosPerSecond;
    read_at(*file, 0, 1);
    EXPECT_EQ(file->inode().attributes().accessed.seconds, 1'000'007);
    machine.machine().now = 8 * kNanosPerSecond;
    read_at(*file, 0, 1);
    EXPECT_EQ(file->inode().attributes().accessed.seconds, 1'000'007);
}

}  // namespace
}  // namespace drydock
