#include "core/vfs/vfs.h"

namespace drydock {

namespace {

namespace ce = change_events;

constexpr u32 kSetGroup = 02000;

}  // namespace

// Tells who watches the directory of its entry.
void Vfs::tell_entry(Place const& place, u32 events)
{
    tell_inode(place.directory.inode(), {events, 0, place.entry->name(), false});
}

// The name was removed. Only when nobody uses the entry any more the file itself may go, and tells
// of that before the directory tells of the name (fs/namei.c, d_delete_notify).
void Vfs::tell_removed(Place& place, u32 kind)
{
    if (place.directory.inode().watches.is_empty()) return;
    char letters[kNameMaximum];
    StringView const name = place.entry->name();
    ASSERT(name.size() <= sizeof(letters));
    memcpy(letters, name.data(), name.size());
    StringView const kept{letters, name.size()};
    place.entry.reset();
    tell_inode(place.directory.inode(), {ce::kDelete | kind, 0, kept, false});
}

// The name is free, and may be created as far as the path goes: mkdir(2), mknod(2), link(2),
// symlink(2).
Result<Vfs::Place> Vfs::find_free_place(Resolver const& resolver,
                                        StringView text,
                                        bool is_directory)
{
    Dots dots = Dots::None;
    Place place = TRY(find_place(resolver, text, dots));
    if (dots != Dots::None) return Errno::Exist;
    if (!place.entry->is_negative()) return Errno::Exist;
    if (place.has_slash && !is_directory) return Errno::NoEnt;
    if (place.directory.mount()->is_read_only()) return Errno::RoFs;
    return place;
}

// Whose the new file is, and how a set-group directory changes that (inode(7)). A set-group program
// is not made for a group that its maker is not in.
void Vfs::inherit(InodeAttributes const& parent,
                  Inode::Creation& creation,
                  Credentials const& credentials)
{
    constexpr u32 kGroupProgram = kSetGroup | 010;
    creation.uid = credentials.fsuid;
    creation.gid = credentials.fsgid;
    if ((parent.permissions & kSetGroup) == 0) return;
    creation.gid = parent.gid;
    if (creation.type == InodeType::Directory) {
        creation.permissions |= kSetGroup;
        return;
    }
    bool const is_foreign =
        !credentials.has(Capability::FileSetId) && !credentials.in_group(parent.gid);
    bool const is_program = (creation.permissions & kGroupProgram) == kGroupProgram;
    if (is_foreign && is_program) creation.permissions &= ~kSetGroup;
}

// Makes the inode and gives it the free name. The creator's ids, the umask and a set-group
// directory decide the rest (inode(7)).
Result<void> Vfs::create_in(Place const& place, Inode::Creation& creation, Resolver const& resolver)
{
    ASSERT(place.entry->is_negative());
    Credentials const& credentials = resolver.credentials;
    TRY(may_create_in(place.directory, credentials));
    Inode& directory = place.directory.inode();
    InodeAttributes const parent = directory.attributes();
    creation.name = place.entry->name();
    if (creation.type == InodeType::SymbolicLink) {
        creation.permissions = 0777;
    } else {
        creation.permissions &= 07777 & ~resolver.context.umask;
    }
    inherit(parent, creation, credentials);
    Ref<Inode> inode = TRY(directory.create(creation));
    place.entry->set_inode(std::move(inode));
    tell_entry(place, ce::kCreate | directory_bit(place.entry->inode()));
    return {};
}

Result<void> Vfs::make_directory(Resolver const& resolver, StringView text, u32 permissions)
{
    Place const place = TRY(find_free_place(resolver, text, true));
    Inode::Creation creation;
    creation.type = InodeType::Directory;
    // mkdir(2): mode & ~umask & 01777.
    creation.permissions = permissions & 01777;
    return create_in(place, creation, resolver);
}

Result<void> Vfs::make_node(
    Resolver const& resolver, StringView text, InodeType type, u32 permissions, u64 device)
{
    // mknod(2): directories have their own call.
    if (type == InodeType::Directory) return Errno::Perm;
    if (type == InodeType::SymbolicLink) return Errno::Inval;
    Place const place = TRY(find_free_place(resolver, text, false));
    bool const is_device = type == InodeType::CharacterDevice || type == InodeType::BlockDevice;
    if (is_device && !resolver.credentials.has(Capability::MakeNode)) {
        TRY(may_create_in(place.directory, resolver.credentials));
        return Errno::Perm;
    }
    Inode::Creation creation;
    creation.type = type;
    creation.permissions = permissions;
    creation.device = is_device ? device : 0;
    return create_in(place, creation, resolver);
}

Result<void> Vfs::make_symlink(Resolver const& resolver, StringView target, StringView text)
{
    if (target.is_empty()) return Errno::NoEnt;
    if (target.size() >= kPathMaximum) return Errno::NameTooLong;
    Place const place = TRY(find_free_place(resolver, text, false));
    Inode::Creation creation;
    creation.type = InodeType::SymbolicLink;
    creation.link_target = target;
    return create_in(place, creation, resolver);
}

Result<void> Vfs::make_link(Path const& target, Resolver const& resolver, StringView text)
{
    Place const place = TRY(find_free_place(resolver, text, false));
    if (!(place.directory.mount() == target.mount())) return Errno::Xdev;
    TRY(may_link(target.inode(), resolver.credentials));
    TRY(may_create_in(place.directory, resolver.credentials));
    // link(2): EPERM for a directory.
    if (target.inode().type() == InodeType::Directory) return Errno::Perm;
    TRY(place.directory.inode().link(place.entry->name(), target.inode()));
    place.entry->set_inode(target.entry()->inode_ref());
    tell_inode(target.inode(), {ce::kAttributes, 0, {}, false});
    tell_entry(place, ce::kCreate);
    return {};
}

Result<void> Vfs::unlink(Resolver const& resolver, StringView text)
{
    Dots dots = Dots::None;
    Place place = TRY(find_place(resolver, text, dots));
    if (dots != Dots::None) return Errno::IsDir;
    if (place.directory.mount()->is_read_only()) return Errno::RoFs;
    if (place.entry->is_negative()) return Errno::NoEnt;
    if (place.has_slash) {
        bool const is_directory = place.entry->inode().type() == InodeType::Directory;
        return is_directory ? Errno::IsDir : Errno::NotDir;
    }
    TRY(may_delete(place, false, resolver));
    if (is_mounted_on(*place.entry, resolver)) return Errno::Busy;
    TRY(place.directory.inode().unlink(place.entry->name()));
    names_.remove(*place.entry);
    name_is_gone(*place.entry);
    tell_inode(place.entry->inode(), {ce::kAttributes, 0, {}, false});
    tell_removed(place, 0);
    return {};
}

Result<void> Vfs::remove_directory(Resolver const& resolver, StringView text)
{
    Dots dots = Dots::None;
    Place place = TRY(find_place(resolver, text, dots));
    // rmdir(2): ".", ".." and "/" each have their error.
    switch (dots) {
    case Dots::Root: return Errno::Busy;
    case Dots::Dot: return Errno::Inval;
    case Dots::DotDot: return Errno::NotEmpty;
    case Dots::None: break;
    }
    if (place.directory.mount()->is_read_only()) return Errno::RoFs;
    TRY(may_delete(place, true, resolver));
    TRY(place.directory.inode().remove_directory(place.entry->name()));
    names_.remove(*place.entry);
    name_is_gone(*place.entry);
    tell_removed(place, ce::kIsDirectory);
    return {};
}

}  // namespace drydock
