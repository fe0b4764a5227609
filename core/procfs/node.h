#pragma once

// What stands in /proc: a table of nodes, each with its parent, and what a node of a process refers
// to.

#include "core/base/text.h"
#include "core/procfs/proc_fs.h"

namespace drydock {

// Directories that have children in the table.
enum class Folder : u8 {
    None,  // Of the root itself.
    Root,
    Process,     // /proc/PID, and /proc/PID/task/TID.
    Tasks,       // /proc/PID/task
    Files,       // /proc/PID/fd
    FileInfos,   // /proc/PID/fdinfo
    Namespaces,  // /proc/PID/ns
    Sys,
    SysKernel,
    SysFs,
    SysVm,
    SysRandom,
};

// Who a node belongs to. A process or thread that is gone, or replaced by another one of its
// number, is found no more.
struct ProcessReference {
    u32 pid = 0;  // 0: the node belongs to the system.
    u32 tid = 0;  // 0: to the process as a whole.
    Ticks start_time = 0;
};

// A file is generated for one reference.
struct Subject {
    System& system;
    Process* process = nullptr;    // Set for nodes of processes, alive or zombie.
    UserThread* thread = nullptr;  // The thread of task/TID, else the main thread; may be null.
    bool is_task = false;          // Below task/TID: numbers of the one thread.
    u32 descriptor = 0;
    PidNamespace* pids = nullptr;  // Whose numbers are shown (pid_namespaces(7)).

