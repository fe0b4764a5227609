#pragma once

// All processes: numbers, lookup, life cycle. Exited processes whose status was taken (or that
// nobody waits for) are collected in one step: the list is taken whole, then freed outside of it.

#include "core/process/futex.h"
#include "core/process/user_thread.h"

namespace drydock {

// Bits of clone(2)'s flags.
namespace clone_flags {
inline constexpr u64 kVm = 0x100, kFs = 0x200, kFiles = 0x400, kSigHand = 0x800, kVfork = 0x4000;
inline constexpr u64 kParent = 0x8000, kThread = 0x10000, kSysVSem = 0x40000, kSetTls = 0x80000;
inline constexpr u64 kParentSetTid = 0x100000, kChildClearTid = 0x200000, kDetached = 0x400000;
inline constexpr u64 kPidFd = 0x1000;
inline constexpr u64 kChildSetTid = 0x1000000, kClearSigHand = 0x1'0000'0000;
inline constexpr u64 kIntoCgroup = 0x2'0000'0000;
}  // namespace clone_flags

struct CloneRequest {
    u64 flags = 0;
    u32 exit_signal = 17;
    UserAddr stack{};  // 0: the caller's.
    UserAddr parent_tid{};
    UserAddr child_tid{};
    u64 tls = 0;
    UserAddr pidfd{};  // Where CLONE_PIDFD stores the descriptor.
    // clone3(2), set_tid: the child's numbers, that in its own namespace first.
    Span<u32 const> numbers{};
    Ref<Cgroup> cgroup{};  // CLONE_INTO_CGROUP: where it begins, checked.
};

// Collects children for wait4 and waitid.
struct WaitRequest {
    // As waitpid(2), by numbers of the system: >0 one, 0 own group, -1 any, < -1 that group.
    i64 pid = -1;
    bool exited = true, stopped = false, continued = false;
    bool no_hang = false, no_wait = false;
    Process const* only = nullptr;  // This one instead of `pid`; the caller holds it.
    // wait(2), __WALL and __WCLONE: children whose end sends SIGCHLD, the others, or both.
    bool any_kind = false, clone_kind = false;
};
struct WaitOutcome {
    u32 pid = 0;  // As the parent sees it. 0: no_hang, and nobody has changed state.
    u32 uid = 0;
    u32 status = 0;                      // As wait(2) encodes it.
    u64 user_time = 0, system_time = 0;  // Of the child and its descendants.
    u64 minor_faults = 0, major_faults = 0;
    u64 peak_memory = 0;  // Pages, of the child or one of its descendants.
};

class ProcessTable {
public:
    explicit ProcessTable(System& system) : system_(system) {}
    ProcessTable(ProcessTable const&) = delete;
    ProcessTable& operator=(ProcessTable const&) = delete;
    ~ProcessTable() = default;

    // The first process, pid 1, not running yet. One that is no init stands for a command that an
    // init has started: signals have their default actions, and the kernel takes the status of
    // orphans as that init would.
    Result<Ref<Process>> create_first(bool is_init);
    // clone(2), fork(2), vfork(2): the new pid (tid) as the caller sees it. Nothing is visible
    // before all of it has succeeded. Errno::Again (limits), NoMem, Inval.
    Result<u32> clone(UserThread& caller, CloneRequest const& request);
    // Ends the calling thread, and the process with its last thread.
    [[noreturn]] void exit_thread(UserThread& thread, u32 status);
    // exit_group(2), or death by a signal: `status` as wait(2) encodes it.
    [[noreturn]] void exit_process(UserThread& thread, u32 status);
    // wait4(2). Errno::Child, RestartSys.
    Result<WaitOutcome> wait(UserThread& caller, WaitRequest const& request);
    // Frees what exited processes and threads still hold. Cheap when there is nothing to do.
    void collect();

    bool has_uncollected() { return !dead_.is_empty() || !exited_.is_empty(); }

    // Of a process, a thread, a group or a session.
    bool is_number_used(u32 number);
    Process* find(u32 pid);
    // The process of a thread: many calls take any thread's number for it.
    Process* find_by_thread(u32 tid);
    UserThread* find_thread(u32 tid);
    // In ascending order of pid: the first at or above `minimum`, or null.
    Process* next_at_or_above(u32 minimum);
    u32 process_count() const { return process_count_; }
    u64 created_count() const { return created_count_; }

