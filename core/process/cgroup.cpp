#include "core/process/cgroup.h"

namespace drydock {

namespace {

// Of files that are for reading, for both, and for writing.
u32 permissions_of(CgroupFileKind kind)
{
    switch (kind) {
    case CgroupFileKind::Controllers:
    case CgroupFileKind::CpuStat:
    case CgroupFileKind::Events:
    case CgroupFileKind::Stat:
    case CgroupFileKind::PidsCurrent:
    case CgroupFileKind::PidsEvents: return 0444;
    case CgroupFileKind::Freeze:
    case CgroupFileKind::MaximumDepth:
    case CgroupFileKind::MaximumDescendants:
    case CgroupFileKind::Processes:
    case CgroupFileKind::SubtreeControl:
    case CgroupFileKind::Threads:
    case CgroupFileKind::Type:
    case CgroupFileKind::PidsMaximum: return 0644;
    case CgroupFileKind::Kill: return 0200;
    case CgroupFileKind::Directory: break;
    }
    UNREACHABLE();
}

}  // namespace

Result<Ref<Cgroup>> Cgroup::create(Heap& heap,
                                   Ref<Cgroup> parent,
                                   StringView name,
                                   InodeAttributes const& owner)
{
    Name kept = TRY(Name::copy_of(heap, name));
    return heap.create_ref<Cgroup>(std::move(parent), std::move(kept), owner);
}

Cgroup::Cgroup(Ref<Cgroup> parent, Name name, InodeAttributes const& owner)
    : parent_(std::move(parent)), name_(std::move(name)), level_(parent_ ? parent_->level() + 1 : 0)
{
    attributes_of(CgroupFileKind::Directory) = owner;
    for (usize i = 1; i < kCgroupFileKinds; ++i) {
        set_owner(static_cast<CgroupFileKind>(i), owner.uid, owner.gid, owner.born);
    }
}

Cgroup::~Cgroup()
{
    ASSERT(nodes_.is_empty());
    ASSERT(!is_populated());
    ASSERT(charged_ == 0);
    if (!is_removed_) return;
    for (Cgroup* at = parent(); at != nullptr; at = at->parent()) --at->dying_descendants_;
}

void Cgroup::set_owner(CgroupFileKind kind, u32 uid, u32 gid, Timestamp const& time)
{
    InodeAttributes& attributes = attributes_of(kind);
    attributes.permissions = permissions_of(kind);
    attributes.uid = uid;
    attributes.gid = gid;
    attributes.accessed = time;
    attributes.modified = time;
    attributes.changed = time;
}

// --- the tree

// kernel/cgroup/cgroup.c, cgroup_check_hierarchy_limits().
Result<void> Cgroup::may_have_child() const
{
    u32 level = 1;
    for (Cgroup const* at = this; at != nullptr; at = at->parent(), ++level) {
        if (at->descendants_ >= at->maximum_descendants) return Errno::Again;
        if (level > at->maximum_depth) return Errno::Again;
    }
    return {};
}

void Cgroup::add_child(Cgroup& child, u64 number)
{
    ASSERT(child.parent() == this);
    ASSERT(children_.last() == nullptr || children_.last()->number() < number);
    child.number_ = number;
    child.self_ = Ref<Cgroup>(&child);
    child.is_frozen_ = child.is_to_freeze();
    children_.push_back(child);
    for (Cgroup* at = this; at != nullptr; at = at->parent()) ++at->descendants_;
}

Cgroup* Cgroup::find_child(StringView name)
{
    for (Cgroup& child : children_) {
        if (child.name() == name) return &child;
    }
    return nullptr;
}

Cgroup* Cgroup::child_at_or_above(u64 number)
{
    for (Cgroup& child : children_) {
        if (child.number() >= number) return &child;
    }
    return nullptr;
}

Result<void> Cgroup::remove()
{
    ASSERT(!is_root());
    if (is_populated() || !children_.is_empty()) return Errno::Busy;
    is_removed_ = true;
    drop_nodes(0);
    sibling_hook_.unlink();
    for (Cgroup* at = parent(); at != nullptr; at = at->parent()) {
        --at->descendants_;
        ++at->dying_descendants_;
    }
    // The last of this, unless somebody else holds it.
    Ref<Cgroup> const self = std::move(self_);
    return {};
}

bool Cgroup::is_at_or_below(Cgroup const& other) const
{
    Cgroup const* at = this;
    while (at != nullptr && at != &other) at = at->parent();
    return at != nullptr;
}

// --- processes

void Cgroup::enter()
{
    ASSERT(!is_root());
    bool was_populated = is_populated();
    ++processes_;
    for (Cgroup* at = this; !was_populated; at = at->parent()) {
        at->notify(CgroupFileKind::Events);
        if (at->is_root()) return;
        was_populated = at->parent()->is_populated();
        ++at->parent()->populated_children_;
    }
}

void Cgroup::leave()
{
    ASSERT(processes_ > 0);
    --processes_;
    for (Cgroup* at = this; !at->is_populated(); at = at->parent()) {
        at->notify(CgroupFileKind::Events);
        if (at->is_root()) return;
        --at->parent()->populated_children_;
    }
}

void Cgroup::add_times(u64 user, u64 system)
{
    for (Cgroup* at = this; !at->is_root(); at = at->parent()) {
        at->user_time_ += user;
        at->system_time_ += system;
    }
}

// A cgroup is a thread root where threaded controllers work among its threads: those could be
// spread over its children. pids is one of them (cgroups(7), thread mode).
bool Cgroup::can_be_thread_root() const { return is_root() || populated_children_ == 0; }
bool Cgroup::is_thread_root() const { return has_processes() && controls_pids_; }

bool Cgroup::is_valid_domain() const
{
    for (Cgroup const* at = parent(); at != nullptr; at = at->parent()) {
        if (!at->is_root() && at->is_thread_root()) return false;
    }
    return true;
}

// cgroup_migrate_vet_dst().
Result<void> Cgroup::may_host() const
{
    if (!is_valid_domain()) return Errno::OpNotSupp;
    if (can_be_thread_root()) return {};
    if (controls_pids_) return Errno::Busy;
    return {};
}

StringView Cgroup::type() const
{
    if (!is_valid_domain()) return "domain invalid";
    return is_thread_root() ? StringView("domain threaded") : StringView("domain");
}

// --- freezing

bool Cgroup::is_to_freeze() const
{
    Cgroup const* at = this;
    while (at != nullptr && !at->freezes) at = at->parent();
    return at != nullptr;
}

void Cgroup::set_frozen(bool is_frozen)
{
    is_frozen_ = is_frozen;
    notify(CgroupFileKind::Events);
}

bool Cgroup::has_only_frozen_children()
{
    for (Cgroup& child : children_) {
        if (!child.is_frozen_) return false;
    }
    return true;
}

Cgroup& Cgroup::first_leaf()
{
    Cgroup* at = this;
    while (Cgroup* const child = at->children_.first()) at = child;
    return *at;
}

Cgroup& Cgroup::next_upwards()
{
    Cgroup* const next = parent_->children_.next(*this);
    return next == nullptr ? *parent_ : next->first_leaf();
}

// --- the controller

// cgroup_subtree_control_write(), cgroup_vet_subtree_control_enable().
Result<void> Cgroup::may_control_pids(bool on)
{
    ASSERT(on != controls_pids_);
    if (!on) {
        for (Cgroup& child : children_) {
            if (child.controls_pids_) return Errno::Busy;
        }
        return {};
    }
    if (!has_pids()) return Errno::NoEnt;
    if (!is_valid_domain()) return Errno::OpNotSupp;
    if (can_be_thread_root()) return {};
    if (has_processes()) return Errno::Busy;
    return {};
}

void Cgroup::control_pids(bool on, u32 uid, u32 gid)
{
    controls_pids_ = on;
    for (Cgroup& child : children_) {
        if (on) {
            child.pids_limit = kNoPidsLimit;
            child.pids_events_ = 0;
            Timestamp const& time = child.attributes_of(CgroupFileKind::Directory).born;
            for (usize i = kFirstPidsFile; i < kCgroupFileKinds; ++i) {
                child.set_owner(static_cast<CgroupFileKind>(i), uid, gid, time);
            }
        } else {
            child.pids_limit = kNoPidsLimit;
            child.drop_nodes(kFirstPidsFile);
        }
    }
}

// kernel/cgroup/pids.c, pids_can_fork(): what a fork is refused for is counted where it forked.
Result<void> Cgroup::try_charge()
{
    for (Cgroup* at = this; !at->is_root(); at = at->parent()) {
        if (at->charged_ < at->pids_limit) continue;
        Cgroup* controlled = this;
        while (!controlled->has_pids()) controlled = controlled->parent();
        ++controlled->pids_events_;
        controlled->notify(CgroupFileKind::PidsEvents);
        return Errno::Again;
    }
    charge(1);
    return {};
}

void Cgroup::charge(u64 tasks)
{
    for (Cgroup* at = this; !at->is_root(); at = at->parent()) at->charged_ += tasks;
}

void Cgroup::uncharge(u64 tasks)
{
    for (Cgroup* at = this; !at->is_root(); at = at->parent()) {
        ASSERT(at->charged_ >= tasks);
        at->charged_ -= tasks;
    }
}

// --- its files

bool Cgroup::has_file(CgroupFileKind kind) const
{
    switch (kind) {
    case CgroupFileKind::Directory:
    case CgroupFileKind::Controllers:
    case CgroupFileKind::CpuStat:
    case CgroupFileKind::MaximumDepth:
    case CgroupFileKind::MaximumDescendants:
    case CgroupFileKind::Processes:
    case CgroupFileKind::Stat:
    case CgroupFileKind::SubtreeControl:
    case CgroupFileKind::Threads: return true;
    case CgroupFileKind::Events:
    case CgroupFileKind::Freeze:
    case CgroupFileKind::Kill:
    case CgroupFileKind::Type: return !is_root();
    case CgroupFileKind::PidsCurrent:
    case CgroupFileKind::PidsEvents:
    case CgroupFileKind::PidsMaximum: return !is_root() && has_pids();
    }
    UNREACHABLE();
}

CgroupNode* Cgroup::find_node(CgroupFileKind kind)
{
    for (CgroupNode& node : nodes_) {
        if (node.kind() == kind) return &node;
    }
    return nullptr;
}

void Cgroup::notify(CgroupFileKind kind)
{
    if (CgroupNode* const node = find_node(kind)) node->changed();
}

void Cgroup::drop_nodes(usize first_kind)
{
    for (CgroupNode* node = nodes_.first(); node != nullptr;) {
        CgroupNode* const next = nodes_.next(*node);
        if (static_cast<usize>(node->kind()) >= first_kind) {
            nodes_.remove(*node);
            node->gone();
        }
        node = next;
    }
}

// --- paths

namespace {

Cgroup const* above(Cgroup const* group, u32 steps)
{
    for (u32 i = 0; i < steps; ++i) group = group->parent();
    return group;
}

}  // namespace

Cgroup& common_cgroup(Cgroup& left, Cgroup& right)
{
    Cgroup* at = &left;
    while (!right.is_at_or_below(*at)) at = at->parent();
    return *at;
}

// fs/kernfs/dir.c, kernfs_path_from_node_locked().
void append_cgroup_path(Cgroup const* group, Cgroup const* from, Text& text)
{
    u32 const depth = group == nullptr ? 0 : group->level();
    u32 const from_depth = from == nullptr ? 0 : from->level();
    u32 common = depth < from_depth ? depth : from_depth;
    while (common > 0 && above(group, depth - common) != above(from, from_depth - common)) --common;
    if (depth == common && from_depth == common) {
        text << '/';
        return;
    }
    for (u32 i = common; i < from_depth; ++i) text << "/..";
    for (u32 i = common + 1; i <= depth; ++i) text << '/' << above(group, depth - i)->name();
}

}  // namespace drydock
