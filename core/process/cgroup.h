#pragma once

// cgroups(7), version 2: a tree of groups of processes, and the controller of numbers of processes
// (pids). Every process is in one, with all its threads; what is in the root pays nothing for it: a
// null Cgroup of a process stands for the root, as does that of a namespace.

#include "core/base/text.h"
#include "core/vfs/inode.h"
#include "core/vfs/name.h"

namespace drydock {

// The files of a cgroup, in the order in which they are listed. Those of the controllers are last.
enum class CgroupFileKind : u8 {
    Directory,
    Controllers,
    CpuStat,
    Events,
    Freeze,
    Kill,
    MaximumDepth,
    MaximumDescendants,
    Processes,
    Stat,
    SubtreeControl,
    Threads,
    Type,
    PidsCurrent,
    PidsEvents,
    PidsMaximum,
};
inline constexpr usize kCgroupFileKinds = 16;
inline constexpr usize kFirstPidsFile = static_cast<usize>(CgroupFileKind::PidsCurrent);

// Somebody who has a file of a cgroup in use. It leaves the list when it ends.
class CgroupNode {
public:
    explicit CgroupNode(CgroupFileKind kind) : kind_(kind) {}
    CgroupNode(CgroupNode const&) = delete;
    CgroupNode& operator=(CgroupNode const&) = delete;
    CgroupFileKind kind() const { return kind_; }
    // What the file says is another (fs/kernfs/file.c, kernfs_notify).
    virtual void changed() = 0;
    // The file has been removed.
    virtual void gone() = 0;

    ListHook node_hook{};

protected:
    ~CgroupNode() = default;

private:
    CgroupFileKind const kind_;
};

class Cgroup final : public RefCounted {
public:
    // kernel/cgroup/pids.c, PIDS_MAX: no limit; INT_MAX the same of descendants and depth.
    static constexpr u64 kNoPidsLimit = (u64{1} << 22) + 1;
    static constexpr u32 kNoLimit = 0x7fff'ffff;

    // `parent` null: the root. `owner` has the ids, permissions and times of the folder.
    // Errno::NoMem.
    static Result<Ref<Cgroup>> create(Heap& heap,
                                      Ref<Cgroup> parent,
                                      StringView name,
                                      InodeAttributes const& owner);
    Cgroup(Ref<Cgroup> parent, Name name, InodeAttributes const& owner);
    ~Cgroup() override;

    Cgroup* parent() const { return parent_.get(); }
    bool is_root() const { return !parent_; }
    StringView name() const { return name_.text(); }
    u32 level() const { return level_; }
    // Its folder's inode number; those of its files follow.
    u64 number() const { return number_; }
    static constexpr u64 kNumberStep = 32;

    // --- the tree
    // `child` is found from now on. Errno::Again: cgroup.max.depth or cgroup.max.descendants.
    Result<void> may_have_child() const;
    void add_child(Cgroup& child, u64 number);
    Cgroup* find_child(StringView name);
    // The first whose number is not below, or null.
    Cgroup* child_at_or_above(u64 number);
    // rmdir(2). Errno::Busy while a process or a cgroup is in it.
    Result<void> remove();
    bool is_removed() const { return is_removed_; }
    bool is_at_or_below(Cgroup const& other) const;
    u32 descendants() const { return descendants_; }
    // Removed ones that zombies or namespaces still refer to.
    u32 dying_descendants() const { return dying_descendants_; }
    u32 maximum_descendants = kNoLimit;
    u32 maximum_depth = kNoLimit;

    // --- processes
    // One that lives has come or gone; never of the root.
    void enter();
    void leave();
    bool has_processes() const { return processes_ > 0; }
    bool is_populated() const { return processes_ + populated_children_ > 0; }
    // Of those that have left it, while they were in it and below; nanoseconds (cpu.stat).
    void add_times(u64 user, u64 system);
    u64 user_time() const { return user_time_; }
    u64 system_time() const { return system_time_; }
    // Whether processes may be moved into it. Errno::OpNotSupp, Busy.
    Result<void> may_host() const;
    // "domain", as cgroup.type says it.
    StringView type() const;

