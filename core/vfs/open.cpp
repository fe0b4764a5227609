#include "core/vfs/directory_file.h"
#include "core/vfs/walk.h"

namespace drydock {

namespace {

constexpr u32 kSearch = 1, kWrite = 2, kRead = 4;
// What open(2) acts on once; fcntl(F_GETFL) does not show it.
constexpr u32 kOnce = open_flags::kCreate | open_flags::kExclusive | open_flags::kNoControllingTty |
                      open_flags::kTruncate | open_flags::kCloseOnExec;

bool has_all(u32 flags, u32 wanted) { return (flags & wanted) == wanted; }

}  // namespace

// The walk up to what will be opened: follows the last link, creates a missing file.
Result<Path> Vfs::open_last(
    PathWalk& walk, Resolver const& resolver, u32 flags, u32 permissions, bool& created)
{
    using namespace open_flags;
    bool const creates = (flags & kCreate) != 0;
    while (true) {
        TRY(walk.walk_to_last());
        if (walk.last() != PathWalk::Last::Name) {
            // A magic link (/proc/self/fd/1) ends here too, at what it stands for.
            bool const is_directory = walk.current().inode().type() == InodeType::Directory;
            if (has_all(flags, kCreate | kExclusive)) return Errno::Exist;
            if (creates && is_directory) return Errno::IsDir;
            TRY(walk.take_dots());
            return Path(walk.current());
        }
        if (creates && walk.last_has_slash()) return Errno::IsDir;
        Place place;
        place.entry = TRY(lookup_child(walk.current().entry(), walk.last_name()));
        if (place.entry->is_negative()) {
            if (!creates) return Errno::NoEnt;
            place.directory = walk.current();
            Inode::Creation creation;
            creation.permissions = permissions;
            TRY(create_in(place, creation, resolver));
            created = true;
            return Path(place.directory.mount(), place.entry);
        }
        if (has_all(flags, kCreate | kExclusive)) return Errno::Exist;
        Path found = cross_mounts(Path(walk.current().mount(), place.entry));
        TRY(walk.check_mount(found));
        bool const is_link = found.inode().type() == InodeType::SymbolicLink;
        bool const stays = (flags & kNoFollow) != 0 && !walk.last_has_slash();
        if (!is_link || stays) return found;
        TRY(walk.push_link(found));
    }
}

Result<Ref<File>> Vfs::open(Resolver const& resolver, StringView text, u32 flags, u32 permissions)
{
    using namespace open_flags;
    // open(2) O_PATH: all other flags are ignored.
    if ((flags & kPath) != 0) flags &= kPath | kDirectory | kNoFollow | kCloseOnExec;
    constexpr u32 kTemporaryAlone = kTemporary & ~kDirectory;
    if ((flags & kTemporaryAlone) != 0 && (flags & kDirectory) == 0) return Errno::Inval;
    if (has_all(flags, kTemporary)) return open_temporary(resolver, text, flags, permissions);
    if (has_all(flags, kCreate | kDirectory)) return Errno::Inval;

    PathWalk walk(*this, resolver);
    TRY(walk.start(text));
    bool created = false;
    Path path = TRY(open_last(walk, resolver, flags, permissions, created));
    record(EventKind::PathLookup, walk.components());
    InodeType const type = path.inode().type();
    bool const needs_directory = (flags & kDirectory) != 0 || walk.needs_directory();
    if ((flags & kCreate) != 0 && type == InodeType::Directory) return Errno::IsDir;
    if (needs_directory && type != InodeType::Directory) return Errno::NotDir;
    if ((flags & kPath) != 0) {
        return open_place(
            *this,
            OpenRequest{
                path.entry()->inode_ref(), path, flags & ~kCloseOnExec, &resolver.credentials});
    }
    // open(2): a link at the end with O_NOFOLLOW.
    if (type == InodeType::SymbolicLink) return Errno::Loop;
    Result<Ref<File>> file = open_inode(path, flags, resolver.credentials, !created);
    if (file.is_error() && created) {
        // Nobody has seen the new name yet: it goes again.
        Dentry& entry = *path.entry();
        if (entry.parent()->inode().unlink(entry.name()).is_ok()) names_.remove(entry);
    }
    return file;
}

Result<Ref<File>> Vfs::open_path(Path const& path, u32 flags, Credentials const& credentials)
{
    if (path.inode().type() == InodeType::SymbolicLink) return Errno::Loop;
    return open_inode(path, flags, credentials, true);
}

Result<Ref<File>> Vfs::open_inode(Path const& path,
                                  u32 flags,
                                  Credentials const& credentials,
                                  bool check)
{
    using namespace open_flags;
    Ref<Inode> const inode = path.entry()->inode_ref();
    InodeType const type = inode->type();
    if (type == InodeType::Socket) return Errno::Nxio;
    if (type != InodeType::Regular && type != InodeType::Directory) flags &= ~kTruncate;
    bool const is_device = type == InodeType::CharacterDevice || type == InodeType::BlockDevice;
    if (is_device && (path.mount()->flags() & mount_flags::kNoDev) != 0) return Errno::Acces;
    u32 const mode = flags & kAccessMode;
    bool const writes = mode != kReadOnly || (check && (flags & kTruncate) != 0);
    if (writes && type == InodeType::Directory) return Errno::IsDir;
    bool const is_stored = type == InodeType::Regular || type == InodeType::Directory;
    if (writes && is_stored && path.mount()->is_read_only()) return Errno::RoFs;
    if (check) {
        u32 const wanted = (mode != kWriteOnly ? kRead : 0) | (writes ? kWrite : 0);
        TRY(check_access(*inode, wanted, credentials));
    }
    if ((flags & kNoAtime) != 0 && !credentials.has(Capability::FileOwner) &&
        inode->attributes().uid != credentials.fsuid) {
        return Errno::Perm;
    }
    // open(2) EINVAL: only files can do without a cache.
    if ((flags & kDirect) != 0 && type != InodeType::Regular) return Errno::Inval;
    OpenRequest const request{inode, path, flags & ~(kOnce & ~kNoControllingTty), &credentials};
    if (type == InodeType::Regular && writes) TRY(inode->write_access.check());
    Ref<File> file = TRY(inode->open(request));
    file->set_flags(file->flags() & ~kOnce);
    if (mode != kReadOnly && is_stored) file->keep_mount_writable();
    if (type == InodeType::Regular && file->is_writable()) TRY(file->begin_writing());
    file->tell_opened();
    u64 file_id = 0;
    if (type == InodeType::Regular) {
        if ((flags & kTruncate) != 0) {
            TRY(drop_set_ids(*inode, credentials));
            AttributeChange change;
            change.has_size = true;
            TRY(inode->change_attributes(change));
            tell_path(path, change_events::kModify);
        }
        Result<Ref<FileCache>> cache = inode->cache();
        if (cache.is_ok()) file_id = cache.value()->id();
    }
    record(EventKind::OpenFile, file_id);
    return file;
}

// open(2) O_TMPFILE: a file without a name in the directory's file system.
Result<Ref<File>> Vfs::open_temporary(Resolver const& resolver,
                                      StringView text,
                                      u32 flags,
                                      u32 permissions)
{
    using namespace open_flags;
    if ((flags & kAccessMode) == kReadOnly || (flags & kCreate) != 0) return Errno::Inval;
    LookupOptions options;
    options.follow_last = (flags & kNoFollow) == 0;
    options.must_be_directory = true;
    Path const directory = TRY(resolve(resolver, text, options));
    // A directory that was removed will do, as on Linux (vfs_tmpfile()).
    if (directory.mount()->is_read_only()) return Errno::RoFs;
    TRY(check_access(directory.inode(), kWrite | kSearch, resolver.credentials));
    Inode::Creation creation;
    creation.may_get_name = (flags & kExclusive) == 0;
    creation.permissions = permissions & 07777 & ~resolver.context.umask;
    inherit(directory.inode().attributes(), creation, resolver.credentials);
    Ref<Inode> inode = TRY(directory.inode().create_temporary(creation));
    Ref<Dentry> entry = TRY(names_.create_unlisted(directory.entry(), "#", std::move(inode)));
    // It has no name that getcwd-like callers could show.
    names_.remove(*entry);
    Path const path(directory.mount(), std::move(entry));
    Ref<File> file = TRY(open_inode(path, flags & ~kTemporary, resolver.credentials, false));
    file->set_flags(file->flags() | kTemporary);
    return file;
}

}  // namespace drydock
