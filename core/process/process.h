#pragma once

// A process: one or more threads that share memory, files and signal actions, and its place in the
// tree of processes, groups and sessions (credentials(7), setsid(2)).

#include "core/process/namespaces.h"
#include "core/process/posix_timer.h"
#include "core/process/program_file.h"
#include "core/process/signal.h"
#include "core/process/system.h"
#include "core/vfs/file_table.h"

namespace drydock {

class Process;
class UserThread;

// A thread's place in the list of its process.
struct ThreadLink {
    UserThread* thread = nullptr;
    ListHook hook{};
};

// getrlimit(2), indices as on x86-64.
struct ResourceLimit {
    u64 soft = ~u64{0};
    u64 hard = ~u64{0};
};
enum class Resource : u8 {
    Cpu,
    FileSize,
    Data,
    Stack,
    Core,
    Rss,
    Processes,
    OpenFiles,
    LockedMemory,
    AddressSpace,
    Locks,
    PendingSignals,
    MessageQueue,
    Nice,
    RealTimePriority,
    RealTimeTime,
};
inline constexpr usize kResourceCount = 16;

// A session and its terminal.
class Session final : public RefCounted {
public:
    explicit Session(u32 id, Ref<TaskNumber> number = {}) : id_(id), number_(std::move(number)) {}
    u32 id() const { return id_; }
    TtyDevice* terminal = nullptr;
    // Of a terminal that was hung up: told when the leader ends.
    u32 lost_foreground = 0;

private:
    u32 const id_;
    Ref<TaskNumber> const number_;  // Keeps it taken.
};

// A group stop has begun (signal(7)); the cgroup is frozen (cgroup.freeze).
struct Halt {
    static constexpr u8 kStop = 1, kFreeze = 2;
};

// A timer of CPU time (setitimer(2), ITIMER_VIRTUAL and ITIMER_PROF).
struct CpuTimer {
    u64 deadline = 0;  // In CPU time of the process; 0: off.
    u64 interval = 0;
};

class Process final : public RefCounted {
public:
    enum class State : u8 { Alive, Stopped, Zombie, Reaped };

    Process(System& system, u32 pid);
    ~Process() override;

    System& system() { return system_; }
    // The number that the kernel goes by, and the one that the process sees (getpid(2)).
    u32 pid() const { return pid_; }
    u32 shown_pid() const { return shown_pid_; }
    // Null: the system's first.
    PidNamespace* pid_space() const { return number_ ? &number_->space() : nullptr; }
    Ref<TaskNumber> const& number() const { return number_; }
    // Where it is in a namespace beyond the first; before it is published.
    void take_number(Ref<TaskNumber> number);
    // When its status has been taken.
    void drop_number() { number_.reset(); }
    bool is_init_of_namespace() const { return number_ && number_->number() == 1; }

    // --- shared with its threads
    // -------------------------------------------------------------------
    Ref<AddressSpace> space{};
    Ref<SignalActions> actions{};
    Ref<Cgroup> cgroup{};  // Null: the root. Changed by move_to().
    // CPU time that it had when it came there.
    u64 user_time_before = 0, system_time_before = 0;
    ResourceLimit limits[kResourceCount]{};

    // --- place in the tree
    // -------------------------------------------------------------------------
    Process* parent = nullptr;
    u32 group_id = 0;
    Ref<TaskNumber> group_number{};  // Keeps it taken; null if the first namespace alone has it.
    Ref<Session> session{};
    bool has_executed = false;  // setpgid(2): EACCES for a child that has.
    // The first process, where it is one that looks after orphans (pid_namespaces(7)).
    bool is_init = false;
    // An init's: signals do not reach it unless it has a handler for them. A fault of its own takes
    // that away.
    bool is_unkillable = false;
    ListHook sibling_hook{};
    List<Process, &Process::sibling_hook> children;
    ListHook table_hook{};
    ListHook hash_hook{};
    ListHook exited_hook{};

