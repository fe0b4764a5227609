#include "core/pipe/pipe.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using test::kOk;
using namespace open_flags;

class MountTest : public test::VfsTest {
protected:
    MountTest()
    {
        vfs->register_file_system(RamFs::type_for(*vfs));
        EXPECT_EQ(make_dir("/mnt"), kOk);
        EXPECT_EQ(make_dir("/mnt/hidden"), kOk);
    }
    Errno mount(std::string const& where, u32 flags = 0, std::string const& options = "")
    {
        Path const place = MUST(vfs->resolve(resolver(), test::view(where), {}));
        return error_of(vfs->mount_type("tmpfs", place, "none", flags, test::view(options)));
    }
    Errno unmount(std::string const& where)
    {
        Path const place = MUST(vfs->resolve(resolver(), test::view(where), {}));
        return error_of(vfs->unmount(place));
    }
};

TEST_F(MountTest, a_mount_covers_its_place_and_uncovers_it)
{
    ASSERT_EQ(mount("/mnt"), kOk);
    EXPECT_EQ(stat("/mnt/hidden"), Errno::NoEnt);
    EXPECT_EQ(make_file("/mnt/new"), kOk);
    EXPECT_EQ(stat("/mnt/../mnt/new"), kOk);
    EXPECT_EQ(name_of(MUST(vfs->resolve(resolver(), "/mnt/new", {}))), "/mnt/new");
    EXPECT_EQ(rmdir("/mnt"), Errno::Busy);
    EXPECT_EQ(rename("/mnt", "/x"), Errno::Busy);
    EXPECT_EQ(rename("/mnt/new", "/new"), Errno::Xdev);
    EXPECT_EQ(link("/mnt/new", "/new"), Errno::Xdev);
    {
        Ref<File> const file = opened("/mnt/new");
        EXPECT_EQ(unmount("/mnt"), Errno::Busy);
    }
    EXPECT_EQ(unmount("/mnt/new"), Errno::Inval);
    ASSERT_EQ(mount("/mnt"), kOk);
    EXPECT_EQ(stat("/mnt/new"), Errno::NoEnt);
    ASSERT_EQ(unmount("/mnt"), kOk);
    EXPECT_EQ(stat("/mnt/new"), kOk);
    ASSERT_EQ(unmount("/mnt"), kOk);
    EXPECT_EQ(stat("/mnt/hidden"), kOk);
    EXPECT_EQ(unmount("/mnt"), Errno::Inval);
    EXPECT_EQ(unmount("/"), Errno::Inval);
}

TEST_F(MountTest, the_parent_of_a_mounted_root_is_where_it_is_mounted)
{
    ASSERT_EQ(mount("/mnt"), kOk);
    test::NameCollector names;
    MUST(opened("/mnt", kReadOnly)->list(names));
    ASSERT_EQ(names.names.size(), 2u);
    EXPECT_EQ(names.numbers[1], attributes("/").number);
    EXPECT_NE(MUST(vfs->resolve(resolver(), "/mnt", {})).inode().file_system().device_number(),
              root_fs->device_number());
}

TEST_F(MountTest, what_is_detached_goes_with_its_last_user)
{
    ASSERT_EQ(mount("/mnt"), kOk);
    ASSERT_EQ(make_dir("/mnt/d"), kOk);
    ASSERT_EQ(mount("/mnt/d"), kOk);
    Ref<File> file = opened("/mnt/f", kCreate | kReadWrite);
    MUST(write_to(*file, std::string(10000, 'x')));
    {
        Path const place = MUST(vfs->resolve(resolver(), "/mnt", {}));
        MUST(vfs->detach(place));
    }
    EXPECT_EQ(stat("/mnt/hidden"), kOk);
    EXPECT_EQ(file->inode().attributes().size, 10000u);
    MUST(write_to(*file, "more"));
    file.reset();
}

TEST_F(MountTest, read_only_mounts_refuse_every_change)
{
    ASSERT_EQ(mount("/mnt", 0, "mode=755,size=1m"), kOk);
    ASSERT_EQ(make_file("/mnt/f"), kOk);
    {
        Path const place = MUST(vfs->resolve(resolver(), "/mnt", {}));
        MUST(vfs->remount(place, mount_flags::kReadOnly));
    }
    EXPECT_EQ(make_file("/mnt/g"), Errno::RoFs);
    EXPECT_EQ(make_dir("/mnt/g"), Errno::RoFs);
    EXPECT_EQ(unlink("/mnt/f"), Errno::RoFs);
    EXPECT_EQ(rename("/mnt/f", "/mnt/g"), Errno::RoFs);
    EXPECT_EQ(open("/mnt/f", kWriteOnly), Errno::RoFs);
    EXPECT_EQ(open("/mnt/f", kReadOnly), kOk);
    EXPECT_EQ(attributes("/mnt").permissions, 0755u);
    EXPECT_EQ(unmount("/mnt"), kOk);
    EXPECT_EQ(mount("/mnt", 0, "mode=9"), Errno::Inval);
    EXPECT_EQ(mount("/mnt", 0, "what=1"), Errno::Inval);
    Path const place = MUST(vfs->resolve(resolver(), "/mnt", {}));
    EXPECT_EQ(error_of(vfs->mount_type("ext4", place, "none", 0, "")), Errno::NoDev);
}

// A directory whose names come and go, with a link that leads where no text says.
class MagicLink final : public Inode {
public:
    MagicLink(FileSystem& file_system, Path target)
        : file_system_(file_system), target_(std::move(target))
    {}
    InodeAttributes attributes() override
    {
        InodeAttributes result;
        result.type = InodeType::SymbolicLink;
        return result;
    }
    InodeType type() override { return InodeType::SymbolicLink; }
    FileSystem& file_system() override { return file_system_; }
    Result<void> change_attributes(AttributeChange const&) override { return Errno::Perm; }
    Result<usize> read_link(Span<char>) override { return Errno::NoEnt; }
    Result<Path> follow_magic() override { return Path(target_); }
    Result<Ref<File>> open(OpenRequest const&) override { return Errno::Loop; }

private:
    FileSystem& file_system_;
    Path target_;
};

