#include "core/vfs/walk.h"

namespace drydock {

namespace {

namespace ce = change_events;

constexpr u32 kWrite = 2;

bool is_directory(Dentry const& entry)
{
    return !entry.is_negative() && entry.inode().type() == InodeType::Directory;
}

}  // namespace

Result<void> Vfs::rename(Resolver const& source_resolver,
                         StringView source_text,
                         Resolver const& target_resolver,
                         StringView target_text,
                         RenameOptions options)
{
    if (options.exchange && (options.no_replace || options.leaves_whiteout)) return Errno::Inval;
    Dots source_dots = Dots::None;
    Dots target_dots = Dots::None;
    // Both directories first, then the names, the new one only if the old one is there
    // (fs/namei.c, do_renameat2).
    PathWalk source_walk(*this, source_resolver);
    PathWalk target_walk(*this, target_resolver);
    Place source = TRY(find_parent(source_walk, source_text, source_dots));
    Place target = TRY(find_parent(target_walk, target_text, target_dots));
    if (!(source.directory.mount() == target.directory.mount())) return Errno::Xdev;
    if (source_dots != Dots::None) return Errno::Busy;
    if (target_dots != Dots::None) return options.no_replace ? Errno::Exist : Errno::Busy;
    if (source.directory.mount()->is_read_only()) return Errno::RoFs;
    TRY(find_entry(source_walk, source));
    if (source.entry->is_negative()) return Errno::NoEnt;
    TRY(find_entry(target_walk, target));
    TRY(check_rename(source, target, options, source_resolver.credentials));
    return rename_places(source, target, options, source_resolver);
}

// rename(2): what can be said before anybody's rights are looked at.
Result<void> Vfs::check_rename(Place const& source,
                               Place const& target,
                               RenameOptions options,
                               Credentials const&)
{
    if (options.no_replace && !target.entry->is_negative()) return Errno::Exist;
    if (options.exchange && target.entry->is_negative()) return Errno::NoEnt;
    bool const source_is_directory = is_directory(*source.entry);
    if (options.exchange && !is_directory(*target.entry) && target.has_slash) return Errno::NotDir;
    if (!source_is_directory) {
        if (source.has_slash) return Errno::NotDir;
        if (!options.exchange && target.has_slash) return Errno::NotDir;
    }
    if (target.directory.entry()->is_at_or_below(*source.entry)) return Errno::Inval;
    if (source.directory.entry()->is_at_or_below(*target.entry)) {
        return options.exchange ? Errno::Inval : Errno::NotEmpty;
    }
    return {};
}

// One name became another (Linux fsnotify_move()). `source.entry` is the entry that moved, and has
// its new name.
void Vfs::tell_moved(Place const& source, Place const& target, StringView old_name, Inode* replaced)
{
    Inode& moved = source.entry->inode();
    u32 const kind = directory_bit(moved);
    u32 const cookie = ++last_move_;
    StringView const new_name = source.entry->name();
    tell_inode(source.directory.inode(), {ce::kMovedFrom | kind, cookie, old_name, false});
    tell_inode(target.directory.inode(), {ce::kMovedTo | kind, cookie, new_name, false});
    if (replaced != nullptr) tell_inode(*replaced, {ce::kAttributes, 0, {}, false});
    tell_inode(moved, {ce::kMoveSelf, 0, {}, false});
}

Result<void> Vfs::rename_places(Place const& source,
                                Place const& target,
                                RenameOptions options,
                                Resolver const& resolver)
{
    Credentials const& credentials = resolver.credentials;
    bool const target_exists = !target.entry->is_negative();
    // Two names of one file: nothing to do, and both stay.
    if (target_exists && source.entry->inode_ref() == target.entry->inode_ref()) return {};
    bool const source_is_directory = is_directory(*source.entry);
    bool const target_is_directory = is_directory(*target.entry);
    TRY(may_delete(source, source_is_directory, resolver));
    if (target_exists) {
        TRY(may_delete(
            target, options.exchange ? target_is_directory : source_is_directory, resolver));
    } else {
        TRY(may_create_in(target.directory, credentials));
    }
    bool const changes_parent = !(source.directory.entry() == target.directory.entry());
    // A directory that moves gets another "..".
    if (changes_parent && source_is_directory) {
        TRY(check_access(source.entry->inode(), kWrite, credentials));
    }
    if (changes_parent && options.exchange && target_is_directory) {
        TRY(check_access(target.entry->inode(), kWrite, credentials));
    }
    if (is_mounted_on(*source.entry, resolver) || is_mounted_on(*target.entry, resolver)) {
        return Errno::Busy;
    }

    Inode& from = source.directory.inode();
    Inode& to = target.directory.inode();
    if (options.exchange) {
        TRY(from.exchange(source.entry->name(), to, target.entry->name()));
        names_.swap(*source.entry, *target.entry);
        // Each has the other's name now.
        tell_moved(source, target, target.entry->name(), nullptr);
        tell_moved(target, source, source.entry->name(), nullptr);
        return {};
    }
    Name name = TRY(Name::copy_of(heap_, target.entry->name()));
    Inode::Creation whiteout;
    whiteout.name = source.entry->name();
    whiteout.type = InodeType::CharacterDevice;
    whiteout.uid = credentials.fsuid;
    whiteout.gid = credentials.fsgid;
    TRY(from.rename(source.entry->name(),
                    to,
                    target.entry->name(),
                    options.leaves_whiteout ? &whiteout : nullptr));
    names_.remove(*target.entry);
    name_is_gone(*target.entry);
    char letters[kNameMaximum];
    StringView const old_name = source.entry->name();
    ASSERT(old_name.size() <= sizeof(letters));
    memcpy(letters, old_name.data(), old_name.size());
    StringView const kept{letters, old_name.size()};
    names_.move(*source.entry, target.directory.entry(), std::move(name));
    tell_moved(source, target, kept, target_exists ? &target.entry->inode() : nullptr);
    return {};
}

}  // namespace drydock
