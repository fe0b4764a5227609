#include "core/fs/cpio.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using test::kOk;
using namespace open_flags;

struct Item {
    std::string name;
    u32 mode = 0100644;
    std::string contents{};
    u32 number = 1;
    u32 links = 1;
    u32 device_major = 0, device_minor = 0;
    u32 uid = 0, gid = 0, time = 0;
};

// cpio(5), "new ASCII format".
std::string archive_of(std::vector<Item> items)
{
    Item trailer;
    trailer.name = "TRAILER!!!";
    trailer.mode = 0;
    items.push_back(trailer);
    std::string archive;
    for (Item const& item : items) {
        char header[111];
        snprintf(header,
                 sizeof(header),
                 "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
                 item.number,
                 item.mode,
                 item.uid,
                 item.gid,
                 item.links,
                 item.time,
                 item.contents.size(),
                 0u,
                 0u,
                 item.device_major,
                 item.device_minor,
                 item.name.size() + 1,
                 0u);
        archive += header;
        archive += item.name + std::string(1, '\0');
        while (archive.size() % 4 != 0) archive += '\0';
        archive += item.contents;
        while (archive.size() % 4 != 0) archive += '\0';
    }
    return archive;
}

std::vector<Item> sample()
{
    Item directory{"etc", 040755};
    Item file{"etc/passwd", 0100640, "root:x:0:0\n"};
    file.uid = 3;
    file.gid = 4;
    file.time = 1234;
    Item symbolic{"bin/sh", 0120777, "busybox"};
    Item first{"bin/busybox", 0104755, "", 7, 2};
    Item last{"bin/ash", 0104755, std::string(5000, 'b'), 7, 2};
    Item null{"dev/null", 020666};
    null.device_major = 1;
    null.device_minor = 3;
    Item fifo{"run/pipe", 010600};
    return {directory, file, symbolic, first, last, null, fifo};
}

class InitramfsTest : public test::VfsTest {
protected:
    Errno unpack(std::string const& archive)
    {
        ConstBytes const bytes(reinterpret_cast<std::byte const*>(archive.data()), archive.size());
        StringView why;
        Errno const error = error_of(unpack_initramfs(*root_fs, bytes, why));
        reason = test::string_of(why);
        return error;
    }
    // Into a file system of its own, which is gone afterwards.
    Errno try_unpack(std::string const& archive)
    {
        Own<RamFs> scratch = MUST(RamFs::create(*vfs, "scratch", 0));
        ConstBytes const bytes(reinterpret_cast<std::byte const*>(archive.data()), archive.size());
        StringView why;
        Errno const error = error_of(unpack_initramfs(*scratch, bytes, why));
        reason = test::string_of(why);
        return error;
    }
    std::string reason;
};

TEST_F(InitramfsTest, unpacks_every_kind_of_file)
{
    std::string const archive = archive_of(sample());
    ASSERT_EQ(unpack(archive), kOk) << reason;
    EXPECT_EQ(contents("/etc/passwd"), "root:x:0:0\n");
    InodeAttributes const passwd = attributes("/etc/passwd");
    EXPECT_EQ(passwd.uid, 3u);
    EXPECT_EQ(passwd.gid, 4u);
    EXPECT_EQ(passwd.permissions, 0640u);
    EXPECT_EQ(passwd.modified.seconds, 1234);
    EXPECT_EQ(contents("/bin/sh"), std::string(5000, 'b'));
    EXPECT_EQ(attributes("/bin/busybox").number, attributes("/bin/ash").number);
    EXPECT_EQ(attributes("/bin/busybox").links, 2u);
    EXPECT_EQ(attributes("/bin/busybox").permissions, 04755u);
    EXPECT_EQ(attributes("/bin/busybox").blocks, 16u);
    EXPECT_EQ(attributes("/dev/null").device, make_device(1, 3));
    EXPECT_EQ(attributes("/run/pipe").type, InodeType::Fifo);
    EXPECT_EQ(attributes("/run").permissions, 0755u);
}

TEST_F(InitramfsTest, directories_have_the_archives_times)
{
    Item directory{"etc", 040755};
    directory.time = 1000;
    Item file{"etc/passwd", 0100640, "root:x:0:0\n"};
    file.time = 2000;
    Item inner{"etc/inner", 040755};
    inner.time = 3000;
    ASSERT_EQ(unpack(archive_of({directory, file, inner})), kOk) << reason;
    EXPECT_EQ(attributes("/etc").modified.seconds, 1000);
    EXPECT_EQ(attributes("/etc/inner").modified.seconds, 3000);
    EXPECT_EQ(attributes("/etc/passwd").modified.seconds, 2000);
}

