// Signals: a crash of the kernel becomes a report, and so does a kernel that runs without end. A
// handler only notes what happened and makes the interrupted code continue on the report stack.

#include "sim/black_box.h"
#include "sim/host/running.h"
#include "sim/host/stack_trap.h"
#include "sim/host/terminal.h"
#include "sim/simulation.h"

#include <csignal>
#include <cstring>
#include <mutex>
#include <sys/time.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

extern "C" drydock::u64 drydock_sim_report_stack_top;

namespace drydock::sim {

namespace {

// The one pointer to what runs, the one to who watches, and what the watch saw last.
Simulation* running = nullptr;
BlackBox* black_box = nullptr;
StackTrap* stack_trap = nullptr;
u64 watched_progress = 0;
u64 watched_instructions = 0;
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

// Reads this process's own memory, wherever a damaged stack points: false where there is none.
bool read_words(u64 address, u64 (&words)[2])
{
    iovec const local{words, sizeof(words)};
    iovec const remote{reinterpret_cast<void*>(address), sizeof(words)};
    return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == isize{sizeof(words)};
}

// For the supervisor, should this process not live to report it: where the kernel is.
void note_place(int number, u64 address, ucontext_t const& context)
{
    if (black_box == nullptr) return;
    greg_t const* const registers = context.uc_mcontext.gregs;
    BlackBox::Place& place = black_box->place;
    place.signal = number;
    place.address = address;
    place.rip = static_cast<u64>(registers[REG_RIP]);
    place.rsp = static_cast<u64>(registers[REG_RSP]);
    place.frame_count = 0;
    u64 frame = static_cast<u64>(registers[REG_RBP]);
    u64 words[2] = {};
    while (place.frame_count < BlackBox::Place::kMaximumFrames && read_words(frame, words)) {
        place.frame_ends[place.frame_count] = frame + sizeof(words);
        place.return_addresses[place.frame_count] = words[1];
        ++place.frame_count;
        if (words[0] <= frame || words[1] == 0) break;
        frame = words[0];
    }
}

void enter_report(Simulation* simulation) { simulation->report_crash(); }

void redirect(Simulation& simulation, int number, u64 address, ucontext_t& context, bool is_loop)
{
    note_place(number, address, context);
    if (black_box != nullptr) black_box->is_reporting = true;
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

// Whether the fault is part of a stack's observation and the code just goes on.
bool is_observed(int number, siginfo_t const& info, ucontext_t& context)
{
    if (stack_trap == nullptr || running == nullptr) return false;
    static_assert(sizeof(greg_t) == sizeof(i64));
    greg_t* const registers = context.uc_mcontext.gregs;
    StackTrap::Interrupted const interrupted{reinterpret_cast<u64>(info.si_addr),
                                             static_cast<u64>(registers[REG_RIP]),
                                             static_cast<u64>(registers[REG_RSP]),
                                             static_cast<u64>(registers[REG_RBP]),
                                             reinterpret_cast<i64*>(&registers[REG_EFL])};
    if (number == SIGSEGV) return stack_trap->take_fault(interrupted);
    return number == SIGTRAP && stack_trap->take_step(interrupted);
}

void on_fault(int number, siginfo_t* info, void* raw)
{
    auto& context = *static_cast<ucontext_t*>(raw);
    if (is_observed(number, *info, context)) return;
    if (running == nullptr || running->is_reporting()) {
        // A crash while a crash is reported: the first one is what the supervisor is told of.
        if (running == nullptr) note_place(number, reinterpret_cast<u64>(info->si_addr), context);
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

void beat()
{
    if (black_box != nullptr) black_box->beats.fetch_add(1, std::memory_order_relaxed);
}

void on_watch(int number, siginfo_t*, void* raw)
{
    auto& context = *static_cast<ucontext_t*>(raw);
    if (running == nullptr) beat();
    if (running == nullptr || running->is_reporting()) return;
    u64 const stack_pointer = static_cast<u64>(context.uc_mcontext.gregs[REG_RSP]);
    u64 const progress = running->machine().progress();
    u64 const instructions = running->machine().user_instructions();
    bool const stands_still = progress == watched_progress;
    if (stands_still && instructions == watched_instructions) {
        note_place(0, 0, context);
    } else {
        beat();
    }
    bool const is_stuck = stands_still && is_kernel_stack(*running, stack_pointer);
    watched_progress = progress;
    watched_instructions = instructions;
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

void set_black_box(BlackBox* box) { black_box = box; }

void set_stack_trap(StackTrap* trap) { stack_trap = trap; }

void end_report()
{
    if (black_box != nullptr) black_box->is_reporting = false;
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
        rearm_watch();
    });
}

void rearm_watch()
{
    itimerval const period{{1, 0}, {1, 0}};
    setitimer(ITIMER_PROF, &period, nullptr);
}

}  // namespace drydock::sim
