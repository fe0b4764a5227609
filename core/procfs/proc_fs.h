#pragma once

// /proc as ps, top, free, mount, uptime and libc read it (proc(5)).

#include "core/process/process_table.h"

namespace drydock {

class ProcFs final : public FileSystem {
public:
    // `pids`: whose processes it shows; null: all.
    static Result<Own<ProcFs>> create(System& system, Ref<PidNamespace> pids);
    ProcFs(System& system, Ref<PidNamespace> pids)
        : system_(system), device_(system.vfs.next_device_number()), pids_(std::move(pids))
    {}

    StringView type_name() override { return "proc"; }
    u64 device_number() override { return device_; }
    u64 magic() override { return kMagic; }
    Statistics statistics() override { return {}; }
    // Null if there is no memory for it.
    Ref<Inode> root() override;
    // What mount(2) makes of "proc": a new one each time.
    static FileSystemType type_for(System& system);

    static constexpr u64 kMagic = 0x9fa0;  // PROC_SUPER_MAGIC, statfs(2)

    System& system() { return system_; }
    PidNamespace* pids() const { return pids_.get(); }
    // --- for the inodes: the file system goes with the last that is in use.
    void enter() { ++inode_count_; }
    void leave();

private:
    static void release(void* system, FileSystem& file_system);

    u64 inode_count_ = 0;
    bool is_retired_ = false;
    System& system_;
    u64 const device_;
    Ref<PidNamespace> const pids_;
};

}  // namespace drydock
