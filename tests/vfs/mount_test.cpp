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
        vfs->mounts().register_type(RamFs::type_for(*vfs));
        EXPECT_EQ(make_dir("/mnt"), kOk);
        EXPECT_EQ(make_dir("/mnt/hidden"), kOk);
    }
    Path at(std::string const& path)
    {
        return MUST(vfs->resolve(resolver(), test::view(path), {}));
    }
    MountNamespace& space() { return *context->mounts; }
    Errno mount(std::string const& where,
                u32 flags = 0,
                std::string const& options = "",
                std::string const& type = "tmpfs")
    {
        MountTable::Request request;
        request.type = test::view(type);
        request.options = test::view(options);
        request.flags = flags;
        return error_of(vfs->mounts().mount_new(space(), at(where), request));
    }
    Errno remount(std::string const& where, u32 flags, std::string const& options = "")
    {
        MountTable::Request request;
        request.options = test::view(options);
        request.flags = flags;
        return error_of(vfs->mounts().remount(space(), at(where), request));
    }
    Errno bind(std::string const& source, std::string const& where, u32 flags = 0)
    {
        return error_of(vfs->mounts().bind(space(), at(source), at(where), flags));
    }
    Errno move(std::string const& source, std::string const& where)
    {
        return error_of(vfs->mounts().move(space(), at(source), at(where)));
    }
    Errno propagate(std::string const& where, u32 kind)
    {
        return error_of(vfs->mounts().set_propagation(space(), at(where), kind));
    }
    Errno unmount(std::string const& where, bool detach = false)
    {
        MountTable::UnmountOptions options;
        options.detach = detach;
        return error_of(vfs->mounts().unmount(space(), at(where), options));
    }
    Errno expire(std::string const& where)
    {
        MountTable::UnmountOptions options;
        options.expire = true;
        return error_of(vfs->mounts().unmount(space(), at(where), options));
    }
    Errno pivot(std::string const& new_root, std::string const& put_old)
    {
        return error_of(vfs->mounts().pivot(space(), context->root, at(new_root), at(put_old)));
    }
    // In another tree from now on, as after unshare(CLONE_NEWNS); the old one.
    Ref<MountNamespace> enter_copy()
    {
        Ref<MountNamespace> old = context->mounts;
        Path* places[] = {&context->root, &context->working_directory};
        context->mounts = MUST(vfs->mounts().copy(*old, places));
        return old;
    }
    // "/a /a/b": the names of all mounts of the tree but its root, in order.
    std::string mounted()
    {
        std::string text;
        for (Mount& each : space().mounts()) {
            if (!each.parent()) continue;
            if (!text.empty()) text += ' ';
            text += name_of(Path(Ref<Mount>(&each), each.root()));
        }
        return text;
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
    ASSERT_EQ(unmount("/mnt", true), kOk);
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
        Ref<File> const file = opened("/mnt/f", kReadWrite);
        EXPECT_EQ(remount("/mnt", mount_flags::kReadOnly), Errno::Busy);
    }
    ASSERT_EQ(remount("/mnt", mount_flags::kReadOnly), kOk);
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
    EXPECT_EQ(mount("/mnt", 0, "", "ext4"), Errno::NoDev);
}

TEST_F(MountTest, a_bind_mount_shows_a_folder_or_a_file_again)
{
    ASSERT_EQ(make_dir("/a"), kOk);
    ASSERT_EQ(make_dir("/a/d"), kOk);
    ASSERT_EQ(make_file("/a/d/f"), kOk);
    ASSERT_EQ(make_file("/file"), kOk);
    EXPECT_EQ(bind("/a/d", "/file"), Errno::NotDir);
    EXPECT_EQ(bind("/file", "/mnt"), Errno::NotDir);
    ASSERT_EQ(bind("/a/d", "/mnt"), kOk);
    ASSERT_EQ(bind("/mnt/f", "/file"), kOk);
    EXPECT_EQ(attributes("/mnt/f").number, attributes("/a/d/f").number);
    EXPECT_EQ(attributes("/file").number, attributes("/a/d/f").number);
    EXPECT_EQ(rename("/mnt/f", "/a/d/g"), Errno::Xdev);
    EXPECT_EQ(unlink("/file"), Errno::Busy);
    // Through one name read-only, through the other not.
    ASSERT_EQ(remount("/mnt", mount_flags::kReadOnly | mount_flags::kBind), kOk);
    EXPECT_EQ(make_file("/mnt/new"), Errno::RoFs);
    EXPECT_EQ(make_file("/a/d/new"), kOk);
    EXPECT_EQ(open("/mnt/f", kReadWrite), Errno::RoFs);
    EXPECT_EQ(open("/file", kReadWrite), kOk);
    EXPECT_EQ(remount("/a", mount_flags::kReadOnly | mount_flags::kBind), Errno::Inval);
    EXPECT_EQ(unmount("/file"), kOk);
    EXPECT_EQ(unmount("/mnt"), kOk);
}