    // --- signals
    // ----------------------------------------------------------------------------------- To a
    // process (any thread that takes it), a thread, a group. Ignored signals vanish here.
    void send_to_process(Process& process, SignalInfo const& info);
    void send_to_thread(UserThread& thread, SignalInfo const& info);
    // SIGKILL from the kernel, which ends an init as well.
    void kill(Process& process);
    // The number of processes reached.
    u32 send_to_group(u32 group_id, SignalInfo const& info);
    // A fault of the running thread: cannot be blocked or ignored.
    void force_signal(UserThread& thread, SignalInfo const& info);
    bool has_pending(UserThread& thread) const;
    // On the way back to user mode: sets up handlers, applies default actions (may not return),
    // restarts the interrupted call. `result`: what the call returned, when in one.
    void deliver_signals(UserThread& thread);

    // Changes the thread's mask; signals that it lets through end the next interruptible wait.
    void set_blocked(UserThread& thread, SignalSet blocked);
    // Takes the next signal in `wanted`: thread's first, faults first, then the lowest number.
    // False if there is none.
    bool take_signal(UserThread& thread, u64 wanted, SignalInfo& info);
    // True if a signal to this process would vanish.
    bool is_ignored(Process& process, Signal signal);
    // Drops what is pending of these signals everywhere in the process.
    void discard_pending(Process& process, u64 signals);
    // Ends a group stop, as SIGCONT does.
    void continue_process(Process& process);
    // As send_to_process (thread null) or send_to_thread; false if a queued real-time signal found
    // no room (sigqueue(3), EAGAIN).
    bool try_send(Process& process, UserThread* thread, SignalInfo const& info);
    // The signal of a timer, which keeps its place: to the process, or to one thread of it. False
    // if it vanishes.
    bool send_own(Process& process, u32 tid, PendingSignal& entry);
    // Such a signal is not to be taken any more.
    void withdraw(Process& process, PendingSignal& entry);
    // timer_delete(2); and all of them, at the process's end or exec.
    void delete_timer(Process& process, PosixTimer& timer);
    void delete_timers(Process& process);
    // setpgid(2), credentials(7): no member has a parent in another group of its session.
    bool is_orphaned_group(u32 group_id, Process const* without);
    bool group_exists(u32 group_id, u32 session_id);
    // Null if there is none.
    Process* member_of_group(u32 group_id, u32 session_id);
    // Waits so that only death ends it: true if the condition holds, false if the thread must end.
    template <typename Condition>
    bool wait_killable(UserThread& thread, WaitQueue& queue, char const* why, Condition condition);
    // execve(2): ends all other threads of the process and waits until they are gone.
    void end_other_threads(UserThread& thread);
    // Before a thread's memory goes (exit, exec): robust locks, and who waits for its number.
    void leave_memory(UserThread& thread);
    // Lets the parent that waits in vfork(2) go on.
    void release_vfork_parent(Process& process);
    void set_default_limits(Process& process);
    // On the way back to user mode: RLIMIT_CPU and the timers of CPU time.
    void watch_cpu_time(UserThread& thread);
    // After a change of either.
    void update_cpu_watch(Process& process);
    // A session leader gives up the terminal: the foreground group is told, the terminal is free.
    void leave_session(Process& process);

    // cgroup.freeze: it and all below it. What is frozen stays so while something above it is.
    void set_freeze(Cgroup& group, bool freezes);
    // A living process changes its cgroup.
    void move_process(Process& process, Cgroup& target);
    // What decides whether it is frozen has changed: a task, a cgroup below it.
    void update_frozen(Cgroup& group);

    // pivot_root(2): whose root or working directory is `from` goes to `to`.
    void move_roots(Path const& from, Path const& to);

    FutexTable& futexes() { return futexes_; }
    System& system() { return system_; }

private:
    using HashBucket = List<Process, &Process::hash_hook>;
    using ThreadBucket = List<UserThread, &UserThread::hash_hook>;
    using ExitedList = List<Process, &Process::exited_hook>;
    using DeadList = List<UserThread, &UserThread::dead_hook>;
    static constexpr u32 kBuckets = 256;

