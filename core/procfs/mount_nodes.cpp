// mounts and mountinfo of a process: the mounts of its tree that can be reached from its root
// (proc(5)).

#include "core/procfs/cgroup_inode.h"
#include "core/procfs/node.h"

namespace drydock {

namespace {

struct FlagName {
    u32 flag = 0;
    StringView name{};
};

constexpr FlagName kMountFlags[] = {
    {mount_flags::kNoSuid, ",nosuid"},
    {mount_flags::kNoDev, ",nodev"},
    {mount_flags::kNoExec, ",noexec"},
    {mount_flags::kNoAtime, ",noatime"},
    {mount_flags::kNoDirectoryAtime, ",nodiratime"},
    {mount_flags::kRelatime, ",relatime"},
    {mount_flags::kNoSymbolicLinks, ",nosymfollow"},
};

constexpr FlagName kFileSystemFlags[] = {
    {mount_flags::kSynchronous, ",sync"},
    {mount_flags::kDirectorySync, ",dirsync"},
    {mount_flags::kLazyTime, ",lazytime"},
};

void append_flags(u32 flags, Span<FlagName const> names, Text& text)
{
    for (FlagName const& name : names) {
        if ((flags & name.flag) != 0) text << name.name;
    }
}

StringView access_of(bool is_read_only) { return is_read_only ? "ro" : "rw"; }

// Blanks in names are written as \040 and so on (getmntent(3)).
void append_escaped(StringView name, StringView special, Text& text)
{
    for (char const letter : name) {
        bool is_special = false;
        for (char const other : special) is_special |= letter == other;
        if (is_special) {
            text << '\\';
            text.octal(static_cast<u8>(letter), 3);
        } else {
            text << letter;
        }
    }
}

void append_place(StringView name, Text& text) { append_escaped(name, " \t\n\\", text); }
void append_source(Mount const& mount, Text& text)
{
    append_escaped(mount.source(), " \t\n\\#", text);
}

// What stands there of cgroup2, as the reader's namespace of cgroups has it (cgroup_show_path).
// False for other file systems, and for what has been removed.
Result<bool> append_cgroup_root(System& system, Mount& mount, Text& text)
{
    if (mount.file_system().magic() != CgroupFs::kMagic) return false;
    auto const& node = static_cast<CgroupInode&>(mount.root()->inode());
    UserThread const& reader = running_thread(system);
    if (!node.group() || !reader.cgroup_space) return false;
    Text path(system.heap);
    append_cgroup_path(node.group().get(), reader.cgroup_space->root(), path);
    if (node.kind() != CgroupFileKind::Directory) path << '/' << mount.root()->name();
    if (path.failed()) return Errno::NoMem;
    append_place(path.view(), text);
    return true;
}

// The mounts of one process, with their names as it sees them.
class MountView {
public:
    static Result<MountView> create(Subject const& subject)
    {
        MountView view(subject);
        view.storage_ = TRY(Buffer::create(subject.system.heap, kPathMaximum));
        return view;
    }

    // Null if the process has no files any more.
    MountNamespace* mounts() const
    {
        if (subject_.file_context() == nullptr) return nullptr;
        return subject_.file_context()->mounts.get();
    }
    // False where no walk from the process's root leads to it.
    bool find_name(Mount& mount)
    {
        Path const place(Ref<Mount>(&mount), mount.root());
        Path const& root = subject_.file_context()->root;
        if (!Vfs::is_reachable(place, root)) return false;
        name_ = "/";
        if (place == root) return true;
        // Its place, not its root, which may have been removed where it comes from.
        Path const point(mount.parent(), mount.point());
        Span<char> const letters(reinterpret_cast<char*>(storage_.data()), kPathMaximum);
        Result<StringView> name = subject_.system.vfs.name_of(point, root, letters);
        if (name.is_ok()) name_ = name.value();
        return true;
    }
    StringView name() const { return name_; }
    // What of the file system stands there: its root, or a file or folder of it.
    StringView root_name(Mount& mount)
    {
        Span<char> const letters(reinterpret_cast<char*>(storage_.data()), kPathMaximum);
        return Vfs::name_in_file_system(*mount.root(), letters);
    }

private:
    explicit MountView(Subject const& subject) : subject_(subject) {}

    Subject const& subject_;
    Buffer storage_{};
    StringView name_{};
};

}  // namespace

void append_device_number(u64 device, Text& text)
{
    text << (device >> 8 & 0xfff) << ':' << ((device & 0xff) | (device >> 12 & 0xfff00));
}

namespace proc {

Result<void> process_mounts(Subject const& subject, Text& text)
{
    MountView view = TRY(MountView::create(subject));
    if (view.mounts() == nullptr) return Errno::Inval;
    for (Mount& mount : view.mounts()->mounts()) {
        if (!view.find_name(mount)) continue;
        append_source(mount, text);
        text << ' ';
        append_place(view.name(), text);
        text << ' ' << mount.file_system().type_name() << ' ' << access_of(mount.is_read_only());
        append_flags(mount.mounted().flags(), kFileSystemFlags, text);
        append_flags(mount.flags(), kMountFlags, text);
        mount.file_system().describe_options(text);
        text << " 0 0\n";
    }
    return {};
}

Result<void> process_mountinfo(Subject const& subject, Text& text)
{
    MountView view = TRY(MountView::create(subject));
    if (view.mounts() == nullptr) return Errno::Inval;
    for (Mount& mount : view.mounts()->mounts()) {
        if (!view.find_name(mount)) continue;
        FileSystem& file_system = mount.file_system();
        u64 const parent = mount.parent() ? mount.parent()->id() : mount.id();
        text << mount.id() << ' ' << parent << ' ';
        append_device_number(file_system.device_number(), text);
        text << ' ';
        bool const is_done = TRY(append_cgroup_root(subject.system, mount, text));
        if (!is_done) append_place(view.root_name(mount), text);
        text << ' ';
        static_cast<void>(view.find_name(mount));
        append_place(view.name(), text);
        text << ' ' << access_of((mount.flags() & mount_flags::kReadOnly) != 0);
        append_flags(mount.flags(), kMountFlags, text);
        if (mount.peers() != nullptr) text << " shared:" << mount.peers()->id();
        if (mount.master() != nullptr) text << " master:" << mount.master()->id();
        if (mount.is_unbindable()) text << " unbindable";
        text << " - " << file_system.type_name() << ' ';
        append_source(mount, text);
        u32 const flags = mount.mounted().flags();
        text << ' ' << access_of((flags & mount_flags::kReadOnly) != 0);
        append_flags(flags, kFileSystemFlags, text);
        file_system.describe_options(text);
        text << '\n';
    }
    return {};
}

}  // namespace proc

}  // namespace drydock