TEST_F(MountTest, a_recursive_bind_brings_what_is_mounted_below)
{
    ASSERT_EQ(make_dir("/a"), kOk);
    ASSERT_EQ(make_dir("/a/d"), kOk);
    ASSERT_EQ(make_dir("/a/e"), kOk);
    ASSERT_EQ(mount("/a/d"), kOk);
    ASSERT_EQ(make_dir("/a/d/in"), kOk);
    ASSERT_EQ(mount("/a/d/in"), kOk);
    ASSERT_EQ(mount("/a/e"), kOk);
    ASSERT_EQ(propagate("/a/e", mount_flags::kUnbindable), kOk);
    EXPECT_EQ(bind("/a/e", "/mnt"), Errno::Inval);
    ASSERT_EQ(bind("/a", "/mnt"), kOk);
    EXPECT_EQ(stat("/mnt/d/in"), Errno::NoEnt);
    ASSERT_EQ(unmount("/mnt"), kOk);
    ASSERT_EQ(bind("/a", "/mnt", mount_flags::kRecursive), kOk);
    EXPECT_EQ(stat("/mnt/d/in"), kOk);
    EXPECT_EQ(mounted(), "/a/d /a/d/in /a/e /mnt /mnt/d /mnt/d/in");
    EXPECT_EQ(unmount("/mnt"), Errno::Busy);
    EXPECT_EQ(unmount("/mnt", true), kOk);
    EXPECT_EQ(mounted(), "/a/d /a/d/in /a/e");
    EXPECT_EQ(unmount("/a/d", true), kOk);
    EXPECT_EQ(unmount("/a/e"), kOk);
}

TEST_F(MountTest, a_tree_of_mounts_moves)
{
    ASSERT_EQ(mount("/mnt"), kOk);
    ASSERT_EQ(make_dir("/mnt/in"), kOk);
    ASSERT_EQ(mount("/mnt/in"), kOk);
    ASSERT_EQ(make_dir("/there"), kOk);
    ASSERT_EQ(make_file("/file"), kOk);
    EXPECT_EQ(move("/mnt", "/mnt/in"), Errno::Loop);
    EXPECT_EQ(move("/there", "/mnt"), Errno::Inval);
    EXPECT_EQ(move("/mnt", "/file"), Errno::Inval);
    EXPECT_EQ(move("/", "/there"), Errno::Inval);
    ASSERT_EQ(move("/mnt", "/there"), kOk);
    EXPECT_EQ(mounted(), "/there /there/in");
    EXPECT_EQ(stat("/mnt/hidden"), kOk);
    EXPECT_EQ(unmount("/there", true), kOk);
}

TEST_F(MountTest, an_unused_mount_expires_the_second_time)
{
    ASSERT_EQ(mount("/mnt"), kOk);
    EXPECT_EQ(expire("/mnt"), Errno::Again);
    stat("/mnt/x");
    EXPECT_EQ(expire("/mnt"), Errno::Again);
    EXPECT_EQ(expire("/mnt"), kOk);
    EXPECT_EQ(mounted(), "");
}

