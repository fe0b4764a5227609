#pragma once

// All processes: numbers, lookup, life cycle. Exited processes whose status was taken (or that nobody
// waits for) are collected in one step: the list is taken whole, then freed outside of it.

#include "core/process/user_thread.h"

namespace drydock {

// pid_max of Linux on small machines.
inline constexpr u32 kMaximumPid = 32768;

// Bits of clone(2)'s flags.
namespace clone_flags {
inline constexpr u64 kVm = 0x100, kFs = 0x200, kFiles = 0x400, kSigHand = 0x800, kVfork = 0x4000;
inline constexpr u64 kParent = 0x8000, kThread = 0x10000, kSysVSem = 0x40000, kSetTls = 0x80000;
inline constexpr u64 kParentSetTid = 0x100000, kChildClearTid = 0x200000, kDetached = 0x400000;
inline constexpr u64 kChildSetTid = 0x1000000;
}  // namespace clone_flags

struct CloneRequest {
    u64 flags = 0;
    u32 exit_signal = 17;
    UserAddr stack{};          // 0: the caller's.
    UserAddr parent_tid{};
    UserAddr child_tid{};
    u64 tls = 0;
};

// Collects children for wait4 and waitid.
struct WaitRequest {
    i64 pid = -1;              // As waitpid(2): >0 one, 0 own group, -1 any, < -1 that group.
    bool exited = true, stopped = false, continued = false;
    bool no_hang = false, no_wait = false;
};
struct WaitOutcome {
    u32 pid = 0;               // 0: no_hang, and nobody has changed state.
    u32 uid = 0;
    u32 status = 0;            // As wait(2) encodes it.
    u64 user_time = 0, system_time = 0;  // Of the child and its descendants.
    u64 minor_faults = 0;
};

class ProcessTable {
public:
    explicit ProcessTable(System& system) : system_(system) {}

    // The first process, pid 1, not running yet.
    Result<Ref<Process>> create_first();
    // clone(2), fork(2), vfork(2): the new pid (tid) as the caller sees it. Nothing is visible before all
    // of it has succeeded. Errno::Again (limits), NoMem, Inval.
    Result<u32> clone(UserThread& caller, CloneRequest const& request);
    // Ends the calling thread, and the process with its last thread.
    [[noreturn]] void exit_thread(UserThread& thread, u32 status);
    // exit_group(2), or death by a signal: `status` as wait(2) encodes it.
    [[noreturn]] void exit_process(UserThread& thread, u32 status);
    // wait4(2). Errno::Child, RestartSys.
    Result<WaitOutcome> wait(UserThread& caller, WaitRequest const& request);
    // Frees what exited processes and threads still hold. Cheap when there is nothing to do.
    void collect();

    Process* find(u32 pid);
    UserThread* find_thread(u32 tid);
    // In ascending order of pid: the first at or above `minimum`, or null.
    Process* next_at_or_above(u32 minimum);
    u32 process_count() const { return process_count_; }
    u64 created_count() const { return created_count_; }

    // --- signals -----------------------------------------------------------------------------------
    // To a process (any thread that takes it), a thread, a group. Ignored signals vanish here.
    void send_to_process(Process& process, SignalInfo const& info);
    void send_to_thread(UserThread& thread, SignalInfo const& info);
    // The number of processes reached.
    u32 send_to_group(u32 group_id, SignalInfo const& info);
    // A fault of the running thread: cannot be blocked or ignored.
    void force_signal(UserThread& thread, SignalInfo const& info);
    bool has_pending(UserThread& thread) const;
    // On the way back to user mode: sets up handlers, applies default actions (may not return),
    // restarts the interrupted call. `result`: what the call returned, when in one.
    void deliver_signals(UserThread& thread);

    System& system() { return system_; }

private:
    System& system_;
    u32 process_count_ = 0;
    u64 created_count_ = 0;
    // The owner of this file adds the tables.
};

}  // namespace drydock
