// Signals: a crash of the kernel becomes a report, and so does a kernel that runs without end. A
// handler only notes what happened and makes the interrupted code continue on the report stack.

#include "sim/host/running.h"
#include "sim/host/terminal.h"
#include "sim/simulation.h"

#include <csignal>
#include <cstring>
#include <mutex>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

extern "C" drydock::u64 drydock_sim_report_stack_top;

namespace drydock::sim {

namespace {

// The one pointer to what runs, and what the watch saw last.
Simulation* running = nullptr;
u64 watched_progress = 0;
unsigned idle_ticks = 0;
alignas(16) std::byte handler_stack[64 * kKiB];

// Of mcontext_t, in the order of Gpr.
constexpr int kRegisterIndex[16] = {REG_RAX,
                                    REG_RCX,
                                    REG_RDX,
                                    REG_RBX,
                                    REG_RSP,
                                    REG_RBP,
                                    REG_RSI,
                                    REG_RDI,
                                    REG_R8,
                                    REG_R9,
                                    REG_R10,
                                    REG_R11,
                                    REG_R12,
                                    REG_R13,
                                    REG_R14,
                                    REG_R15};

void enter_report(Simulation* simulation) { simulation->report_crash(); }

void redirect(Simulation& simulation, int number, u64 address, ucontext_t& context, bool is_loop)
{
    greg_t* const registers = context.uc_mcontext.gregs;
    Simulation::Crash& crash = simulation.crash();
    crash.signal = number;
    crash.is_loop = is_loop;
    crash.address = address;
    crash.rip = static_cast<u64>(registers[REG_RIP]);
    crash.rsp = static_cast<u64>(registers[REG_RSP]);
    crash.rbp = static_cast<u64>(registers[REG_RBP]);
    for (int i = 0; i < 16; ++i) {
        crash.registers[i] = static_cast<u64>(registers[kRegisterIndex[i]]);
    }
    // As after a call: the stack pointer is 8 off a multiple of 16.
    registers[REG_RIP] = reinterpret_cast<greg_t>(&enter_report);
    registers[REG_RSP] = static_cast<greg_t>(drydock_sim_report_stack_top - 8);
    registers[REG_RDI] = reinterpret_cast<greg_t>(&simulation);
    registers[REG_EFL] &= ~greg_t{0x400};  // The direction flag, as the ABI wants it.
}

void on_fault(int number, siginfo_t* info, void* raw)
{
    auto& context = *static_cast<ucontext_t*>(raw);
    if (running == nullptr || running->is_reporting()) {
        restore_terminal();
        struct sigaction action {};
        action.sa_handler = SIG_DFL;
        sigaction(number, &action, nullptr);
        return;  // The instruction runs again, and now the default action is taken.
    }
    redirect(*running, number, reinterpret_cast<u64>(info->si_addr), context, false);
}

bool is_kernel_stack(Simulation& simulation, u64 address)
{
    Machine& machine = simulation.machine();
    if (machine.stacks().find(address).is_stack) return true;
    u64 const memory = reinterpret_cast<u64>(machine.memory().base());
    return address >= memory && address < memory + machine.memory().size();
}

void on_watch(int number, siginfo_t*, void* raw)
{
    auto& context = *static_cast<ucontext_t*>(raw);
    if (running == nullptr || running->is_reporting()) return;
    u64 const stack_pointer = static_cast<u64>(context.uc_mcontext.gregs[REG_RSP]);
    u64 const progress = running->machine().progress();
    bool const is_stuck = progress == watched_progress && is_kernel_stack(*running, stack_pointer);
    watched_progress = progress;
    idle_ticks = is_stuck ? idle_ticks + 1 : 0;
    if (idle_ticks < running->kernel_loop_seconds()) return;
    idle_ticks = 0;
    redirect(*running, number, 0, context, true);
}

void install(int number, void (*handler)(int, siginfo_t*, void*))
{
    struct sigaction action {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
}

}  // namespace

char const* host_signal_name(int number)
{
    switch (number) {
    case SIGSEGV: return "segmentation fault";
    case SIGBUS: return "bus error";
    case SIGILL: return "invalid instruction";
    case SIGFPE: return "arithmetic exception";
    case SIGTRAP: return "trap";
    default: return "signal";
    }
}

Simulation* running_simulation() { return running; }

void set_running_simulation(Simulation* simulation, u64 report_stack_top)
{
    running = simulation;
    drydock_sim_report_stack_top = report_stack_top;
}

void install_fault_handlers()
{
    static std::once_flag once;
    std::call_once(once, [] {
        stack_t stack{};
        stack.ss_sp = handler_stack;
        stack.ss_size = sizeof(handler_stack);
        sigaltstack(&stack, nullptr);
        for (int const number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP})
            install(number, on_fault);
        install(SIGPROF, on_watch);
        itimerval const period{{1, 0}, {1, 0}};
        setitimer(ITIMER_PROF, &period, nullptr);
    });
}

}  // namespace drydock::sim
