#include "core/vfs/walk.h"

namespace drydock {

Result<Ref<Dentry>> Vfs::lookup_child(Ref<Dentry> const& directory, StringView name)
{
    if (name.size() > kNameMaximum) return Errno::NameTooLong;
    Inode& inode = directory->inode();
    if (!inode.has_stable_names()) {
        Ref<Inode> found = TRY(inode.lookup(name));
        return names_.create_unlisted(directory, name, std::move(found));
    }
    if (Dentry* const known = names_.find(*directory, name)) return Ref<Dentry>(known);
    Result<Ref<Inode>> found = inode.lookup(name);
    if (found.is_error() && found.error() != Errno::NoEnt) return found.error();
    Ref<Inode> child;
    if (found.is_ok()) child = found.take();
    // Nobody will ask a removed directory again.
    if (directory->is_deleted()) return names_.create_unlisted(directory, name, std::move(child));
    return names_.insert(directory, name, std::move(child));
}

void Vfs::forget_name(Dentry& directory, StringView folder, StringView name)
{
    Dentry* const known = names_.find(directory, folder);
    if (known == nullptr || known->is_negative()) return;
    if (Dentry* const entry = names_.find(*known, name)) names_.remove(*entry);
}

Path Vfs::cross_mounts(Path path)
{
    while (path.entry()->is_mount_point()) {
        Mount* const mount = path.mount()->child_at(*path.entry());
        if (mount == nullptr) break;
        mount->note_use();
        path = Path(Ref<Mount>(mount), mount->root());
    }
    return path;
}

bool Vfs::is_reachable(Path const& path, Path const& root)
{
    Mount* mount = path.mount().get();
    Dentry* entry = path.entry().get();
    while (mount != root.mount().get() && mount->parent()) {
        entry = mount->point().get();
        mount = mount->parent().get();
    }
    return mount == root.mount().get() && entry->is_at_or_below(*root.entry());
}

// "..": stays at the root, leaves a mount through its place.
Path Vfs::step_up(Path const& path, Path const& root)
{
    Path place = path;
    while (!(place == root)) {
        Mount& mount = *place.mount();
        if (place.entry() == mount.root()) {
            if (!mount.parent()) break;
            place = Path(mount.parent(), mount.point());
            continue;
        }
        if (!place.entry()->parent()) break;
        place = Path(place.mount(), place.entry()->parent());
        break;
    }
    return cross_mounts(std::move(place));
}

Result<Path> Vfs::resolve(Resolver const& resolver, StringView text, LookupOptions options)
{
    PathWalk walk(*this, resolver);
    TRY(walk.start(text));
    while (true) {
        TRY(walk.walk_to_last());
        if (walk.last() != PathWalk::Last::Name) {
            TRY(walk.take_dots());
            break;
        }
        bool const follows = options.follow_last || walk.last_has_slash();
        bool const has_followed = TRY(walk.step(walk.last_name(), follows));
        if (!has_followed) break;
    }
    record(EventKind::PathLookup, walk.components());
    bool const needs_directory = options.must_be_directory || walk.needs_directory();
    if (needs_directory && walk.current().inode().type() != InodeType::Directory)
        return Errno::NotDir;
    return walk.take_current();
}

Result<Vfs::Place> Vfs::find_parent(PathWalk& walk, StringView text, Dots& dots)
{
    TRY(walk.start(text));
    TRY(walk.walk_to_last());
    record(EventKind::PathLookup, walk.components());
    dots = Dots::None;
    switch (walk.last()) {
    case PathWalk::Last::Root: dots = Dots::Root; break;
    case PathWalk::Last::Dot: dots = Dots::Dot; break;
    case PathWalk::Last::DotDot: dots = Dots::DotDot; break;
    case PathWalk::Last::Jumped:
    case PathWalk::Last::Name: break;
    }
    Place place;
    place.directory = walk.current();
    place.has_slash = walk.last_has_slash();
    return place;
}

Result<void> Vfs::check_parent(Resolver const& resolver, StringView text)
{
    PathWalk walk(*this, resolver);
    Dots dots = Dots::None;
    TRY(find_parent(walk, text, dots));
    return {};
}

Result<void> Vfs::find_entry(PathWalk& walk, Place& place)
{
    // The last component is not followed here, so nothing can have jumped over it.
    ASSERT(walk.last() == PathWalk::Last::Name);
    place.entry = TRY(lookup_child(walk.current().entry(), walk.last_name()));
    return {};
}

Result<Vfs::Place> Vfs::find_place(Resolver const& resolver, StringView text, Dots& dots)
{
    PathWalk walk(*this, resolver);
    Place place = TRY(find_parent(walk, text, dots));
    if (dots == Dots::None) TRY(find_entry(walk, place));
    return place;
}

}  // namespace drydock
