// Files about the whole system (proc(5)).

#include "core/pipe/pipe.h"
#include "core/procfs/node.h"
#include "core/vfs/file_table.h"

namespace drydock::proc {

namespace {

constexpr u64 kGroupMaximum = 65536;
constexpr u64 kFileMaximum = 9223372036854775807;

u64 kib(u64 frames) { return frames * (kPageSize / kKiB); }

void memory_line(Text& text, StringView name, u64 value)
{
    // "%-16s%8lu kB", the colon with the name.
    usize const start = text.size();
    text << name << ':';
    while (!text.failed() && text.size() - start < 16) text << ' ';
    text.decimal(value, 8, ' ') << " kB\n";
}

struct Times {
    u64 user = 0;
    u64 system = 0;
};

// Of all processes, in clock ticks: those alive, and what they have collected from their children.
Times total_times(System& system)
{
    Times total;
    system.scheduler.account_current();
    for (Process* process = system.processes.next_at_or_above(1); process != nullptr;
         process = system.processes.next_at_or_above(process->pid() + 1)) {
        total.user += process->user_time() + process->children_user_time;
        total.system += process->system_time() + process->children_system_time;
    }
    total.user /= kNanosPerClockTick;
    total.system /= kNanosPerClockTick;
    return total;
}

// "12.34"
void seconds(Text& text, Ticks time)
{
    text << time / kNanosPerSecond << '.';
    text.decimal(time % kNanosPerSecond / kNanosPerClockTick, 2, '0');
}

}  // namespace

Result<void> meminfo(Subject const& subject, Text& text)
{
    FrameCounts const counts = subject.system.frames.counts();
    u64 const total = kib(counts.total - counts.reserved);
    u64 const free = kib(counts.free);
    memory_line(text, "MemTotal", total);
    memory_line(text, "MemFree", free);
    // What is free; the file systems in memory cannot give theirs back.
    memory_line(text, "MemAvailable", free);
    memory_line(text, "Buffers", 0);
    memory_line(text, "Cached", kib(counts.file_cache));
    memory_line(text, "SwapCached", 0);
    memory_line(text, "Active", kib(counts.anonymous + counts.file_cache));
    memory_line(text, "Inactive", 0);
    memory_line(text, "Unevictable", 0);
    memory_line(text, "Mlocked", 0);
    memory_line(text, "SwapTotal", 0);
    memory_line(text, "SwapFree", 0);
    memory_line(text, "Dirty", 0);
    memory_line(text, "Writeback", 0);
    memory_line(text, "AnonPages", kib(counts.anonymous));
    memory_line(text, "Mapped", kib(counts.file_cache));
    memory_line(text, "Shmem", kib(counts.file_cache));
    memory_line(text, "KReclaimable", 0);
    memory_line(text, "Slab", kib(counts.heap));
    memory_line(text, "SReclaimable", 0);
    memory_line(text, "SUnreclaim", kib(counts.heap));
    memory_line(text, "KernelStack", kib(counts.stack));
    memory_line(text, "PageTables", kib(counts.page_table));
    memory_line(text, "CommitLimit", total / 2);
    memory_line(text, "Committed_AS", kib(counts.anonymous));
    return {};
}

Result<void> stat(Subject const& subject, Text& text)
{
    System& system = subject.system;
    Times const times = total_times(system);
    u64 const idle = system.scheduler.idle_time() / kNanosPerClockTick;
    for (u32 line = 0; line < 2; ++line) {
        text << (line == 0 ? StringView("cpu  ") : StringView("cpu0 "));
        text << times.user << " 0 " << times.system << ' ' << idle << " 0 0 0 0 0 0\n";
    }
    text << "intr 0\nctxt " << system.scheduler.switches();
    text << "\nbtime " << system.platform.memory_layout().wall_clock_seconds;
    text << "\nprocesses " << system.processes.created_count();
    // The one that reads runs too.
    text << "\nprocs_running " << u64{system.scheduler.ready_count()} + 1;
    text << "\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n";
    return {};
}

Result<void> uptime(Subject const& subject, Text& text)
{
    seconds(text, subject.system.scheduler.now());
    text << ' ';
    seconds(text, subject.system.scheduler.idle_time());
    text << '\n';
    return {};
}

Result<void> loadavg(Subject const& subject, Text& text)
{
    System& system = subject.system;
    LoadAverage const& load = system.scheduler.load();
    for (usize i = 0; i < LoadAverage::kCount; ++i) {
        // Rounded to two digits (fs/proc/loadavg.c).
        u64 const value = load.value(i) + LoadAverage::kOne / 200;
        text << value / LoadAverage::kOne << '.';
        text.decimal(value % LoadAverage::kOne * 100 / LoadAverage::kOne, 2, '0') << ' ';
    }
    text << u64{system.scheduler.ready_count()} + 1 << '/' << u64{system.scheduler.thread_count()}
         << ' ' << system.processes.created_count() << '\n';
    return {};
}

Result<void> cpuinfo(Subject const&, Text& text)
{
    // As the modelled CPU's CPUID tells (hwmodel/features.h).
    text << "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 15\nmodel\t\t: 107\n"
            "model name\t: Drydock modelled CPU\nstepping\t: 1\ncpu MHz\t\t: 1000.000\n"
            "cache size\t: 512 KB\nphysical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\n"
            "cpu cores\t: 1\napicid\t\t: 0\ninitial apicid\t: 0\nfpu\t\t: yes\n"
            "fpu_exception\t: yes\ncpuid level\t: 13\nwp\t\t: yes\n"
            "flags\t\t: fpu tsc msr cx8 cmov clflush mmx fxsr sse sse2 syscall nx lm pni cx16 "
            "popcnt lahf_lm\nbugs\t\t:\nbogomips\t: 2000.00\nclflush size\t: 64\n"
            "cache_alignment\t: 64\naddress sizes\t: 40 bits physical, 48 bits virtual\n"
            "power management:\n\n";
    return {};
}

Result<void> version(Subject const&, Text& text)
{
    text << kKernelName << " version " << kKernelRelease << " (root@drydock) " << kKernelVersion
         << '\n';
    return {};
}

Result<void> filesystems(Subject const& subject, Text& text)
{
    for (FileSystemType const& type : subject.system.vfs.mounts().types()) {
        text << "nodev\t" << type.name << '\n';
    }
    return {};
}

// kernel/cgroup/cgroup-v1.c, proc_cgroupstats_show(): the hierarchy of version 2 is 0.
Result<void> cgroups(Subject const& subject, Text& text)
{
    Cgroup const* const root = subject.system.cgroups.root.get();
    u32 const below = root == nullptr ? 0 : root->descendants() + root->dying_descendants();
    text << "#subsys_name\thierarchy\tnum_cgroups\tenabled\npids\t0\t" << below + 1 << "\t1\n";
    return {};
}

Result<void> command_line(Subject const& subject, Text& text)
{
    MemoryLayout const& layout = subject.system.platform.memory_layout();
    text << StringView::from_c_string(layout.command_line) << '\n';
    return {};
}

Result<void> swaps(Subject const&, Text& text)
{
    text << "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    return {};
}

Result<void> partitions(Subject const&, Text& text)
{
    text << "major minor  #blocks  name\n\n";
    return {};
}

Result<void> devices(Subject const&, Text& text)
{
    text << "Character devices:\n  1 mem\n  4 tty\n  5 /dev/tty\n  5 /dev/console\n\n"
            "Block devices:\n";
    return {};
}

Result<void> interrupts(Subject const&, Text& text)
{
    text << "           CPU0       \n";
    return {};
}

Result<void> vmstat(Subject const& subject, Text& text)
{
    FrameCounts const counts = subject.system.frames.counts();
    text << "nr_free_pages " << counts.free << "\nnr_anon_pages " << counts.anonymous
         << "\nnr_mapped " << counts.file_cache << "\nnr_file_pages " << counts.file_cache
         << "\nnr_page_table_pages " << counts.page_table << "\npgpgin 0\npgpgout 0\npswpin 0\n"
         << "pswpout 0\n";
    return {};
}

Result<void> diskstats(Subject const&, Text&) { return {}; }

Result<void> self_link(Subject const& subject, Text& text)
{
    u32 const number = subject.shown(running_thread(subject.system).process().pid());
    if (number == 0) return Errno::NoEnt;
    text << number;
    return {};
}

Result<void> thread_self_link(Subject const& subject, Text& text)
{
    u32 const number = subject.shown(running_thread(subject.system).process().pid());
    if (number == 0) return Errno::NoEnt;
    text << number << "/task/" << subject.shown(subject.system.scheduler.current()->tid());
    return {};
}

Result<void> mounts_link(Subject const&, Text& text)
{
    text << "self/mounts";
    return {};
}

Result<void> host_name(Subject const& subject, Text& text)
{
    text << StringView::from_c_string(names_of(running_thread(subject.system)).node) << '\n';
    return {};
}

Result<void> set_host_name(Subject const& subject, StringView name)
{
    // kernel/sysctl.c, _proc_do_string().
    if (name.is_empty()) return {};
    SystemNames& names = names_of(running_thread(subject.system));
    if (!running_thread(subject.system).credentials.has(Capability::SysAdmin)) return Errno::Perm;
    if (name.size() >= sizeof(names.node)) return Errno::Inval;
    memset(names.node, 0, sizeof(names.node));
    memcpy(names.node, name.data(), name.size());
    return {};
}

Result<void> domain_name(Subject const& subject, Text& text)
{
    text << StringView::from_c_string(names_of(running_thread(subject.system)).domain) << '\n';
    return {};
}

Result<void> os_type(Subject const&, Text& text)
{
    text << kKernelName << '\n';
    return {};
}

Result<void> os_release(Subject const&, Text& text)
{
    text << kKernelRelease << '\n';
    return {};
}

Result<void> os_version(Subject const&, Text& text)
{
    text << kKernelVersion << '\n';
    return {};
}

Result<void> pid_maximum(Subject const&, Text& text)
{
    text << kMaximumPid << '\n';
    return {};
}

Result<void> threads_maximum(Subject const&, Text& text)
{
    text << kMaximumPid << '\n';
    return {};
}

Result<void> group_maximum(Subject const&, Text& text)
{
    text << kGroupMaximum << '\n';
    return {};
}

Result<void> file_maximum(Subject const&, Text& text)
{
    text << kFileMaximum << '\n';
    return {};
}

Result<void> file_number(Subject const&, Text& text)
{
    text << "0\t0\t" << kFileMaximum << '\n';
    return {};
}

Result<void> open_maximum(Subject const&, Text& text)
{
    text << kMaximumDescriptors << '\n';
    return {};
}

Result<void> pipe_maximum(Subject const&, Text& text)
{
    text << kPipeMaximum << '\n';
    return {};
}

Result<void> overcommit(Subject const&, Text& text)
{
    text << "0\n";
    return {};
}

}  // namespace drydock::proc
