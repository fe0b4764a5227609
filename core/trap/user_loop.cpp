#include "core/trap/user_loop.h"

#include "core/process/process_table.h"
#include "core/syscall/memory_locks.h"
#include "core/syscall/syscall.h"
#include "core/trap/exceptions.h"
#include "core/tty/console_tty.h"

namespace drydock {

namespace {

// Everything that is due before user code goes on. May not return: the thread may end here.
void prepare_return(UserThread& thread, Process& process, System& system)
{
    while (true) {
        if (system.processes.has_uncollected()) system.processes.collect();
        if (process.watches_cpu_time) system.processes.watch_cpu_time(thread);
        bool const has_signals = thread.is_interrupted() || thread.restores_blocked ||
                                 thread.in_syscall || process.must_end(thread);
        if (has_signals) system.processes.deliver_signals(thread);
        bool const has_yielded = system.scheduler.yield_if_due();
        if (!has_signals && !has_yielded) return;
        // Others may have run, and sent something.
        if (!thread.is_interrupted() && !process.must_end(thread)) return;
    }
}

// Signal frames tell of the last fault that became a signal (arch/x86/mm/fault.c,
// set_signal_archinfo).
void force_fault_signal(UserThread& thread, Trap const& trap, Signal signal, i32 code)
{
    thread.fault_vector = 14;
    thread.fault_address = trap.address;
    thread.fault_error_code = trap.error_code;
    // Nothing is told about what the kernel has there (arch/x86/mm/fault.c, sanitize_error_code).
    constexpr u64 kPresent = 1;
    if (trap.address >= kUserEnd) thread.fault_error_code |= kPresent;
    thread.system().processes.force_signal(thread,
                                           SignalInfo::from_fault(signal, code, trap.address));
}

void handle_page_fault(UserThread& thread, Trap const& trap)
{
    ProcessTable& processes = thread.system().processes;
    tell_lock_limit(thread);
    switch (thread.space().handle_fault({trap.address}, trap.error_code)) {
    case FaultResult::Handled: ++thread.process().minor_faults; return;
    case FaultResult::SegvMaperr:
        force_fault_signal(thread, trap, Signal::Segv, kSegvMaperr);
        return;
    case FaultResult::SegvAccerr:
        force_fault_signal(thread, trap, Signal::Segv, kSegvAccerr);
        return;
    case FaultResult::BusAdrerr: force_fault_signal(thread, trap, Signal::Bus, kBusAdrerr); return;
    case FaultResult::OutOfMemory:
        // What has exited may hold enough; the fault comes again then.
        if (processes.has_uncollected()) {
            processes.collect();
            return;
        }
        processes.kill(thread.process());
    }
}

void handle_trap(UserThread& thread, System& system, Trap const& trap)
{
    switch (trap.kind) {
    case Trap::Kind::Syscall: UNREACHABLE();
    case Trap::Kind::PageFault: handle_page_fault(thread, trap); return;
    case Trap::Kind::Exception: handle_exception(thread, trap); return;
    case Trap::Kind::Interrupt: system.console.poll_input(); system.scheduler.run_timers();
    }
}

}  // namespace

void run_user_thread(void* argument)
{
    auto& thread = *static_cast<UserThread*>(argument);
    Process& process = thread.process();
    System& system = process.system();
    Platform& platform = system.platform;
    while (true) {
        prepare_return(thread, process, system);
        PhysAddr const root = system.tags.root_of(*process.space);
        Trap const trap = platform.run_user(thread.context(), root);
        if (trap.kind == Trap::Kind::Syscall) {
            dispatch_syscall(thread, system);
        } else {
            handle_trap(thread, system, trap);
        }
    }
}

}  // namespace drydock
