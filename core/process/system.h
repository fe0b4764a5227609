#pragma once

// The parts of one kernel, by reference, for code that needs several of them.

#include "core/base/heap.h"
#include "core/mm/frame_allocator.h"
#include "core/mm/space_tags.h"
#include "core/platform/platform.h"
#include "core/process/cgroup.h"
#include "core/sched/scheduler.h"
#include "core/vdso/vdso.h"
#include "core/vfs/vfs.h"

namespace drydock {

class ProcessTable;
class ConsoleTty;
class TtyDevice;

// uname(2): the Linux whose system calls these are.
inline constexpr char kKernelName[] = "Linux";
inline constexpr char kKernelRelease[] = "6.1.0-drydock";
inline constexpr char kKernelVersion[] = "#1 SMP Drydock";
inline constexpr char kMachineName[] = "x86_64";

struct SystemNames {
    char node[65] = "drydock";
    char domain[65] = "(none)";
};

struct System {
    Platform& platform;
    FrameAllocator& frames;
    Heap& heap;
    Scheduler& scheduler;
    Vfs& vfs;
    ProcessTable& processes;
    ConsoleTty& console;
    SystemNames& names;
    Vdso* vdso = nullptr;  // None while the kernel comes up.
    SpaceTags tags{platform};
    CgroupHierarchy cgroups{};
    // Drawn when somebody first asks (random(4), boot_id).
    u8 boot_id[16] = {};
    bool has_boot_id = false;
};

}  // namespace drydock