TEST_F(MountTest, another_tree_is_another_and_keeps_its_own_names)
{
    ASSERT_EQ(mount("/mnt"), kOk);
    ASSERT_EQ(make_dir("/point"), kOk);
    Ref<MountNamespace> old = enter_copy();
    EXPECT_EQ(mounted(), "/mnt");
    ASSERT_EQ(mount("/point"), kOk);
    EXPECT_EQ(make_file("/point/f"), kOk);
    EXPECT_EQ(rmdir("/point"), Errno::Busy);
    Ref<MountNamespace> const mine = std::move(context->mounts);
    Path const here = context->root;
    context->mounts = old;
    context->root = vfs->root_path();
    context->working_directory = context->root;
    EXPECT_EQ(mounted(), "/mnt");
    EXPECT_EQ(stat("/point/f"), Errno::NoEnt);
    // What somebody else has mounted on a name does not keep it.
    EXPECT_EQ(rmdir("/point"), kOk);
    context->mounts = mine;
    context->root = here;
    context->working_directory = here;
    EXPECT_EQ(mounted(), "/mnt");
    context->root = vfs->root_path();
    context->working_directory = context->root;
    context->mounts = old;
    EXPECT_EQ(unmount("/mnt"), kOk);
}

TEST_F(MountTest, peers_and_slaves_hear_of_each_other)
{
    for (char const* const name : {"/a", "/b", "/c"}) ASSERT_EQ(make_dir(name), kOk);
    ASSERT_EQ(mount("/a"), kOk);
    ASSERT_EQ(propagate("/a", mount_flags::kShared), kOk);
    ASSERT_EQ(make_dir("/a/x"), kOk);
    ASSERT_EQ(bind("/a", "/b"), kOk);
    ASSERT_EQ(bind("/a", "/c"), kOk);
    ASSERT_EQ(propagate("/c", mount_flags::kSlave), kOk);
    EXPECT_EQ(propagate("/c", mount_flags::kSlave | mount_flags::kShared), Errno::Inval);
    EXPECT_EQ(propagate("/a/x", mount_flags::kShared), Errno::Inval);
    ASSERT_EQ(mount("/a/x"), kOk);
    EXPECT_EQ(mounted(), "/a /b /c /a/x /b/x /c/x");
    ASSERT_EQ(make_file("/a/x/f"), kOk);
    EXPECT_EQ(stat("/c/x/f"), kOk);
    EXPECT_EQ(move("/a/x", "/mnt"), Errno::Inval);
    {
        Ref<File> const file = opened("/b/x/f");
        EXPECT_EQ(unmount("/a/x"), Errno::Busy);
    }
    EXPECT_EQ(unmount("/a/x"), kOk);
    EXPECT_EQ(mounted(), "/a /b /c");
    // A slave only listens.
    ASSERT_EQ(mount("/c/x"), kOk);
    EXPECT_EQ(mounted(), "/a /b /c /c/x");
    // What comes from the group comes below what is there.
    ASSERT_EQ(mount("/a/x"), kOk);
    ASSERT_EQ(make_file("/a/x/f"), kOk);
    EXPECT_EQ(stat("/c/x/f"), Errno::NoEnt);
    ASSERT_EQ(unmount("/c/x"), kOk);
    EXPECT_EQ(stat("/c/x/f"), kOk);
    EXPECT_EQ(unmount("/b/x"), kOk);
    EXPECT_EQ(mounted(), "/a /b /c");
    // The last peers go: there is nobody to listen to.
    EXPECT_EQ(unmount("/a"), kOk);
    EXPECT_EQ(unmount("/b"), kOk);
    EXPECT_EQ(at("/c").mount()->master(), nullptr);
    EXPECT_EQ(unmount("/c"), kOk);
}