    // --- state
    // -------------------------------------------------------------------------------------
    State state = State::Alive;
    u32 exit_status = 0;   // As wait(2) encodes it.
    u32 exit_signal = 17;  // Sent to the parent; 0 for none.
    u32 stop_signal = 0;
    bool stop_unreported = false;
    bool continue_unreported = false;
    bool is_exiting = false;  // exit_group has begun.
    Path executable{};
    RunningFile running_file{};  // Nobody writes to the program.
    bool is_dumpable = true;     // prctl(2), PR_SET_DUMPABLE
    bool is_subreaper = false;   // prctl(2), PR_SET_CHILD_SUBREAPER
    // proc(5), oom_score_adj: -1000 to 1000, and the least that it may be set to without privilege.
    i16 oom_adjustment = 0, oom_minimum = 0;
    Ticks start_time = 0;
    u64 dead_threads_user_time = 0, dead_threads_system_time = 0;
    u64 children_user_time = 0, children_system_time = 0;
    u64 minor_faults = 0, major_faults = 0;
    u64 children_minor_faults = 0, children_major_faults = 0;
    // getrusage(2), ru_maxrss: pages, of the spaces that it has left; of children waited for.
    u64 peak_memory = 0, children_peak_memory = 0;
    // Of all its spaces, the one that it has included.
    u64 total_peak_memory() const;
    // Before it leaves its space.
    void note_peak_memory() { peak_memory = total_peak_memory(); }
    u64 user_time();
    u64 system_time();

    // --- threads
    // ----------------------------------------------------------------------------------- Those
    // that have not exited; the main thread first as long as it lives.
    using ThreadList = List<ThreadLink, &ThreadLink::hook>;
    ThreadList threads;
    // Valid until the process is collected, even when the thread has exited.
    UserThread* main_thread = nullptr;
    // Those of the main thread, whether it has exited or not, which speak for the process where no
    // thread is named. Not once the process is collected.
    Credentials const& credentials() const;
    u32 thread_count = 0;
    // It lives and is in this cgroup from now on.
    void move_to(Cgroup& target);
    // It lives no longer, or not there: what it has used stays.
    void leave_cgroup();
    // A thread has gone that counts no longer (kernel/exit.c, release_task).
    void uncharge_task()
    {
        if (cgroup) cgroup->uncharge(1);
    }
    // execve(2) in one thread ends all others: the one that stays.
    UserThread* surviving_thread = nullptr;
    // True when this thread has to end: its process exits, or another thread calls exec.
    bool must_end(UserThread const& thread) const
    {
        if (is_exiting) return true;
        if (surviving_thread == nullptr) return false;
        return surviving_thread != &thread;
    }
    WaitQueue thread_gone{};
    // True while a parent waits in vfork(2) for this process.
    bool holds_vfork_parent = false;
    // wait4 of this process's parent-side: somebody changed state among the children.
    WaitQueue child_event{};
    WaitQueue vfork_done{};
    WaitQueue ended{};  // It has exited, or its status was taken; for pidfd_open(2).

    // --- signals
    // -----------------------------------------------------------------------------------
    SignalSet pending{};
    SignalQueue pending_queue;
    WaitQueue signalled{};   // A signal has become pending; for signalfd(2).
    u32 queued_signals = 0;  // Of the process and its threads together.
    // Why threads halt as they get to it: bits of Halt.
    u8 halts = 0;
    bool stop_requested() const { return (halts & Halt::kStop) != 0; }
    bool is_to_freeze() const { return (halts & Halt::kFreeze) != 0; }
    WaitQueue thawed{};  // It is not to be frozen any more.
    u64 stops = 0;       // How many group stops have begun.
    u32 stopped_threads = 0;
    u32 barriers = 0;       // membarrier(2): the commands that it has registered for.
    PosixTimerList timers;  // In the order in which they were made (timer_create(2)).
    u32 next_timer_id = 0;
    Timer real_timer{};
    Ticks real_interval = 0;
    // Some CPU time has a meaning: a limit, or one of the timers below.
    bool watches_cpu_time = false;
    CpuTimer virtual_timer{};  // Of user time.
    CpuTimer profile_timer{};  // Of user and system time.
    Timer cpu_timer{};         // Brings the thread back into the kernel in time.

    ResourceLimit& limit(Resource resource) { return limits[static_cast<u8>(resource)]; }
    // Descriptors are below it (RLIMIT_NOFILE, as far as a table goes).
    u32 descriptor_limit() const
    {
        u64 const soft = limits[static_cast<u8>(Resource::OpenFiles)].soft;
        return soft < kMaximumDescriptors ? static_cast<u32>(soft) : kMaximumDescriptors;
    }
    // As getppid(2): an orphan's parent is process 1.
    u32 parent_pid() const;
    bool is_dead() const { return state == State::Zombie || state == State::Reaped; }
    // The owner's reference, dropped when the process is collected.
    Ref<Process> self{};

private:
    System& system_;
    u32 const pid_;
    u32 shown_pid_;
    Ref<TaskNumber> number_{};
};

}  // namespace drydock