TEST_F(InitramfsTest, contents_change_without_touching_the_archive)
{
    std::string const archive = archive_of(sample());
    ASSERT_EQ(unpack(archive), kOk);
    std::string const before = archive;
    Ref<File> const file = opened("/bin/ash");
    MUST(write_to(*file, "new"));
    EXPECT_EQ(contents("/bin/ash"), "new" + std::string(4997, 'b'));
    MUST(file->truncate(4500));
    MUST(file->truncate(5000));
    EXPECT_EQ(contents("/bin/ash"), "new" + std::string(4497, 'b') + std::string(500, '\0'));
    EXPECT_EQ(archive, before);
}

TEST_F(InitramfsTest, no_truncation_is_taken_for_an_archive)
{
    std::string const archive = archive_of(sample());
    // The padding behind the last name may be missing.
    usize const needed = archive.find("TRAILER!!!") + 11;
    for (usize size = 0; size < archive.size(); ++size) {
        Errno const error = try_unpack(archive.substr(0, size));
        EXPECT_EQ(error, size < needed ? Errno::Inval : kOk) << size;
        if (size < needed) {
            EXPECT_NE(reason.find("(byte "), std::string::npos) << reason;
        }
    }
}

TEST_F(InitramfsTest, garbage_is_refused_or_harmless)
{
    std::string const good = archive_of(sample());
    char const letters[] = "0123456789abcdefABCDEFxyz/.\0\x7f\xff";
    usize refused = 0;
    for (u64 seed = 0; seed < 4000; ++seed) {
        test::Random random(seed);
        std::string archive = good;
        for (u64 changes = 1 + random.below(4); changes > 0; --changes) {
            usize const place = random.below(archive.size());
            archive[place] = letters[random.below(sizeof(letters))];
        }
        Errno const error = try_unpack(archive);
        EXPECT_TRUE(error == kOk || error == Errno::Inval) << static_cast<int>(error);
        if (error == Errno::Inval) ++refused;
    }
    EXPECT_GT(refused, 500u);
}

TEST_F(InitramfsTest, names_the_byte_that_is_wrong)
{
    std::string archive = archive_of(sample());
    archive[6 + 8 * 6] = 'z';
    EXPECT_EQ(try_unpack(archive), Errno::Inval);
    EXPECT_EQ(reason, "a header field is not a hexadecimal number (byte 54)");
    EXPECT_EQ(try_unpack(archive_of({{"../escape", 0100644}})), Errno::Inval);
    EXPECT_EQ(try_unpack(archive_of({{"a/../b", 0100644}})), Errno::Inval);
    EXPECT_EQ(try_unpack(archive_of({{"a/..", 040755}})), Errno::Inval);
    EXPECT_EQ(try_unpack(archive_of({{"file", 0100644}, {"file/below", 0100644}})), Errno::Inval);
    EXPECT_EQ(try_unpack(archive_of({{"odd", 0170644}})), Errno::Inval);
}

TEST_F(InitramfsTest, later_entries_replace_earlier_ones)
{
    // Files read from the archive, so it must outlive them.
    std::string const archive = archive_of({{"a", 0100644, "one"},
                                            {"./a", 0100600, "two"},
                                            {".", 040700},
                                            {"/b//", 040711},
                                            {"b", 0100644, "x"}});
    ASSERT_EQ(unpack(archive), kOk) << reason;
    EXPECT_EQ(contents("/a"), "two");
    EXPECT_EQ(contents("/b"), "x");
    EXPECT_EQ(attributes("/").permissions, 0700u);
}

TEST_F(InitramfsTest, running_out_of_memory_gives_everything_back)
{
    std::string const archive = archive_of(sample());
    bool has_succeeded = false;
    for (u64 nth = 0; nth < 200 && !has_succeeded; ++nth) {
        saturate_heap();
        machine.fail_allocation(nth);
        Result<Own<RamFs>> scratch = RamFs::create(*vfs, "scratch", 0);
        Errno error = Errno::NoMem;
        if (scratch.is_ok()) {
            ConstBytes const bytes(reinterpret_cast<std::byte const*>(archive.data()),
                                   archive.size());
            StringView why;
            error = error_of(unpack_initramfs(*scratch.value(), bytes, why));
        }
        has_succeeded = !machine.has_failed();
        machine.fail_nothing();
        EXPECT_EQ(error, has_succeeded ? kOk : Errno::NoMem) << nth;
        release_fillers();
    }
    EXPECT_TRUE(has_succeeded);
}

}  // namespace
}  // namespace drydock