    void record(EventKind kind, u64 a, u64 b, u64 c);
    // --- numbers and tables (process_table.cpp)
    // `wanted` not 0: that one. Errno::Again, Inval, Exist.
    Result<u32> allocate_number(u32 wanted);
    void publish_process(Process& process);
    void publish_thread(UserThread& thread);
    // --- clone.cpp
    Result<void> check_limits(UserThread const& caller);
    Result<Ref<Process>> copy_process(UserThread& caller, CloneRequest const& request, u32 pid);
    void copy_thread(UserThread& caller, UserThread& child, CloneRequest const& request);
    Result<void> give_number(UserThread& child, PidNamespace* space, CloneRequest const& request);
    Result<u32> clone_once(UserThread& caller, CloneRequest const& request);
    void finish_clone(UserThread& caller, UserThread& child, CloneRequest const& request);
    // --- exit.cpp
    void finish_process(UserThread& thread);
    // pid_namespaces(7): its process 1 ends, and takes all others along.
    void end_namespace(Process& init);
    Process* new_parent(Process& process);
    void orphan_children(Process& process);
    void hang_up_if_orphaned(u32 group_id, Process const* without);
    void notify_parent_of_exit(Process& process);
    void reap(Process& process);
    [[noreturn]] void end_machine(Process& first);
    // --- wait.cpp
    enum class Match : u8 { None, Waiting, Ready };
    Match find_child(Process& parent, WaitRequest const& request, WaitOutcome& outcome);
    bool take_outcome(Process& parent,
                      Process& child,
                      WaitRequest const& request,
                      WaitOutcome& outcome);
    // --- freezer.cpp
    void freeze_thread(UserThread& thread);
    void note_frozen(UserThread& thread, bool is_frozen);
    void follow_cgroup(Process& process);
    void join_cgroup(UserThread& thread);
    bool has_only_frozen(Cgroup& group);
    // --- signals
    void remove_queued(Process& process, SignalQueue& queue, u64 signals);
    bool queue_signal(Process& process,
                      SignalSet& pending,
                      SignalQueue& queue,
                      SignalInfo const& info);
    // `is_forced`: the kernel's, or from outside of the target's pid namespace.
    bool prepare_signal(Process& process, UserThread* target, Signal signal, bool is_forced);
    bool send_to(Process& process, UserThread* thread, SignalInfo const& info, bool is_forced);
    bool send_from_outside(Process& process, UserThread* thread, SignalInfo const& info);
    bool is_from_outside(Process& process, SignalInfo const& info);
    void wake_taker(Process& process, Signal signal);
    void announce(Process& process, UserThread* thread, Signal signal);
    bool take_from(
        Process& process, SignalSet& pending, SignalQueue& queue, u64 wanted, SignalInfo& info);
    void stop_process(UserThread& thread, Signal signal);
    void stop_thread(UserThread& thread);
    void report_stop_if_complete(Process& process);
    void notify_parent_of_stop(Process& process, i32 code, u32 status);
    bool handle_signal(UserThread& thread, SignalInfo const& info);
    void apply_default(UserThread& thread, Signal signal);
    void finish_call(UserThread& thread, SignalAction const* action);

    System& system_;
    u32 process_count_ = 0;
    u64 created_count_ = 0;
    u32 last_number_ = 0;
    bool numbers_wrapped_ = false;
    List<Process, &Process::table_hook> all_;  // In ascending order of pid.
    HashBucket buckets_[kBuckets];
    ThreadBucket thread_buckets_[kBuckets];
    ExitedList exited_;
    DeadList dead_;
    WaitQueue process_gone_{};
    FutexTable futexes_;
};

template <typename Condition>
bool ProcessTable::wait_killable(UserThread& thread,
                                 WaitQueue& queue,
                                 char const* why,
                                 Condition condition)
{
    while (!condition()) {
        if (thread.must_exit() || thread.pending.has(Signal::Kill)) break;
        if (thread.process().pending.has(Signal::Kill)) break;
        // Other signals wait until the thread is back; they must not keep it from sleeping.
        thread.set_interrupted(false);
        Result<void> const outcome = system_.scheduler.wait_until(queue, why, condition);
        if (outcome.is_ok()) break;
    }
    thread.set_interrupted(has_pending(thread));
    return condition();
}

}  // namespace drydock
