#include "core/vfs/vfs.h"

namespace drydock {

namespace {

constexpr u32 kExecute = 1, kWrite = 2, kRead = 4;
constexpr u32 kSetUser = 04000, kSetGroup = 02000, kSticky = 01000;
constexpr u32 kGroupExecute = 010;

// Linux setattr_should_drop_suidgid(): a set-group bit without the right to execute marks mandatory
// locking, and stays with those who may set it.
u32 without_set_ids(InodeAttributes const& now, Credentials const& credentials)
{
    u32 cleared = now.permissions & ~kSetUser;
    bool const may_set = credentials.has(Capability::FileSetId) || credentials.in_group(now.gid);
    if ((cleared & kGroupExecute) != 0 || !may_set) cleared &= ~kSetGroup;
    return cleared;
}

// fs/namei.c, generic_permission(): CAP_DAC_OVERRIDE is for all but executing what nobody may
// execute, CAP_DAC_READ_SEARCH for reading, and for searching directories.
bool may_override(InodeAttributes const& now, u32 mode, Credentials const& credentials)
{
    bool const is_directory = now.type == InodeType::Directory;
    bool const is_program = (mode & kExecute) == 0 || is_directory || (now.permissions & 0111) != 0;
    if (is_program && credentials.has(Capability::DacOverride)) return true;
    bool const only_reads = is_directory ? (mode & kWrite) == 0 : mode == kRead;
    return only_reads && credentials.has(Capability::DacReadSearch);
}

}  // namespace

// inode(7), path_resolution(7): owner, group or others, the first that fits.
Result<void> Vfs::check_access(Inode& inode, u32 mode, Credentials const& credentials)
{
    InodeAttributes const attributes = inode.attributes();
    u32 granted = attributes.permissions & 7;
    if (credentials.fsuid == attributes.uid) {
        granted = (attributes.permissions >> 6) & 7;
    } else if (credentials.in_group(attributes.gid)) {
        granted = (attributes.permissions >> 3) & 7;
    }
    if ((mode & ~granted & 7) == 0 || may_override(attributes, mode, credentials)) return {};
    return Errno::Acces;
}

Result<void> Vfs::may_create_in(Path const& directory, Credentials const& credentials)
{
    if (directory.entry()->is_deleted()) return Errno::NoEnt;
    if (directory.mount()->is_read_only()) return Errno::RoFs;
    return check_access(directory.inode(), kWrite | kExecute, credentials);
}

// proc(5), /proc/sys/fs/protected_hardlinks at 1: no names for other people's files, but for those
// that one could copy as well.
Result<void> Vfs::may_link(Inode& inode, Credentials const& credentials)
{
    InodeAttributes const now = inode.attributes();
    if (credentials.fsuid == now.uid || credentials.has(Capability::FileOwner)) return {};
    constexpr u32 kGroupProgram = kSetGroup | kGroupExecute;
    bool const is_program =
        (now.permissions & kSetUser) != 0 || (now.permissions & kGroupProgram) == kGroupProgram;
    if (now.type != InodeType::Regular || is_program) return Errno::Perm;
    if (check_access(inode, kRead | kWrite, credentials).is_error()) return Errno::Perm;
    return {};
}

Result<void> Vfs::drop_set_ids(Inode& inode, Credentials const& credentials)
{
    if (credentials.has(Capability::FileSetId) || inode.type() != InodeType::Regular) return {};
    InodeAttributes const now = inode.attributes();
    AttributeChange change;
    change.has_permissions = true;
    change.permissions = without_set_ids(now, credentials);
    if (change.permissions == now.permissions) return {};
    return inode.change_attributes(change);
}

// Something is mounted on it in the caller's own tree: only that keeps a name (fs/namespace.c,
// is_local_mountpoint).
bool Vfs::is_mounted_on(Dentry const& entry, Resolver const& resolver)
{
    if (!entry.is_mount_point()) return false;
    MountNamespace* const space = resolver.context.mounts.get();
    if (space == nullptr) return true;
    for (Mount const& mount : space->mounts()) {
        if (mount.point().get() == &entry) return true;
    }
    return false;
}

// What others have mounted on a name goes with it.
void Vfs::name_is_gone(Dentry& entry)
{
    if (entry.is_mount_point()) mounts_.detach_all_at(entry);
}

// unlink(2), rmdir(2), rename(2): what removing a name needs.
Result<void> Vfs::may_delete(Place const& place, bool as_directory, Resolver const& resolver)
{
    Credentials const& credentials = resolver.credentials;
    if (place.entry->is_negative()) return Errno::NoEnt;
    if (place.directory.mount()->is_read_only()) return Errno::RoFs;
    TRY(check_access(place.directory.inode(), kWrite | kExecute, credentials));
    InodeAttributes const parent = place.directory.inode().attributes();
    InodeAttributes const victim = place.entry->inode().attributes();
    bool const is_owner = credentials.fsuid == victim.uid || credentials.fsuid == parent.uid;
    if ((parent.permissions & kSticky) != 0 && !is_owner &&
        !credentials.has(Capability::FileOwner)) {
        return Errno::Perm;
    }
    bool const is_directory = victim.type == InodeType::Directory;
    if (as_directory && !is_directory) return Errno::NotDir;
    if (!as_directory && is_directory) return Errno::IsDir;
    if (as_directory && is_mounted_on(*place.entry, resolver)) return Errno::Busy;
    return {};
}

namespace {

// chmod(2), chown(2), utimensat(2): who may, and which bits vanish on the way.
Result<void> check_owner_rules(InodeAttributes const& now,
                               AttributeChange& change,
                               Credentials const& credentials)
{
    bool const may_give_away = credentials.has(Capability::Chown);
    bool const is_owner = credentials.fsuid == now.uid;
    bool const acts_as_owner = is_owner || credentials.has(Capability::FileOwner);
    if (change.has_uid && !may_give_away && (!is_owner || change.uid != now.uid)) {
        return Errno::Perm;
    }
    if (change.has_gid && !may_give_away) {
        bool const is_allowed = change.gid == now.gid || credentials.in_group(change.gid);
        if (!is_owner || !is_allowed) return Errno::Perm;
    }
    if (change.has_permissions) {
        if (!acts_as_owner) return Errno::Perm;
        u32 const group = change.has_gid ? change.gid : now.gid;
        bool const may_set = credentials.in_group(group) || credentials.has(Capability::FileSetId);
        if (!may_set) change.permissions &= ~kSetGroup;
    }
    // chown(2) clears the set-id bits of what is no directory, whoever calls.
    if (change.drops_set_ids && now.type != InodeType::Directory) {
        u32 const cleared = without_set_ids(now, credentials);
        if (cleared != now.permissions) {
            if (!acts_as_owner) return Errno::Perm;
            change.has_permissions = true;
            change.permissions = cleared;
        }
    }
    return {};
}

// Linux fsnotify_change().
u32 events_of(AttributeChange const& change)
{
    namespace ce = change_events;
    u32 events = 0;
    if (change.has_permissions || change.has_uid || change.has_gid) events |= ce::kAttributes;
    if (change.has_size) events |= ce::kModify;
    if (change.has_accessed && change.has_modified) {
        events |= ce::kAttributes;
    } else if (change.has_accessed) {
        events |= ce::kAccess;
    } else if (change.has_modified) {
        events |= ce::kModify;
    }
    return events;
}

}  // namespace

Result<void> Vfs::change_attributes(Path const& path,
                                    AttributeChange const& wanted,
                                    Credentials const& credentials)
{
    AttributeChange change = wanted;
    Inode& inode = path.inode();
    InodeAttributes const now = inode.attributes();
    if (change.has_size) {
        // truncate(2).
        if (now.type == InodeType::Directory) return Errno::IsDir;
        if (now.type != InodeType::Regular) return Errno::Inval;
    }
    if (path.mount()->is_read_only()) return Errno::RoFs;
    if (change.has_size) {
        TRY(check_access(inode, kWrite, credentials));
        TRY(inode.write_access.check());
    }
    if (change.has_accessed || change.has_modified) {
        bool const is_owner =
            credentials.fsuid == now.uid || credentials.has(Capability::FileOwner);
        if (!is_owner) {
            if (!change.times_are_now) return Errno::Perm;
            TRY(check_access(inode, kWrite, credentials));
        }
        if (change.times_are_now) {
            Timestamp const time = current_time();
            if (change.has_accessed) change.accessed = time;
            if (change.has_modified) change.modified = time;
        }
    }
    TRY(check_owner_rules(now, change, credentials));
    if (change.has_size) TRY(drop_set_ids(inode, credentials));
    TRY(inode.change_attributes(change));
    tell_path(path, events_of(change));
    return {};
}

}  // namespace drydock