TEST_F(MountTest, a_group_of_slaves_passes_on_what_it_hears)
{
    for (char const* const name : {"/a", "/b", "/c"}) ASSERT_EQ(make_dir(name), kOk);
    ASSERT_EQ(mount("/a"), kOk);
    ASSERT_EQ(make_dir("/a/x"), kOk);
    ASSERT_EQ(propagate("/a", mount_flags::kShared), kOk);
    ASSERT_EQ(bind("/a", "/b"), kOk);
    ASSERT_EQ(propagate("/b", mount_flags::kSlave), kOk);
    ASSERT_EQ(propagate("/b", mount_flags::kShared), kOk);
    ASSERT_EQ(bind("/b", "/c"), kOk);
    EXPECT_EQ(at("/c").mount()->master(), at("/a").mount()->peers());
    EXPECT_EQ(at("/c").mount()->peers(), at("/b").mount()->peers());
    ASSERT_EQ(mount("/a/x"), kOk);
    EXPECT_EQ(mounted(), "/a /b /c /a/x /b/x /c/x");
    EXPECT_EQ(at("/c/x").mount()->peers(), at("/b/x").mount()->peers());
    EXPECT_EQ(at("/c/x").mount()->master(), at("/a/x").mount()->peers());
    // Another tree has peers of its own in each group.
    Ref<MountNamespace> old = enter_copy();
    // A tree is copied from its root on.
    EXPECT_EQ(mounted(), "/a /a/x /b /b/x /c /c/x");
    EXPECT_EQ(unmount("/b/x"), kOk);
    EXPECT_EQ(mounted(), "/a /a/x /b /c");
    context->mounts = std::move(old);
    context->root = vfs->root_path();
    context->working_directory = context->root;
    EXPECT_EQ(mounted(), "/a /b /c /a/x");
    for (char const* const name : {"/a/x", "/c", "/b", "/a"}) EXPECT_EQ(unmount(name), kOk);
}

TEST_F(MountTest, roots_change_places)
{
    ASSERT_EQ(mount("/mnt"), kOk);
    ASSERT_EQ(make_dir("/mnt/old"), kOk);
    ASSERT_EQ(make_dir("/mnt/new"), kOk);
    // The root of the tree itself cannot: nothing is above it.
    EXPECT_EQ(pivot("/mnt", "/mnt/old"), Errno::Inval);
    context->root = at("/mnt");
    context->working_directory = context->root;
    EXPECT_EQ(pivot("/new", "/old"), Errno::Busy);
    ASSERT_EQ(mount("/new"), kOk);
    EXPECT_EQ(pivot("/new", "/old"), Errno::Busy);
    ASSERT_EQ(make_dir("/new/old"), kOk);
    Path const new_root = at("/new");
    ASSERT_EQ(pivot("/new", "/new/old"), kOk);
    context->root = new_root;
    context->working_directory = new_root;
    EXPECT_EQ(stat("/old/new"), kOk);
    EXPECT_EQ(unmount("/old"), kOk);
    EXPECT_EQ(stat("/old/new"), Errno::NoEnt);
    context->root = vfs->root_path();
    context->working_directory = context->root;
    EXPECT_EQ(stat("/mnt/old"), kOk);
}

TEST_F(MountTest, options_of_tmpfs_hold)
{
    ASSERT_EQ(mount("/mnt", 0, "size=8k,nr_inodes=3,mode=700"), kOk);
    EXPECT_EQ(make_file("/mnt/a"), kOk);
    EXPECT_EQ(make_file("/mnt/b"), kOk);
    EXPECT_EQ(make_file("/mnt/c"), Errno::NoSpc);
    EXPECT_EQ(remount("/mnt", 0, "nr_inodes=2"), Errno::Inval);
    EXPECT_EQ(remount("/mnt", 0, "nr_inodes=4"), kOk);
    EXPECT_EQ(make_file("/mnt/c"), kOk);
    EXPECT_EQ(MUST(write_to(*opened("/mnt/a"), std::string(20000, 'x'))), 8192u);
    EXPECT_EQ(remount("/mnt", 0, "size=4k"), Errno::Inval);
    Text text(*heap);
    at("/mnt").mount()->file_system().describe_options(text);
    EXPECT_EQ(test::string_of(text.view()), ",size=8k,nr_inodes=4,mode=700");
    EXPECT_EQ(unmount("/mnt"), kOk);
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
        MUST(vfs->mounts().mount(magic, at("/mnt"), "magic", 0));
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
    ASSERT_EQ(unmount("/mnt"), kOk);
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
        [&] { return propagate("/mnt/hidden", mount_flags::kShared); },
        [&] { return bind("/mnt/hidden", "/mnt/hidden"); },
        [&] { return unmount("/mnt/hidden"); },
        [&] { return bind("/", "/mnt/hidden", mount_flags::kRecursive); },
        [&] { return unmount("/mnt/hidden", true); },
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
