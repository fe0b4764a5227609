#pragma once

// A thread of a process: what the scheduler runs, plus what the user gave it.

#include "core/process/process.h"

namespace drydock {

class UserThread final : public Thread {
public:
    UserThread(Ref<Process> process, u32 tid) : Thread(tid), process_(std::move(process)) {}
    ~UserThread() override = default;

    Process& process() const { return *process_; }
    Ref<Process> process_ref() const { return process_; }
    System& system() const { return process_->system(); }
    AddressSpace& space() const { return *process_->space; }

    // --- signals (only this thread's) --------------------------------------------------------------
    SignalSet blocked{};
    // The mask to put back after a handler that interrupted sigsuspend, ppoll, pselect.
    SignalSet saved_blocked{};
    bool restores_blocked = false;
    SignalSet pending{};
    SignalInfo pending_info[kSignalCount]{};
    UserAddr alternate_stack{};
    u64 alternate_stack_size = 0;
    u32 alternate_stack_flags = 2;  // SS_DISABLE

    // --- the call being executed -------------------------------------------------------------------
    u64 syscall_number = 0;
    bool in_syscall = false;
    bool skip_result = false;       // rt_sigreturn and exec have set the registers themselves.
    // restart_syscall: what nanosleep was waiting for.
    Ticks restart_deadline = 0;
    UserAddr restart_remaining{};

    UserAddr clear_child_tid{};
    UserAddr robust_list{};
    bool is_vfork_child = false;
    Process* vfork_parent = nullptr;
    ListHook process_hook{};        // In Process's list of threads.

private:
    Ref<Process> process_;
};

}  // namespace drydock
