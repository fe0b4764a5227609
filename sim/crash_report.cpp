// What a simulation says of a kernel that crashed, looped or failed an assertion.

#include "sim/backtrace.h"
#include "sim/host/running.h"
#include "sim/simulation.h"
#include "sim/symbols.h"
#include "sim/trace_text.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

extern "C" {
// The top of the report stack of the running simulation, for assertion_failed(); 0 when none runs.
drydock::u64 drydock_sim_report_stack_top = 0;

[[noreturn]] void drydock_sim_assertion_failed(char const* expression,
                                               char const* file,
                                               unsigned line,
                                               drydock::u64 rbp)
{
    drydock::sim::Simulation* const simulation = drydock::sim::running_simulation();
    if (simulation == nullptr || simulation->is_reporting()) {
        fmt::print(stderr, "drydock: assertion failed: {} ({}:{})\n", expression, file, line);
        std::abort();
    }
    simulation->report_assertion(expression, file, line, rbp);
}
}

namespace drydock::sim {

namespace {

constexpr usize kRecentEvents = 20;

constexpr char const* kRegisterNames[16] = {"rax",
                                            "rcx",
                                            "rdx",
                                            "rbx",
                                            "rsp",
                                            "rbp",
                                            "rsi",
                                            "rdi",
                                            "r8",
                                            "r9",
                                            "r10",
                                            "r11",
                                            "r12",
                                            "r13",
                                            "r14",
                                            "r15"};

std::string describe_registers(Simulation::Crash const& crash)
{
    std::string text = fmt::format("  rip {:016x}", crash.rip);
    for (usize i = 0; i < 16; ++i) {
        text += fmt::format(
            "{}{:>3} {:016x}", i % 4 == 0 ? "\n  " : "  ", kRegisterNames[i], crash.registers[i]);
    }
    return text + "\n";
}

}  // namespace

std::string Simulation::describe_recent_events()
{
    std::string text = "  last events:\n";
    for (TraceRecord const& record : machine_->log().last(kRecentEvents)) {
        text += "    " + describe_record(record) + "\n";
    }
    return text;
}

std::string Simulation::describe_place(u64 rip, u64 rsp, u64 rbp)
{
    Symbols const symbols;
    u64 const current = machine_->state().current_stack_private;
    u32 const doing = machine_->stacks().doing(current);
    std::string text = fmt::format("  thread {}, in {}{}; stack base {:#x}\n",
                                   machine_->current_thread(),
                                   name_of_activity(doing),
                                   doing < 512 ? fmt::format(" (system call {})", doing) : "",
                                   machine_->state().current_stack_base);
    text += fmt::format("  at {}\n  call chain:\n", symbols.describe(rip));
    text += describe_frames(walk_frames(*machine_, symbols, rip, rsp, rbp), symbols);
    return text;
}

std::string Simulation::describe_state()
{
    u64 const kernel_stack = machine_->state().kernel_stack_pointer;
    std::string text =
        fmt::format("  {} ns, {} events\n", machine_->now(), machine_->log().count());
    if (kernel_stack != 0 && is_started_) {
        // A call through the door left the caller's frame pointer and its return address.
        u64 const* const frame = reinterpret_cast<u64 const*>(kernel_stack);
        text += describe_place(frame[1] - 1, kernel_stack + 16, frame[0]);
    }
    std::string const events = describe_recent_events();
    machine_->set_outcome(OutcomeKind::Stopped, 0, "stopped", {});
    if (probe_ == nullptr) {
        std::string const threads = describe_all_threads();
        text += "  threads:\n";
        for (usize at = 0; at < threads.size();) {
            usize const end = std::min(threads.find('\n', at), threads.size());
            text += "    " + threads.substr(at, end - at) + "\n";
            at = end + 1;
        }
        if (threads.empty()) text += "    (they cannot be listed: " + outcome().summary + ")\n";
    }
    return text + events;
}

void Simulation::describe_crash()
{
    Crash const crash = crash_;
    KernelStacks::Found found = machine_->stacks().find(crash.address);
    if (!found.is_gap) found = machine_->stacks().find(crash.rsp);
    std::string const place = describe_place(crash.rip, crash.rsp, crash.rbp);
    Symbols const symbols;
    u64 const frame_size = walk_frames(*machine_, symbols, crash.rip, crash.rsp, crash.rbp)[0].size;
    Symbols::Found const function = symbols.find(crash.rip);
    std::string const where =
        function.name.empty() ? fmt::format("{:#x}", crash.rip) : function.name;
    machine_->outcome() = {};  // What a service finds replaces what the run had said.
    u64 const current = machine_->state().current_stack_private;
    std::string const activity = name_of_activity(machine_->stacks().doing(current));
    if (crash.is_loop) {
        machine_->set_outcome(
            OutcomeKind::KernelLoop,
            kOracleStatus,
            fmt::format("the kernel has run for {} s of CPU time without an event, in {} "
                        "({})",
                        options_.kernel_loop_seconds,
                        where,
                        activity),
            place + describe_recent_events());
        return;
    }
    if (found.is_gap) {
        machine_->set_outcome(
            OutcomeKind::StackOverflow,
            kOracleStatus,
            fmt::format("kernel stack overflow in {} ({}): a frame of {} bytes, {} bytes below the "
                        "base of a stack of {}",
                        where,
                        activity,
                        frame_size,
                        found.base - crash.address,
                        kKernelStackSize),
            place + describe_recent_events());
        return;
    }
    machine_->set_outcome(OutcomeKind::KernelCrash,
                          kOracleStatus,
                          fmt::format("kernel crash: {} at address {:#x} in {} ({})",
                                      host_signal_name(crash.signal),
                                      crash.address,
                                      where,
                                      activity),
                          describe_registers(crash) + place + describe_recent_events());
}

void Simulation::report_crash()
{
    is_reporting_ = true;
    describe_crash();
    machine_->leave_for_good();
}

void Simulation::describe_assertion(char const* expression,
                                    char const* file,
                                    unsigned line,
                                    u64 rbp)
{
    u64 const* const frame = reinterpret_cast<u64 const*>(rbp);
    std::string const place = describe_place(frame[1], rbp + 16, frame[0]);
    machine_->outcome() = {};
    machine_->set_outcome(OutcomeKind::AssertionFailed,
                          kOracleStatus,
                          fmt::format("assertion failed: {} ({}:{})", expression, file, line),
                          place + describe_recent_events());
}

void Simulation::report_assertion(char const* expression, char const* file, unsigned line, u64 rbp)
{
    is_reporting_ = true;
    describe_assertion(expression, file, line, rbp);
    machine_->leave_for_good();
}

}  // namespace drydock::sim
