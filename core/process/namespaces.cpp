#include "core/process/namespaces.h"

#include "core/process/user_thread.h"

namespace drydock {

namespace {

namespace nf = namespace_flags;

// Numbers of Linux's first ones (include/linux/proc_ns.h).
constexpr u64 kFirstIpc = 0xefff'ffff, kFirstUts = 0xefff'fffe, kFirstPid = 0xefff'fffc;
constexpr u64 kFirstCgroup = 0xefff'fffb;
// ioctl_ns(2).
constexpr u32 kGetUser = 0xb701, kGetParent = 0xb702, kGetType = 0xb703, kGetOwner = 0xb704;

class NamespaceFile final : public File {
public:
    NamespaceFile(OpenRequest const& request, NamespaceHold const& hold)
        : File(request.inode, request.path, request.flags), hold_(hold)
    {}
    FileKind kind() const override { return FileKind::Namespace; }
    Result<i64> ioctl(IoctlCall const& call) override
    {
        switch (call.command) {
        case kGetType: return static_cast<i64>(flag_of(hold_.kind));
        case kGetParent: return open_parent();
        // Without namespaces of users nobody may see an owner.
        case kGetUser: return Errno::Perm;
        case kGetOwner: return Errno::Inval;
        default: return Errno::NotTty;
        }
    }
    NamespaceHold const& hold() const { return hold_; }

private:
    Result<i64> open_parent();

    // The inode, which the file holds, has it.
    NamespaceHold const& hold_;
};

class NamespaceInode final : public Inode {
public:
    System& system() { return system_; }
    NamespaceInode(System& system, NamespaceHold hold) : system_(system), hold_(std::move(hold)) {}