    // Of the thread; of a process whose main thread has exited nothing is left but the first.
    Credentials const& credentials() const;
    FileTable* files() const { return thread != nullptr ? thread->files.get() : nullptr; }
    FileSystemContext* file_context() const
    {
        return thread != nullptr ? thread->file_context.get() : nullptr;
    }
    u32 shown(u32 number) const { return number_in(pids, number); }
};

using Generator = Result<void> (*)(Subject const& subject, Text& text);
// What a link says, and where it leads (Errno::Inval: where its text says).
using LinkTarget = Result<Path> (*)(Subject const& subject);
using Writer = Result<void> (*)(Subject const& subject, StringView text);

struct Node {
    Folder parent = Folder::None;
    StringView name{};
    InodeType type = InodeType::Regular;
    u32 permissions = 0444;
    Folder folder = Folder::None;  // Of a directory: what it is the parent of.
    Generator generate = nullptr;  // Of a file: its contents; of a link: its text.
    LinkTarget target = nullptr;
    Writer write = nullptr;
    bool in_tasks = true;  // Stands in /proc/PID/task/TID too.
};

// All nodes; an index into it is part of an inode's number.
Span<Node const> proc_nodes();
// The node that a folder itself is.
u32 node_of_folder(Folder folder);
// What every descriptor in fd and fdinfo, and every process and task, is.
Node const& descriptor_link_node();
Node const& descriptor_info_node();

// Errno::NoEnt if the process or thread is gone.
Result<Subject> find_subject(System& system, ProcessReference const& reference);

// --- generators: system_nodes.cpp, random_nodes.cpp, process_*.cpp, mount_nodes.cpp
namespace proc {
Result<void> meminfo(Subject const&, Text&);
Result<void> stat(Subject const&, Text&);
Result<void> uptime(Subject const&, Text&);
Result<void> loadavg(Subject const&, Text&);
Result<void> cpuinfo(Subject const&, Text&);
Result<void> version(Subject const&, Text&);
Result<void> filesystems(Subject const&, Text&);
Result<void> cgroups(Subject const&, Text&);
Result<void> command_line(Subject const&, Text&);
Result<void> swaps(Subject const&, Text&);
Result<void> partitions(Subject const&, Text&);
Result<void> devices(Subject const&, Text&);
Result<void> interrupts(Subject const&, Text&);
Result<void> vmstat(Subject const&, Text&);
Result<void> diskstats(Subject const&, Text&);
Result<void> self_link(Subject const&, Text&);
Result<void> thread_self_link(Subject const&, Text&);
Result<void> mounts_link(Subject const&, Text&);
Result<void> host_name(Subject const&, Text&);
Result<void> set_host_name(Subject const&, StringView);
Result<void> domain_name(Subject const&, Text&);
Result<void> os_type(Subject const&, Text&);
Result<void> os_release(Subject const&, Text&);
Result<void> os_version(Subject const&, Text&);
Result<void> pid_maximum(Subject const&, Text&);
Result<void> threads_maximum(Subject const&, Text&);
Result<void> group_maximum(Subject const&, Text&);
Result<void> file_maximum(Subject const&, Text&);
Result<void> file_number(Subject const&, Text&);
Result<void> open_maximum(Subject const&, Text&);
Result<void> pipe_maximum(Subject const&, Text&);
Result<void> overcommit(Subject const&, Text&);
Result<void> random_id(Subject const&, Text&);
Result<void> boot_id(Subject const&, Text&);
Result<void> entropy_bits(Subject const&, Text&);
Result<void> reseed_seconds(Subject const&, Text&);

Result<void> process_stat(Subject const&, Text&);
Result<void> process_statm(Subject const&, Text&);
Result<void> process_status(Subject const&, Text&);
Result<void> process_command_line(Subject const&, Text&);
Result<void> process_environment(Subject const&, Text&);
Result<void> process_name(Subject const&, Text&);
Result<void> set_process_name(Subject const&, StringView);
Result<void> process_maps(Subject const&, Text&);
Result<void> process_smaps(Subject const&, Text&);
Result<void> process_smaps_rollup(Subject const&, Text&);
Result<void> oom_score(Subject const&, Text&);
Result<void> oom_score_adjustment(Subject const&, Text&);
Result<void> set_oom_score_adjustment(Subject const&, StringView);
Result<void> oom_adjustment(Subject const&, Text&);
Result<void> set_oom_adjustment(Subject const&, StringView);
Result<void> process_mounts(Subject const&, Text&);
Result<void> process_mountinfo(Subject const&, Text&);
Result<void> process_limits(Subject const&, Text&);
Result<void> process_io(Subject const&, Text&);
Result<void> process_cgroup(Subject const&, Text&);
Result<void> process_wait_channel(Subject const&, Text&);
Result<void> executable_text(Subject const&, Text&);
Result<void> working_directory_text(Subject const&, Text&);
Result<void> root_text(Subject const&, Text&);
Result<void> descriptor_text(Subject const&, Text&);
Result<void> descriptor_info(Subject const&, Text&);
Result<void> cgroup_text(Subject const&, Text&);
Result<void> ipc_text(Subject const&, Text&);
Result<void> pids_text(Subject const&, Text&);
Result<void> child_pids_text(Subject const&, Text&);
Result<void> mounts_text(Subject const&, Text&);
Result<void> uts_text(Subject const&, Text&);
Result<Path> cgroup(Subject const&);
Result<Path> ipc(Subject const&);
Result<Path> pids(Subject const&);
Result<Path> child_pids(Subject const&);
Result<Path> mounts(Subject const&);
Result<Path> uts(Subject const&);
Result<Path> executable(Subject const&);
Result<Path> working_directory(Subject const&);
Result<Path> root(Subject const&);
Result<Path> descriptor(Subject const&);
}  // namespace proc

// Nanoseconds to the ticks of 1/100 s that /proc counts in.
inline constexpr u64 kNanosPerClockTick = 10'000'000;

// The name (comm) of the thread, or of a process's first one.
StringView name_of(Subject const& subject);
// The letter of stat and status: R S D T Z.
char state_letter(Subject const& subject);
StringView state_word(char letter);
// A number of the process in the namespace that is shown and in each further in, with a tab before
// each (proc(5), NSpid).
void append_numbers(Subject const& subject, Process const& process, u32 number, Text& text);
// "8:1", of a file system without a device "0:17".
void append_device_number(u64 device, Text& text);
// The absolute name of a place, as the reader's root sees it, with " (deleted)" where it is gone.
Result<void> append_place(System& system, Path const& path, Text& text);

}  // namespace drydock