    // --- freezing (ProcessTable::set_freeze)
    bool freezes = false;  // cgroup.freeze
    // It or one above it is to be frozen.
    bool is_to_freeze() const;
    bool is_frozen() const { return is_frozen_; }
    void set_frozen(bool is_frozen);
    bool has_only_frozen_children();
    // Those below come before it: from the first leaf upwards.
    Cgroup& first_leaf();
    Cgroup& next_upwards();

    // --- the controller
    bool has_pids() const { return is_root() || parent_->controls_pids_; }
    bool controls_pids() const { return controls_pids_; }
    // For its children; `on` is another than before. Errno::NoEnt, Busy, OpNotSupp.
    Result<void> may_control_pids(bool on);
    void control_pids(bool on, u32 uid, u32 gid);

    // A task more, as far as the limits of the cgroup and those around it allow. Errno::Again.
    Result<void> try_charge();
    // Whatever the limits are.
    void charge(u64 tasks);
    void uncharge(u64 tasks);
    u64 charged() const { return charged_; }
    u64 pids_limit = kNoPidsLimit;
    u64 pids_events() const { return pids_events_; }

    // --- its files
    InodeAttributes& attributes_of(CgroupFileKind kind)
    {
        return attributes_[static_cast<u8>(kind)];
    }
    bool has_file(CgroupFileKind kind) const;
    CgroupNode* find_node(CgroupFileKind kind);
    void add_node(CgroupNode& node) { nodes_.push_back(node); }

private:
    bool can_be_thread_root() const;
    bool is_thread_root() const;
    bool is_valid_domain() const;
    void set_owner(CgroupFileKind kind, u32 uid, u32 gid, Timestamp const& time);
    void notify(CgroupFileKind kind);
    void drop_nodes(usize first_kind);

    Ref<Cgroup> const parent_;
    Name const name_;
    u32 const level_;
    u64 number_ = 1;
    bool is_removed_ = false;
    bool controls_pids_ = false;
    bool is_frozen_ = false;
    u32 descendants_ = 0, dying_descendants_ = 0;
    u32 processes_ = 0;           // With threads that live.
    u32 populated_children_ = 0;  // Children that are populated, or have such.
    u64 charged_ = 0;  // Tasks in it and below, those included that have not been reaped.
    u64 pids_events_ = 0;
    u64 user_time_ = 0, system_time_ = 0;
    InodeAttributes attributes_[kCgroupFileKinds]{};
    Ref<Cgroup> self_{};  // Until it is removed.
    ListHook sibling_hook_{};
    List<Cgroup, &Cgroup::sibling_hook_> children_{};
    List<CgroupNode, &CgroupNode::node_hook> nodes_{};
};

// cgroup_namespaces(7).
class CgroupNamespace final : public RefCounted {
public:
    CgroupNamespace(u64 number, Ref<Cgroup> root) : number_(number), root_(std::move(root)) {}
    u64 number() const { return number_; }
    // Null: the root of all.
    Cgroup* root() const { return root_.get(); }

private:
    u64 const number_;
    Ref<Cgroup> const root_;
};

// The one hierarchy, of a system.
struct CgroupHierarchy {
    Ref<Cgroup> root{};  // Null until it is first mounted.
    FileSystem* file_system = nullptr;
    u64 next_number = 1 + Cgroup::kNumberStep;
    // Options of the mount (cgroups(7)). Beside the first they are about memory, and about how fast
    // a change is.
    bool delegates_namespaces = false, favors_changes = false;
    bool local_events = false, recursive_protection = false;
};

// Where a cgroup is, as seen from another: "/a/b", "/../c". Null: the root.
void append_cgroup_path(Cgroup const* group, Cgroup const* from, Text& text);
Cgroup& common_cgroup(Cgroup& left, Cgroup& right);

}  // namespace drydock
