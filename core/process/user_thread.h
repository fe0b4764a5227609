#pragma once

// A thread of a process: what the scheduler runs, plus what the user gave it.

#include "core/process/process.h"

namespace drydock {

struct Call;

// An interrupted call with a timeout, for restart_syscall(2): it ends when it first would have.
struct RestartBlock {
    using GoOn = Result<i64> (*)(Call& call, Ticks deadline);

    GoOn go_on = nullptr;  // Null: nothing to go on with.
    u64 arguments[6]{};    // Those of the interrupted call.
    Ticks deadline = 0;
};

class UserThread final : public Thread {
public:
    static constexpr u64 kTimerSlack = 50'000;  // Nanoseconds, of the first process.

    UserThread(Ref<Process> process, u32 tid)
        : Thread(tid), shown_tid(tid), process_(std::move(process))
    {
        process_link.thread = this;
    }
    ~UserThread() override;

    Process& process() const { return *process_; }
    Ref<Process> process_ref() const { return process_; }
    System& system() const { return process_->system(); }
    AddressSpace& space() const { return *process_->space; }

    // --- its own, whatever the other threads of the process have
    // ------------------------------------------------------------------------------------------
    Credentials credentials{};  // Changed by the thread itself alone.
    // Shared with others by CLONE_FILES and CLONE_FS; null once it has exited.
    Ref<FileTable> files{};
    Ref<FileSystemContext> file_context{};
    Ref<UtsNamespace> uts{};  // Null: the system's first; so for the others.
    Ref<IpcNamespace> ipc{};
    Ref<PidNamespace> child_pids{};  // Where its children begin.
    Ref<CgroupNamespace> cgroup_space{};
    u32 parent_death_signal = 0;  // prctl(2), PR_SET_PDEATHSIG

    // --- signals (only this thread's)
    // --------------------------------------------------------------
    SignalSet blocked{};
    // The mask to put back after a handler that interrupted sigsuspend, ppoll, pselect.
    SignalSet saved_blocked{};
    bool restores_blocked = false;
    SignalSet pending{};
    SignalQueue pending_queue;
    // What sigtimedwait(2) waits for although it is blocked; empty otherwise.
    SignalSet awaited{};
    UserAddr alternate_stack{};
    u64 alternate_stack_size = 0;
    u32 alternate_stack_flags = 2;  // SS_DISABLE

    // The last fault of user code, for the machine context of its handler.
    u64 fault_address = 0;
    u64 fault_error_code = 0;
    u64 fault_vector = 0;

    // --- the call being executed
    // -------------------------------------------------------------------
    u64 syscall_number = 0;
    bool in_syscall = false;
    bool skip_result = false;  // rt_sigreturn and exec have set the registers themselves.
    RestartBlock restart{};

    u32 shown_tid;                    // gettid(2); tid() is the number that the kernel goes by.
    Ref<TaskNumber> number{};         // Keeps it taken; null if the first namespace alone has it.
    char name[16] = {};               // comm, zero-terminated.
    bool no_new_privileges = false;   // prctl(2), PR_SET_NO_NEW_PRIVS
    bool resets_on_fork = false;      // sched(7), SCHED_RESET_ON_FORK
    u32 policy = 0;                   // sched(7): kept for the user, all are scheduled alike.
    u64 timer_slack = kTimerSlack;    // prctl(2), PR_SET_TIMERSLACK: kept, timers are exact.
    u64 default_slack = kTimerSlack;  // What it goes back to.
    u32 io_priority = 0;     // ioprio_set(2): kept for the user; nothing here waits for a disk.
    bool is_frozen = false;  // It halts, or waits for a child of vfork(2).
    UserAddr clear_child_tid{};
    UserAddr robust_list{};
    ThreadLink process_link{};
    ListHook hash_hook{};  // In the table's hash of thread numbers.
    ListHook dead_hook{};  // Exited, stack not given back yet.

    // When it exits.
    void leave_surroundings()
    {
        files.reset();
        file_context.reset();
        uts.reset();
        ipc.reset();
        child_pids.reset();
        cgroup_space.reset();
    }

    bool must_exit() const { return process_->must_end(*this); }
    // execve(2) by another thread than the first: it takes the number of the process.
    void become_main()
    {
        set_tid(process_->pid());
        shown_tid = process_->shown_pid();
        number = process_->number();
    }
    // The owner's reference, dropped when the thread is collected.
    Ref<UserThread> self{};

private:
    Ref<Process> process_;
};

// Who runs: all that asks is asked for by a thread of a process.
inline UserThread& running_thread(System& system)
{
    return *static_cast<UserThread*>(system.scheduler.current());
}

}  // namespace drydock
