// Trees of mounts: walking, copying, and how they come and go as a whole.

#include "core/vfs/vfs.h"

namespace drydock {

MountNamespace::MountNamespace(MountTable& table, u64 number) : table_(table), number_(number)
{
    table_.spaces_.push_back(*this);
}

MountNamespace::~MountNamespace()
{
    hook_.unlink();
    table_.empty(*this);
}

Path MountNamespace::root()
{
    Mount* mount = mounts_.first();
    ASSERT(mount != nullptr);
    while (Mount* const above = mount->child_at(*mount->root())) mount = above;
    return Path(Ref<Mount>(mount), mount->root());
}

// Every mount of the tree below `top`, parents first; null at the end.
Mount* MountTable::next_in_tree(Mount& mount, Mount const& top)
{
    if (Mount* const child = mount.children_.first()) return child;
    return next_behind(mount, top);
}

// The same, without what is below `mount`.
Mount* MountTable::next_behind(Mount& mount, Mount const& top)
{
    for (Mount* here = &mount; here != &top; here = here->parent_.get()) {
        if (Mount* const next = here->parent_->children_.next(*here)) return next;
    }
    return nullptr;
}

bool MountTable::is_below(Mount const* mount, Mount const& top)
{
    for (; mount != nullptr; mount = mount->parent_.get()) {
        if (mount == &top) return true;
    }
    return false;
}

void MountTable::Draft::add(Mount& mount)
{
    mounts.push_back(mount);
    ++size;
}

// mount(2), ENOSPC.
Result<void> MountTable::check_room(Draft& draft) const
{
    if (count_ + draft.size >= kMaximumMounts) return Errno::NoSpc;
    return {};
}

Result<Mount*> MountTable::clone(Mount& source, Ref<Dentry> root, Relation relation, Draft& draft)
{
    TRY(check_room(draft));
    Ref<PeerGroup> group = source.peers_;
    if (relation.is_slave) {
        ASSERT(source.peers_);
        group.reset();
        if (relation.makes_group) group = TRY(heap_.create_ref<PeerGroup>(next_group_++));
    }
    Ref<Mount> mount =
        TRY(create(source.mounted_, std::move(root), source.source(), source.flags_));
    mount->is_unbindable_ = source.is_unbindable_;
    if (group) join_group(*mount, std::move(group));
    Ref<PeerGroup> master = relation.is_slave ? source.peers_ : source.master_;
    if (master) become_slave_of(*mount, std::move(master));
    mount->self_ = mount;
    draft.add(*mount);
    return mount.get();
}

Result<Mount*> MountTable::copy_tree(Mount& source,
                                     Ref<Dentry> const& root,
                                     Relation relation,
                                     Draft& draft)
{
    if (source.is_unbindable_ && !relation.of_namespace) return Errno::Inval;
    source.copy_ = TRY(clone(source, root, relation, draft));
    Mount* next = next_in_tree(source, source);
    while (next != nullptr) {
        Mount& mount = *next;
        bool const is_outside =
            mount.parent_.get() == &source && !mount.point_->is_at_or_below(*root);
        bool const may_copy = !mount.is_unbindable_ || relation.of_namespace;
        if (is_outside || !may_copy) {
            next = next_behind(mount, source);
            continue;
        }
        mount.copy_ = TRY(clone(mount, mount.root_, relation, draft));
        set_place(*mount.copy_, *mount.parent_->copy_, mount.point_);
        enter_place(*mount.copy_);
        next = next_in_tree(mount, source);
    }
    return source.copy_;
}

void MountTable::publish(Mount& mount, MountNamespace& space)
{
    ASSERT(mount.name_space_ == nullptr);
    mount.name_space_ = &space;
    space.mounts_.push_back(mount);
    ++count_;
}

// Everything enters its tree. What was mounted at the place of a root comes to stand on it: that
// happens where a mount arrives below another one that is there already (shared subtrees only).
void MountTable::commit(Draft& draft)
{
    while (Mount* const mount = draft.mounts.pop_front()) {
        Mount& parent = *mount->parent_;
        Mount* covered = nullptr;
        if (!mount->child_hook_.is_linked()) {
            covered = parent.child_at(*mount->point_);
            enter_place(*mount);
        }
        publish(*mount, *parent.name_space_);
        if (covered == nullptr) continue;
        leave_place(*covered);
        set_place(*covered, *mount, mount->root_);
        enter_place(*covered);
    }
    draft.size = 0;
}

// What has been taken out of its tree is on its own from now on, and gone with its last user.
void MountTable::take_apart(MountList& leaving)
{
    while (Mount* const mount = leaving.last()) {
        leaving.remove(*mount);
        if (mount->name_space_ != nullptr) {
            mount->name_space_ = nullptr;
            --count_;
        }
        mount->is_leaving_ = false;
        leave_place(*mount);
        become_private(*mount);
        Ref<Mount> const self = std::move(mount->self_);
    }
}

void MountTable::empty(MountNamespace& space) { take_apart(space.mounts_); }

Result<Ref<MountNamespace>> MountTable::copy(MountNamespace& source, Span<Path*> places)
{
    Mount& top = *source.mounts_.first();
    Draft draft(*this);
    Relation relation;
    relation.of_namespace = true;
    TRY(copy_tree(top, top.root_, relation, draft));
    Ref<MountNamespace> made =
        TRY(heap_.create_ref<MountNamespace>(*this, vfs_.next_namespace_number()));
    while (Mount* const mount = draft.mounts.pop_front()) publish(*mount, *made);
    draft.size = 0;
    for (Path* const place : places) {
        Mount* const mount = place->mount().get();
        if (mount == nullptr || mount->name_space_ != &source || mount->copy_ == nullptr) continue;
        *place = Path(Ref<Mount>(mount->copy_), place->entry());
    }
    for (Mount& mount : source.mounts_) mount.copy_ = nullptr;
    return made;
}

}  // namespace drydock
