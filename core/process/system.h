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

// As struct utsname has them, ready to be copied out; only node and domain change.
struct SystemNames {
    static constexpr usize kSize = 65;

    constexpr SystemNames()
    {
        fill(system, kKernelName);
        fill(node, "drydock");
        fill(release, kKernelRelease);
        fill(version, kKernelVersion);
        fill(machine, kMachineName);
        fill(domain, "(none)");
    }

    char system[kSize] = {};
    char node[kSize] = {};
    char release[kSize] = {};
    char version[kSize] = {};
    char machine[kSize] = {};
    char domain[kSize] = {};

private:
    static constexpr void fill(char (&target)[kSize], char const* source)
    {
        for (usize i = 0; i < kSize - 1 && source[i] != 0; ++i) target[i] = source[i];
    }
};
static_assert(sizeof(SystemNames) == 390);

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
