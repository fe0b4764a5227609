#pragma once

// /proc as ps, top, free, mount, uptime and libc read it (proc(5)).

#include "core/process/process_table.h"

namespace drydock {

class ProcFs final : public FileSystem {
public:
    static Result<Own<ProcFs>> create(System& system);
    explicit ProcFs(System& system) : system_(system) {}

    StringView type_name() override { return "proc"; }
    u64 device_number() override;
    u64 magic() override { return 0x9fa0; }
    Statistics statistics() override { return {}; }
    Ref<Inode> root() override;

private:
    System& system_;
};

}  // namespace drydock