class MagicDirectory final : public Inode {
public:
    MagicDirectory(Heap& heap, FileSystem& file_system) : heap_(heap), file_system_(file_system) {}
    InodeAttributes attributes() override
    {
        InodeAttributes result;
        result.type = InodeType::Directory;
        result.permissions = 0555;
        result.links = 2;
        return result;
    }
    InodeType type() override { return InodeType::Directory; }
    FileSystem& file_system() override { return file_system_; }
    Result<void> change_attributes(AttributeChange const&) override { return Errno::Perm; }
    bool has_stable_names() override { return false; }
    Result<Ref<Inode>> lookup(StringView name) override
    {
        if (!(name == "3") || target.is_empty()) return Errno::NoEnt;
        Ref<MagicLink> link = TRY(heap_.create_ref<MagicLink>(file_system_, target));
        return Ref<Inode>(link);
    }
    Result<Ref<File>> open(OpenRequest const&) override { return Errno::Acces; }
    Path target{};

private:
    Heap& heap_;
    FileSystem& file_system_;
};

class MagicFs final : public FileSystem {
public:
    ~MagicFs() = default;
    StringView type_name() override { return "magic"; }
    u64 device_number() override { return 77; }
    u64 magic() override { return 1; }
    Statistics statistics() override { return {}; }
    Ref<Inode> root() override { return directory; }
    Ref<MagicDirectory> directory{};
};

TEST_F(MountTest, magic_links_lead_to_files_without_names)
{
    MagicFs magic;
    magic.directory = MUST(heap->create_ref<MagicDirectory>(*heap, magic));
    {
        Path const place = MUST(vfs->resolve(resolver(), "/mnt", {}));
        MUST(vfs->mount(magic, place, "magic", 0));
    }
    EXPECT_EQ(stat("/mnt/3"), Errno::NoEnt);
    PipeEnds ends = MUST(create_pipe(*vfs, kNonBlock, credentials));
    magic.directory->target = MUST(vfs->path_of(*ends.writer));
    EXPECT_EQ(attributes("/mnt/3").type, InodeType::Fifo);
    EXPECT_EQ(attributes("/mnt/3", false).type, InodeType::SymbolicLink);
    // As the shell opens /dev/stdout.
    Ref<File> again = opened("/mnt/3", kWriteOnly | kCreate | kTruncate | kNonBlock);
    MUST(write_to(*again, "hello"));
    again.reset();
    EXPECT_EQ(open("/mnt/3", kWriteOnly | kCreate | kExclusive), Errno::Exist);
    EXPECT_EQ(open("/mnt/3/", kReadOnly), Errno::NotDir);
    EXPECT_EQ(open("/mnt/new", kWriteOnly | kCreate), Errno::NoEnt);
    EXPECT_EQ(make_dir("/mnt/new"), Errno::NoEnt);
    EXPECT_EQ(unlink("/mnt/3"), Errno::Perm);
    magic.directory->target = MUST(vfs->resolve(resolver(), "/", {}));
    EXPECT_EQ(stat("/mnt/3/mnt"), kOk);
    EXPECT_EQ(stat("/mnt/3/"), kOk);
    magic.directory->target = Path();
    Path const place = MUST(vfs->resolve(resolver(), "/mnt", {}));
    MUST(vfs->unmount(place));
}

// Each operation either happens or leaves the tree as it was, wherever memory runs out.
TEST_F(MountTest, running_out_of_memory_changes_nothing)
{
    std::string const name(200, 'n');
    ASSERT_EQ(symlink("mnt/hidden", "/link"), kOk);
    ASSERT_EQ(make_file("/file"), kOk);
    std::vector<std::function<Errno()>> const operations = {
        [&] { return make_dir("/link/" + name); },
        [&] { return make_file("/link/x" + name); },
        [&] { return symlink(name, "/link/s" + name); },
        [&] { return link("/file", "/link/l" + name); },
        [&] { return rename("/file", "/link/r" + name); },
        [&] { return rename("/link/r" + name, "/file"); },
        [&] { return open("/link/o" + name, kCreate | kReadWrite); },
        [&] { return mount("/mnt/hidden"); },
        [&] { return open("/mnt/hidden/t", kTemporary | kReadWrite) == Errno::NoEnt ? kOk : kOk; },
        [&] { return unmount("/mnt/hidden"); },
    };
    for (usize i = 0; i < operations.size(); ++i) {
        bool has_succeeded = false;
        for (u64 nth = 0; nth < 60 && !has_succeeded; ++nth) {
            vfs->drop_cached_names();
            saturate_heap();
            // The fixture's own look-up of the place of a mount must not be the one that fails.
            stat("/mnt/hidden");
            usize const before = names_in("/mnt/hidden").size();
            machine.fail_allocation(nth);
            Errno const error = operations[i]();
            has_succeeded = !machine.has_failed();
            machine.fail_nothing();
            if (has_succeeded) {
                EXPECT_EQ(error, kOk) << i;
            } else if (error != kOk) {
                EXPECT_EQ(error, Errno::NoMem) << i;
                EXPECT_EQ(names_in("/mnt/hidden").size(), before) << i;
            } else {
                has_succeeded = true;
            }
            release_fillers();
        }
        EXPECT_TRUE(has_succeeded) << i;
    }
}

}  // namespace
}  // namespace drydock