    InodeAttributes attributes() override
    {
        InodeAttributes result;
        result.number = hold_.number;
        result.permissions = 0444;
        return result;
    }
    InodeType type() override { return InodeType::Regular; }
    FileSystem& file_system() override { return system_.vfs.nameless_file_system(); }
    Result<void> change_attributes(AttributeChange const&) override { return Errno::Perm; }
    Result<Ref<File>> open(OpenRequest const& request) override
    {
        Ref<NamespaceFile> file = TRY(system_.heap.create_ref<NamespaceFile>(request, hold_));
        return Ref<File>(file);
    }

private:
    System& system_;
    NamespaceHold const hold_;
};

}  // namespace

namespace {

void hold_pids(PidNamespace* space, NamespaceHold& hold)
{
    hold.space = Ref<RefCounted>(space);
    hold.number = space == nullptr ? kFirstPid : space->number();
}

// kernel/pid_namespace.c, pidns_get_parent(): as far as the caller sees it.
Result<i64> NamespaceFile::open_parent()
{
    bool const has_parents =
        hold_.kind == NamespaceKind::Pids || hold_.kind == NamespaceKind::PidsOfChildren;
    if (!has_parents) return Errno::Inval;
    auto* const space = static_cast<PidNamespace*>(hold_.space.get());
    if (space == nullptr) return Errno::Perm;
    System& system = static_cast<NamespaceInode&>(inode()).system();
    UserThread& thread = running_thread(system);
    PidNamespace* const own = thread.process().pid_space();
    if (own != nullptr && (space == own || !own->contains(space))) return Errno::Perm;
    NamespaceHold parent;
    parent.kind = NamespaceKind::Pids;
    hold_pids(space->parent(), parent);
    Path const place = TRY(path_of_namespace(system, std::move(parent)));
    Ref<File> file = TRY(system.vfs.open_path(place, 0, thread.credentials));
    u32 const limit = thread.process().descriptor_limit();
    return i64{TRY(thread.files->add(std::move(file), true, 0, limit))};
}

}  // namespace

u64 flag_of(NamespaceKind kind)
{
    switch (kind) {
    case NamespaceKind::Cgroup: return nf::kCgroup;
    case NamespaceKind::Ipc: return nf::kIpc;
    case NamespaceKind::Mounts: return nf::kMounts;
    case NamespaceKind::Pids:
    case NamespaceKind::PidsOfChildren: return nf::kPid;
    case NamespaceKind::Uts: return nf::kUts;
    }
    UNREACHABLE();
}

StringView name_of(NamespaceKind kind)
{
    switch (kind) {
    case NamespaceKind::Cgroup: return "cgroup";
    case NamespaceKind::Ipc: return "ipc";
    case NamespaceKind::Mounts: return "mnt";
    case NamespaceKind::Pids:
    case NamespaceKind::PidsOfChildren: return "pid";
    case NamespaceKind::Uts: return "uts";
    }
    UNREACHABLE();
}

Result<NamespaceHold> hold_namespace(UserThread const& thread, NamespaceKind kind)
{
    if (!thread.file_context) return Errno::NoEnt;
    NamespaceHold hold;
    hold.kind = kind;
    switch (kind) {
    case NamespaceKind::Cgroup:
        hold.space = thread.cgroup_space;
        hold.number = thread.cgroup_space ? thread.cgroup_space->number() : kFirstCgroup;
        break;
    case NamespaceKind::Ipc:
        hold.space = thread.ipc;
        hold.number = thread.ipc ? thread.ipc->number() : kFirstIpc;
        break;
    case NamespaceKind::Mounts:
        hold.space = thread.file_context->mounts;
        hold.number = thread.file_context->mounts->number();
        break;
    case NamespaceKind::Pids: hold_pids(thread.process().pid_space(), hold); break;
    case NamespaceKind::PidsOfChildren: {
        PidNamespace* const space = thread.child_pids.get();
        bool const is_empty = space != nullptr && space->init == nullptr && !space->has_ended;
        if (is_empty) return Errno::NoEnt;
        hold_pids(space, hold);
        break;
    }
    case NamespaceKind::Uts:
        hold.space = thread.uts;
        hold.number = thread.uts ? thread.uts->number() : kFirstUts;
        break;
    }
    return hold;
}

SystemNames& names_of(UserThread& thread)
{
    return thread.uts ? thread.uts->names : thread.system().names;
}

Result<NewNamespaces> make_namespaces(UserThread& thread,
                                      FileSystemContext const& context,
                                      u64 flags)
{
    NewNamespaces made;
    // Linux asks for CONFIG_USER_NS before it asks who calls.
    if ((flags & nf::kUser) != 0) return Errno::Inval;
    if ((flags & nf::kAll) == 0) return made;
    if (!thread.credentials.has(Capability::SysAdmin)) return Errno::Perm;
    if ((flags & nf::kAll & ~nf::kSupported) != 0) return Errno::Inval;
    System& system = thread.system();
    if ((flags & nf::kUts) != 0) {
        u64 const number = system.vfs.next_namespace_number();
        made.uts = TRY(system.heap.create_ref<UtsNamespace>(number, names_of(thread)));
    }
    if ((flags & nf::kIpc) != 0) {
        made.ipc = TRY(system.heap.create_ref<IpcNamespace>(system.vfs.next_namespace_number()));
    }
    if ((flags & nf::kCgroup) != 0) {
        u64 const number = system.vfs.next_namespace_number();
        made.cgroups =
            TRY(system.heap.create_ref<CgroupNamespace>(number, thread.process().cgroup));
    }
    if ((flags & nf::kPid) != 0) {
        PidNamespace* const own = thread.process().pid_space();
        if (thread.child_pids.get() != own) return Errno::Inval;
        u64 const number = system.vfs.next_namespace_number();
        made.pids = TRY(PidNamespace::create(system.heap, own, number));
    }
    if ((flags & nf::kMounts) != 0) {
        made.root = context.root;
        made.working_directory = context.working_directory;
        Path* places[] = {&made.root, &made.working_directory};
        made.mounts = TRY(system.vfs.mounts().copy(*context.mounts, places));
    }
    return made;
}

void enter_namespaces(UserThread& thread, FileSystemContext& context, NewNamespaces made)
{
    if (made.uts) thread.uts = std::move(made.uts);
    if (made.ipc) thread.ipc = std::move(made.ipc);
    if (made.pids) thread.child_pids = std::move(made.pids);
    if (made.cgroups) thread.cgroup_space = std::move(made.cgroups);
    if (!made.mounts) return;
    // Root and working directory leave the old tree before it goes.
    context.root = std::move(made.root);
    context.working_directory = std::move(made.working_directory);
    context.mounts = std::move(made.mounts);
}

Result<Path> path_of_namespace(System& system, NamespaceHold hold)
{
    Text text(system.heap);
    text << name_of(hold.kind) << ":[" << hold.number << ']';
    if (text.failed()) return Errno::NoMem;
    Ref<NamespaceInode> inode =
        TRY(system.heap.create_ref<NamespaceInode>(system, std::move(hold)));
    return system.vfs.nameless_path(Ref<Inode>(inode), text.view());
}

NamespaceHold const* namespace_of(File& file)
{
    if (file.kind() != FileKind::Namespace) return nullptr;
    return &static_cast<NamespaceFile&>(file).hold();
}

}  // namespace drydock
