// Shared subtrees (mount_namespaces(7)): what is mounted below one mount of a peer group comes to
// all of them, and to those that listen to the group.

#include "core/vfs/vfs.h"

namespace drydock {

void MountTable::join_group(Mount& mount, Ref<PeerGroup> group)
{
    ASSERT(!mount.peers_);
    group->members_.push_back(mount);
    mount.peers_ = std::move(group);
}

void MountTable::become_slave_of(Mount& mount, Ref<PeerGroup> master)
{
    if (mount.master_) mount.slave_hook_.unlink();
    if (master) master->slaves_.push_back(mount);
    mount.master_ = std::move(master);
}

// Those that listen to a group hear of its master when its last member has left.
void MountTable::leave_group(Mount& mount)
{
    if (!mount.peers_) return;
    Ref<PeerGroup> const group = std::move(mount.peers_);
    mount.peer_hook_.unlink();
    if (!group->members_.is_empty()) return;
    while (Mount* const slave = group->slaves_.first()) become_slave_of(*slave, mount.master_);
}

void MountTable::become_private(Mount& mount)
{
    leave_group(mount);
    become_slave_of(mount, {});
}

// Every mount of the tree gets a group, if it has none; undone or kept by settle_groups().
Result<void> MountTable::make_groups(Mount& top, bool is_recursive)
{
    for (Mount* mount = &top; mount != nullptr; mount = next_in_tree(*mount, top)) {
        if (!mount->peers_) {
            Result<Ref<PeerGroup>> group = heap_.create_ref<PeerGroup>(next_group_++);
            if (group.is_error()) {
                settle_groups(top, false);
                return group.error();
            }
            join_group(*mount, group.take());
            mount->has_new_group_ = true;
        }
        if (!is_recursive) break;
    }
    return {};
}

void MountTable::settle_groups(Mount& top, bool keeps_them)
{
    for (Mount* mount = &top; mount != nullptr; mount = next_in_tree(*mount, top)) {
        if (!mount->has_new_group_) continue;
        mount->has_new_group_ = false;
        if (keeps_them) {
            mount->is_unbindable_ = false;
        } else {
            leave_group(*mount);
        }
    }
}

// The group and, as the list is gone through, all that listen to it directly or through others.
void MountTable::reach(PeerGroup* group, PeerGroup* told_by, GroupList& reached)
{
    if (group == nullptr || group->work_hook_.is_linked()) return;
    group->told_by_ = told_by;
    group->copy_ = nullptr;
    reached.push_back(*group);
}

void MountTable::forget(GroupList& reached)
{
    while (reached.pop_front() != nullptr) {
    }
}

// A copy of the tree of `source`, to stand at the same entry of another mount. Null where that one
// does not show the entry.
Result<Mount*> MountTable::pass_to(
    Mount& target, Mount& source, Relation relation, Dentry& point, Draft& draft)
{
    Mount* const nothing = nullptr;
    // What is only being made, or in no tree any more, hears nothing.
    if (target.name_space_ == nullptr || !point.is_at_or_below(*target.root_)) return nothing;
    Mount* const copy = TRY(copy_tree(source, source.root_, relation, draft));
    set_place(*copy, target, Ref<Dentry>(&point));
    return copy;
}

Result<void> MountTable::pass_to_group(PeerGroup& group,
                                       Path const& place,
                                       GroupList& reached,
                                       Draft& draft)
{
    Dentry& point = *place.entry();
    // The nearest group on the way here that has got a copy; the first has.
    PeerGroup* teller = &group;
    while (teller->copy_ == nullptr) teller = teller->told_by_;
    for (Mount& member : group.members_) {
        if (&member == place.mount().get()) continue;
        Relation relation;
        relation.is_slave = group.copy_ == nullptr;
        relation.makes_group = true;
        Mount& source = group.copy_ == nullptr ? *teller->copy_ : *group.copy_;
        Mount* const copy = TRY(pass_to(member, source, relation, point, draft));
        if (group.copy_ == nullptr) group.copy_ = copy;
    }
    if (group.copy_ != nullptr) teller = &group;
    for (Mount& slave : group.slaves_) {
        if (slave.peers_) {
            reach(slave.peers_.get(), &group, reached);
            continue;
        }
        Relation relation;
        relation.is_slave = true;
        TRY(pass_to(slave, *teller->copy_, relation, point, draft));
    }
    return {};
}

// Drafts copies of the tree of `top` for all that hear of what is mounted at `place`.
Result<void> MountTable::pass_on(Mount& top, Path const& place, Draft& draft)
{
    PeerGroup* const first = place.mount()->peers();
    if (first == nullptr) return {};
    TRY(make_groups(top, true));
    GroupList reached;
    reach(first, nullptr, reached);
    first->copy_ = &top;
    Result<void> outcome;
    for (PeerGroup* group = first; group != nullptr; group = reached.next(*group)) {
        outcome = pass_to_group(*group, place, reached, draft);
        if (outcome.is_error()) break;
    }
    forget(reached);
    settle_groups(top, outcome.is_ok());
    return outcome;
}

Result<void> MountTable::set_propagation(MountNamespace& space, Path const& where, u32 flags)
{
    using namespace mount_flags;
    // mount(2): one of the four, and nothing beside them but MS_REC and MS_SILENT.
    u32 const kind = flags & ~(kRecursive | kSilent);
    if (kind != kShared && kind != kPrivate && kind != kSlave && kind != kUnbindable) {
        return Errno::Inval;
    }
    Mount& top = *TRY(mount_with_root(space, where));
    bool const is_recursive = (flags & kRecursive) != 0;
    if (kind == kShared) {
        TRY(make_groups(top, is_recursive));
        settle_groups(top, true);
    }
    for (Mount* mount = &top; mount != nullptr; mount = next_in_tree(*mount, top)) {
        if (kind == kShared) {
            mount->is_unbindable_ = false;
        } else if (kind == kSlave) {
            Ref<PeerGroup> const group = mount->peers_;
            leave_group(*mount);
            // Without other peers there is nobody to listen to but the group's master.
            if (group && !group->members_.is_empty()) become_slave_of(*mount, group);
        } else {
            become_private(*mount);
            mount->is_unbindable_ = kind == kUnbindable;
        }
        if (!is_recursive) break;
    }
    return {};
}

}  // namespace drydock
