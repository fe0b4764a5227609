#pragma once

// cgroup2 (cgroups(7)): the tree of cgroups as folders. There is one, however often it is mounted.

#include "core/process/process_table.h"

namespace drydock {

class CgroupFs final : public FileSystem {
public:
    explicit CgroupFs(System& system) : system_(system), device_(system.vfs.next_device_number()) {}

    StringView type_name() override { return "cgroup2"; }
    u64 device_number() override { return device_; }
    u64 magic() override { return kMagic; }
    Statistics statistics() override { return {}; }
    // Null if there is no memory for it.
    Ref<Inode> root() override;
    Result<void> reconfigure(StringView options) override;
    void describe_options(Text& text) override;
    // What mount(2) makes of "cgroup2": hierarchy and file system when it is first asked for.
    static FileSystemType type_for(System& system);

    System& system() { return system_; }
    CgroupHierarchy& hierarchy() { return system_.cgroups; }
    // The inode that is in use, or a new one. Errno::NoMem.
    Result<Ref<Inode>> inode_of(Cgroup& group, CgroupFileKind kind);

    static constexpr u64 kMagic = 0x63677270;  // CGROUP2_SUPER_MAGIC, statfs(2)

private:
    System& system_;
    u64 const device_;
};

// Whose folder an open file is (clone3(2), CLONE_INTO_CGROUP). Errno::BadF if it is none, NoEnt if
// the cgroup has been removed.
Result<Ref<Cgroup>> cgroup_of(File& file);
// Whether a process with these rights may be moved from one to the other, or be started there.
// Errno::Acces, NoEnt, OpNotSupp, Busy (cgroup_attach_permissions).
Result<void> may_move(CgroupFs& file_system,
                      Cgroup& source,
                      Cgroup& target,
                      Credentials const& credentials,
                      Cgroup* visible_root);
Result<void> may_start_in(UserThread& parent, Cgroup& target);

}  // namespace drydock
