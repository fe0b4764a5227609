#include "core/procfs/node.h"

namespace drydock {

namespace {

constexpr InodeType kDirectory = InodeType::Directory, kLink = InodeType::SymbolicLink;
constexpr InodeType kRegular = InodeType::Regular;

// Listed in this order.
constexpr Node kNodes[] = {
    {Folder::None, "/", kDirectory, 0555, Folder::Root},
    {Folder::Root, "cgroups", kRegular, 0444, Folder::None, proc::cgroups},
    {Folder::Root, "cmdline", kRegular, 0444, Folder::None, proc::command_line},
    {Folder::Root, "cpuinfo", kRegular, 0444, Folder::None, proc::cpuinfo},
    {Folder::Root, "devices", kRegular, 0444, Folder::None, proc::devices},
    {Folder::Root, "diskstats", kRegular, 0444, Folder::None, proc::diskstats},
    {Folder::Root, "filesystems", kRegular, 0444, Folder::None, proc::filesystems},
    {Folder::Root, "interrupts", kRegular, 0444, Folder::None, proc::interrupts},
    {Folder::Root, "loadavg", kRegular, 0444, Folder::None, proc::loadavg},
    {Folder::Root, "meminfo", kRegular, 0444, Folder::None, proc::meminfo},
    {Folder::Root, "mounts", kLink, 0777, Folder::None, proc::mounts_link},
    {Folder::Root, "partitions", kRegular, 0444, Folder::None, proc::partitions},
    {Folder::Root, "self", kLink, 0777, Folder::None, proc::self_link},
    {Folder::Root, "stat", kRegular, 0444, Folder::None, proc::stat},
    {Folder::Root, "swaps", kRegular, 0444, Folder::None, proc::swaps},
    {Folder::Root, "sys", kDirectory, 0555, Folder::Sys},
    {Folder::Root, "thread-self", kLink, 0777, Folder::None, proc::thread_self_link},
    {Folder::Root, "uptime", kRegular, 0444, Folder::None, proc::uptime},
    {Folder::Root, "version", kRegular, 0444, Folder::None, proc::version},
    {Folder::Root, "vmstat", kRegular, 0444, Folder::None, proc::vmstat},

    {Folder::None, "process", kDirectory, 0555, Folder::Process},
    {Folder::Process, "cgroup", kRegular, 0444, Folder::None, proc::process_cgroup},
    {Folder::Process, "cmdline", kRegular, 0444, Folder::None, proc::process_command_line},
    {Folder::Process,
     "comm",
     kRegular,
     0644,
     Folder::None,
     proc::process_name,
     nullptr,
     proc::set_process_name},
    {Folder::Process,
     "cwd",
     kLink,
     0777,
     Folder::None,
     proc::working_directory_text,
     proc::working_directory},
    {Folder::Process, "environ", kRegular, 0400, Folder::None, proc::process_environment},
    {Folder::Process, "exe", kLink, 0777, Folder::None, proc::executable_text, proc::executable},
    {Folder::Process, "fd", kDirectory, 0500, Folder::Files},
    {Folder::Process, "fdinfo", kDirectory, 0555, Folder::FileInfos},
    {Folder::Process, "io", kRegular, 0400, Folder::None, proc::process_io},
    {Folder::Process, "limits", kRegular, 0444, Folder::None, proc::process_limits},
    {Folder::Process, "maps", kRegular, 0444, Folder::None, proc::process_maps},
    {Folder::Process, "mountinfo", kRegular, 0444, Folder::None, proc::process_mountinfo},
    {Folder::Process, "mounts", kRegular, 0444, Folder::None, proc::process_mounts},
    {Folder::Process, "ns", kDirectory, 0511, Folder::Namespaces},
    {Folder::Process,
     "oom_adj",
     kRegular,
     0644,
     Folder::None,
     proc::oom_adjustment,
     nullptr,
     proc::set_oom_adjustment},
    {Folder::Process, "oom_score", kRegular, 0444, Folder::None, proc::oom_score},
    {Folder::Process,
     "oom_score_adj",
     kRegular,
     0644,
     Folder::None,
     proc::oom_score_adjustment,
     nullptr,
     proc::set_oom_score_adjustment},
    {Folder::Process, "root", kLink, 0777, Folder::None, proc::root_text, proc::root},
    {Folder::Process, "smaps", kRegular, 0444, Folder::None, proc::process_smaps},
    {Folder::Process, "smaps_rollup", kRegular, 0444, Folder::None, proc::process_smaps_rollup},
    {Folder::Process, "stat", kRegular, 0444, Folder::None, proc::process_stat},
    {Folder::Process, "statm", kRegular, 0444, Folder::None, proc::process_statm},
    {Folder::Process, "status", kRegular, 0444, Folder::None, proc::process_status},
    {Folder::Process, "task", kDirectory, 0555, Folder::Tasks, nullptr, nullptr, nullptr, false},
    {Folder::Process, "wchan", kRegular, 0444, Folder::None, proc::process_wait_channel},

    {Folder::Namespaces, "cgroup", kLink, 0777, Folder::None, proc::cgroup_text, proc::cgroup},
    {Folder::Namespaces, "ipc", kLink, 0777, Folder::None, proc::ipc_text, proc::ipc},
    {Folder::Namespaces, "mnt", kLink, 0777, Folder::None, proc::mounts_text, proc::mounts},
    {Folder::Namespaces, "pid", kLink, 0777, Folder::None, proc::pids_text, proc::pids},
    {Folder::Namespaces,
     "pid_for_children",
     kLink,
     0777,
     Folder::None,
     proc::child_pids_text,
     proc::child_pids},
    {Folder::Namespaces, "uts", kLink, 0777, Folder::None, proc::uts_text, proc::uts},

    {Folder::Sys, "fs", kDirectory, 0555, Folder::SysFs},
    {Folder::Sys, "kernel", kDirectory, 0555, Folder::SysKernel},
    {Folder::Sys, "vm", kDirectory, 0555, Folder::SysVm},
    {Folder::SysFs, "file-max", kRegular, 0444, Folder::None, proc::file_maximum},
    {Folder::SysFs, "file-nr", kRegular, 0444, Folder::None, proc::file_number},
    {Folder::SysFs, "nr_open", kRegular, 0444, Folder::None, proc::open_maximum},
    {Folder::SysFs, "pipe-max-size", kRegular, 0444, Folder::None, proc::pipe_maximum},
    {Folder::SysKernel, "domainname", kRegular, 0444, Folder::None, proc::domain_name},
    {Folder::SysKernel,
     "hostname",
     kRegular,
     0644,
     Folder::None,
     proc::host_name,
     nullptr,
     proc::set_host_name},
    {Folder::SysKernel, "ngroups_max", kRegular, 0444, Folder::None, proc::group_maximum},
    {Folder::SysKernel, "osrelease", kRegular, 0444, Folder::None, proc::os_release},
    {Folder::SysKernel, "ostype", kRegular, 0444, Folder::None, proc::os_type},
    {Folder::SysKernel, "pid_max", kRegular, 0444, Folder::None, proc::pid_maximum},
    {Folder::SysKernel, "random", kDirectory, 0555, Folder::SysRandom},
    {Folder::SysKernel, "threads-max", kRegular, 0444, Folder::None, proc::threads_maximum},
    {Folder::SysKernel, "version", kRegular, 0444, Folder::None, proc::os_version},
    {Folder::SysRandom, "boot_id", kRegular, 0444, Folder::None, proc::boot_id},
    {Folder::SysRandom, "entropy_avail", kRegular, 0444, Folder::None, proc::entropy_bits},
    {Folder::SysRandom, "poolsize", kRegular, 0444, Folder::None, proc::entropy_bits},
    {Folder::SysRandom,
     "urandom_min_reseed_secs",
     kRegular,
     0444,
     Folder::None,
     proc::reseed_seconds},
    {Folder::SysRandom, "uuid", kRegular, 0444, Folder::None, proc::random_id},
    {Folder::SysVm, "overcommit_memory", kRegular, 0444, Folder::None, proc::overcommit},

    {Folder::None,
     "descriptor",
     kLink,
     0700,
     Folder::None,
     proc::descriptor_text,
     proc::descriptor},
    {Folder::None, "descriptor info", kRegular, 0400, Folder::None, proc::descriptor_info},
};
constexpr usize kNodeCount = sizeof(kNodes) / sizeof(kNodes[0]);
static_assert(kNodeCount <= 128, "an inode number has seven bits for the node");

}  // namespace

Span<Node const> proc_nodes() { return {kNodes, kNodeCount}; }

u32 node_of_folder(Folder folder)
{
    for (u32 i = 0; i < kNodeCount; ++i) {
        if (kNodes[i].folder == folder) return i;
    }
    UNREACHABLE();
}

Node const& descriptor_link_node() { return kNodes[kNodeCount - 2]; }
Node const& descriptor_info_node() { return kNodes[kNodeCount - 1]; }

Credentials const& Subject::credentials() const
{
    return thread != nullptr ? thread->credentials : process->credentials();
}

Result<Subject> find_subject(System& system, ProcessReference const& reference)
{
    Subject subject{system};
    if (reference.pid == 0) return subject;
    Process* const process = system.processes.find(reference.pid);
    if (process == nullptr || process->start_time != reference.start_time) return Errno::NoEnt;
    if (process->state == Process::State::Reaped) return Errno::NoEnt;
    subject.process = process;
    subject.thread = process->main_thread;
    if (reference.tid == 0) return subject;
    subject.thread = system.processes.find_thread(reference.tid);
    subject.is_task = true;
    if (subject.thread == nullptr || &subject.thread->process() != process) return Errno::NoEnt;
    return subject;
}

}  // namespace drydock
