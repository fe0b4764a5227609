// umount2(2): what goes from the tree of the caller, and from those that heard when it came.

#include "core/vfs/vfs.h"

namespace drydock {

namespace {

// References to a mount that nobody uses: its tree's, and the path of who unmounts it.
constexpr u32 kUnused = 2;

}  // namespace

// Somebody is inside, or would be elsewhere.
bool MountTable::is_busy(Mount& mount)
{
    // What is mounted on it holds it as well.
    if (mount.references() > kUnused) return true;
    if (!mount.parent_->peers_) return false;
    GroupList reached;
    bool is_used = false;
    auto const look = [&](Mount& parent) {
        Mount* const copy = parent.child_at(*mount.point_);
        if (copy == nullptr || copy == &mount) return;
        // One that has something mounted inside stays, whoever uses it.
        Mount* const above = copy->child_at(*copy->root_);
        bool const has_only_cover =
            above != nullptr && copy->children_.first() == copy->children_.last();
        if (copy->has_children() && !has_only_cover) return;
        u32 const unused = has_only_cover ? kUnused : kUnused - 1;
        is_used |= copy->references() > unused;
    };
    reach(mount.parent_->peers_.get(), nullptr, reached);
    for (PeerGroup* group = reached.first(); group != nullptr; group = reached.next(*group)) {
        for (Mount& member : group->members_) look(member);
        for (Mount& slave : group->slaves_) {
            reach(slave.peers_.get(), group, reached);
            if (!slave.peers_) look(slave);
        }
    }
    forget(reached);
    return is_used;
}

void MountTable::leave_tree(Mount& mount, MountList& leaving)
{
    mount.is_leaving_ = true;
    mount.tree_hook_.unlink();
    leaving.push_back(mount);
}

// The mount at the same place of another mount, unless something is mounted inside it. What covers
// it stands on its place then.
void MountTable::collect_copy(Mount& parent, Dentry& point, MountList& leaving)
{
    Mount* const copy = parent.child_at(point);
    if (copy == nullptr || copy->is_leaving_) return;
    Mount* cover = nullptr;
    for (Mount& child : copy->children_) {
        if (child.is_leaving_) continue;
        if (cover != nullptr || child.point_ != copy->root_) return;
        cover = &child;
    }
    leave_tree(*copy, leaving);
    if (cover == nullptr) return;
    leave_place(*copy);
    leave_place(*cover);
    set_place(*cover, parent, Ref<Dentry>(&point));
    enter_place(*cover);
}

// The tree of `top`, and its copies where the mounts that it stands on have peers and slaves.
void MountTable::collect(Mount& top, MountList& leaving)
{
    for (Mount* mount = &top; mount != nullptr; mount = next_in_tree(*mount, top)) {
        leave_tree(*mount, leaving);
    }
    // From the leaves on, so that copies are empty when their turn comes.
    for (Mount* mount = leaving.last(); mount != nullptr; mount = leaving.previous(*mount)) {
        if (!mount->parent_ || !mount->parent_->peers_) continue;
        Ref<Mount> const parent = mount->parent_;
        Ref<Dentry> const point = mount->point_;
        MountList copies;
        GroupList reached;
        reach(parent->peers_.get(), nullptr, reached);
        for (PeerGroup* group = reached.first(); group != nullptr; group = reached.next(*group)) {
            for (Mount& member : group->members_) collect_copy(member, *point, copies);
            for (Mount& slave : group->slaves_) {
                reach(slave.peers_.get(), group, reached);
                if (!slave.peers_) collect_copy(slave, *point, copies);
            }
        }
        forget(reached);
        // Behind this one: they have been told of already.
        leaving.splice_back(copies);
    }
}

// umount2(2), MNT_EXPIRE: marked the first time, unmounted the second, unless it was used.
Result<void> MountTable::expire(Mount& mount)
{
    if (mount.references() > kUnused) return Errno::Busy;
    bool const is_marked = mount.expires_at_use_ != 0 && mount.expires_at_use_ == mount.uses_;
    if (is_marked) return {};
    // The next look-up is that of the second call.
    mount.expires_at_use_ = mount.uses_ + 1;
    return Errno::Again;
}

Result<void> MountTable::unmount(MountNamespace& space,
                                 Path const& where,
                                 UnmountOptions const& options)
{
    Mount& mount = *TRY(mount_with_root(space, where));
    bool const is_own_root = options.root != nullptr && options.root->mount() == where.mount();
    if (options.expire) {
        if (is_own_root || options.detach) return Errno::Inval;
        TRY(expire(mount));
    }
    if (is_own_root && !options.detach) {
        MountedFileSystem& mounted = mount.mounted();
        return change_file_system(mounted, mounted.flags() | mount_flags::kReadOnly, {});
    }
    // The root of a tree stays.
    if (!mount.parent()) return Errno::Inval;
    if (!options.detach && is_busy(mount)) return Errno::Busy;
    MountList leaving;
    collect(mount, leaving);
    take_apart(leaving);
    return {};
}

void MountTable::detach_all_at(Dentry& point)
{
    MountList leaving;
    for (MountNamespace& space : spaces_) {
        for (Mount* mount = space.mounts_.first(); mount != nullptr;) {
            if (mount->point_.get() != &point) {
                mount = space.mounts_.next(*mount);
                continue;
            }
            for (Mount* each = mount; each != nullptr; each = next_in_tree(*each, *mount)) {
                leave_tree(*each, leaving);
            }
            mount = space.mounts_.first();
        }
    }
    take_apart(leaving);
}

}  // namespace drydock
