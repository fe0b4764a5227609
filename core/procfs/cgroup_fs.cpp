#include "core/procfs/cgroup_fs.h"

#include "core/procfs/cgroup_inode.h"

namespace drydock {

namespace {

struct Options {
    bool delegates_namespaces = false, favors_changes = false;
    bool local_events = false, recursive_protection = false;
};

// cgroup2_parse_param().
Result<Options> parse_options(StringView text)
{
    Options options;
    while (!text.is_empty()) {
        usize size = 0;
        while (size < text.size() && text[size] != ',') ++size;
        StringView const word = text.first(size);
        text = text.from(size < text.size() ? size + 1 : size);
        if (word == "nsdelegate") {
            options.delegates_namespaces = true;
        } else if (word == "favordynmods" || word == "nofavordynmods") {
            options.favors_changes = word[0] == 'f';
        } else if (word == "memory_localevents") {
            options.local_events = true;
        } else if (word == "memory_recursiveprot") {
            options.recursive_protection = true;
        } else if (!word.is_empty()) {
            return Errno::Inval;
        }
    }
    return options;
}

// Only the first namespace decides (apply_cgroup_root_flags).
void apply(System& system, Options const& options)
{
    if (running_thread(system).cgroup_space) return;
    system.cgroups.delegates_namespaces = options.delegates_namespaces;
    system.cgroups.favors_changes = options.favors_changes;
    system.cgroups.local_events = options.local_events;
    system.cgroups.recursive_protection = options.recursive_protection;
}

Result<FileSystem*> make_cgroup_fs(void* argument, StringView, StringView text)
{
    System& system = *static_cast<System*>(argument);
    Options const options = TRY(parse_options(text));
    CgroupHierarchy& hierarchy = system.cgroups;
    if (!hierarchy.root) {
        InodeAttributes owner;
        owner.permissions = 0555;
        owner.born = system.vfs.current_time();
        owner.accessed = owner.born;
        owner.modified = owner.born;
        owner.changed = owner.born;
        Own<CgroupFs> made = TRY(system.heap.create<CgroupFs>(system));
        hierarchy.root = TRY(Cgroup::create(system.heap, {}, "", owner));
        hierarchy.file_system = made.take_pointer();
    }
    apply(system, options);
    FileSystem* const file_system = hierarchy.file_system;
    return file_system;
}

void keep(void*, FileSystem&) {}

// In a namespace its root is what is mounted (cgroup_do_get_tree).
Result<Ref<Dentry>> find_root(void* argument, Ref<Dentry> const& top)
{
    System& system = *static_cast<System*>(argument);
    CgroupNamespace* const space = running_thread(system).cgroup_space.get();
    Cgroup* const root = space == nullptr ? nullptr : space->root();
    Ref<Dentry> entry = top;
    u32 const depth = root == nullptr ? 0 : root->level();
    for (u32 level = 1; level <= depth; ++level) {
        Cgroup* at = root;
        while (at->level() > level) at = at->parent();
        entry = TRY(system.vfs.child_of(entry, at->name()));
        if (entry->is_negative()) return Errno::NoEnt;
    }
    return entry;
}

}  // namespace

FileSystemType CgroupFs::type_for(System& system)
{
    FileSystemType type;
    type.name = "cgroup2";
    type.make = make_cgroup_fs;
    type.release = keep;
    type.find_root = find_root;
    type.argument = &system;
    return type;
}

Ref<Inode> CgroupFs::root()
{
    Result<Ref<Inode>> inode = inode_of(*hierarchy().root, CgroupFileKind::Directory);
    if (inode.is_error()) return {};
    return inode.take();
}

Result<void> CgroupFs::reconfigure(StringView text)
{
    Options const options = TRY(parse_options(text));
    apply(system_, options);
    return {};
}

void CgroupFs::describe_options(Text& text)
{
    if (hierarchy().delegates_namespaces) text << ",nsdelegate";
    if (hierarchy().favors_changes) text << ",favordynmods";
    if (hierarchy().local_events) text << ",memory_localevents";
    if (hierarchy().recursive_protection) text << ",memory_recursiveprot";
}

Result<Ref<Inode>> CgroupFs::inode_of(Cgroup& group, CgroupFileKind kind)
{
    if (CgroupNode* const node = group.find_node(kind)) {
        return Ref<Inode>(static_cast<CgroupInode*>(node));
    }
    Ref<CgroupInode> const made =
        TRY(system_.heap.create_ref<CgroupInode>(*this, Ref<Cgroup>(&group), kind));
    return Ref<Inode>(made);
}

// css_tryget_online_from_dir().
Result<Ref<Cgroup>> cgroup_of(File& file)
{
    Inode& inode = file.inode();
    if (inode.file_system().magic() != CgroupFs::kMagic) return Errno::BadF;
    if (inode.type() != InodeType::Directory) return Errno::BadF;
    Ref<Cgroup> group = static_cast<CgroupInode&>(inode).group();
    if (!group) return Errno::NoEnt;
    return group;
}

Result<void> may_move(CgroupFs& file_system,
                      Cgroup& source,
                      Cgroup& target,
                      Credentials const& credentials,
                      Cgroup* visible_root)
{
    constexpr u32 kWrite = 2;
    Cgroup& common = common_cgroup(source, target);
    Ref<Inode> const processes = TRY(file_system.inode_of(common, CgroupFileKind::Processes));
    TRY(file_system.system().vfs.check_access(*processes, kWrite, credentials));
    if (file_system.hierarchy().delegates_namespaces && visible_root != nullptr) {
        bool const sees_both =
            source.is_at_or_below(*visible_root) && target.is_at_or_below(*visible_root);
        if (!sees_both) return Errno::NoEnt;
    }
    return target.may_host();
}

// cgroup_css_set_fork().
Result<void> may_start_in(UserThread& parent, Cgroup& target)
{
    constexpr u32 kWrite = 2;
    System& system = parent.system();
    auto& file_system = *static_cast<CgroupFs*>(system.cgroups.file_system);
    Ref<Inode> const processes = TRY(file_system.inode_of(target, CgroupFileKind::Processes));
    TRY(system.vfs.check_access(*processes, kWrite, parent.credentials));
    Cgroup& source = parent.process().cgroup ? *parent.process().cgroup : *system.cgroups.root;
    Cgroup* const root = parent.cgroup_space ? parent.cgroup_space->root() : nullptr;
    return may_move(file_system, source, target, parent.credentials, root);
}

}  // namespace drydock
