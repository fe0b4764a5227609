#include "sim/simulation.h"

#include "core/kernel/kernel.h"
#include "sim/host/running.h"
#include "sim/machine_layout.h"
#include "sim/recipe_run.h"
#include "sim/recipe_text.h"
#include "sim/stack_notice.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

extern "C" void drydock_sim_enter_stack(drydock::u64 top, void (*entry)(void*), void* argument);

namespace drydock::sim {

namespace {

void append(std::vector<char>& strings, std::string const& text)
{
    strings.insert(strings.end(), text.c_str(), text.c_str() + text.size() + 1);
}

StringView view_of(std::string const& text) { return {text.data(), text.size()}; }

}  // namespace

Simulation::Simulation(SimulationOptions options, Console& console, ConstBytes initramfs)
    : options_(std::move(options))
    , machine_(std::make_unique<Machine>(options_.machine, console, initramfs))
{
    for (std::string const& argument : options_.program.arguments) append(strings_, argument);
    for (std::string const& variable : options_.program.environment) append(strings_, variable);
    if (!options_.trace_path.empty()) {
        machine_->log().open_file(options_.trace_path);
    }
}

Simulation::~Simulation() = default;

void Simulation::set_probe(KernelProbe probe, void* argument)
{
    probe_ = probe;
    probe_argument_ = argument;
}

void Simulation::boot_on_kernel_stack(void* argument)
{
    Simulation& simulation = *static_cast<Simulation*>(argument);
    Machine& machine = *simulation.machine_;
    // The frames that led here are dead; calls through the door start over at their stack's top.
    u64 const top = machine.state().platform_stack_top;
    forget_stack(top - Machine::kPlatformStackSize, top);
    if (simulation.probe_ != nullptr) {
        simulation.probe_(machine.platform(), simulation.probe_argument_);
        machine.platform().halt(0);
    }
    Program const& program = simulation.options_.program;
    BootProgram boot_program;
    boot_program.path = view_of(program.path);
    boot_program.is_init = program.is_init;
    boot_program.strings = {reinterpret_cast<std::byte const*>(simulation.strings_.data()),
                            simulation.strings_.size()};
    boot_program.argument_count = static_cast<u32>(program.arguments.size());
    boot_program.environment_count = static_cast<u32>(program.environment.size());
    boot_program.working_directory = view_of(program.working_directory);
    Kernel::boot(machine.platform(), machine.kernel_object(), boot_program);
}

// On the platform stack. Nothing of it is alive once the kernel runs.
void Simulation::boot(void* argument)
{
    Simulation& simulation = *static_cast<Simulation*>(argument);
    Machine& machine = *simulation.machine_;
    KernelStack& stack = machine.boot_stack();
    if (!machine.stacks().prepare(stack, {kBootStackAddress}, nullptr, nullptr)) {
        machine.set_outcome(
            OutcomeKind::SimulatorFailed, kOracleStatus, "no room for the boot stack", {});
        return;
    }
    machine.stacks().doing(stack.private_data) = kDoingBoot;
    machine.state().current_stack_base = stack.base;
    machine.state().current_stack_private = stack.private_data;
    drydock_sim_enter_stack(stack.base + kKernelStackSize, boot_on_kernel_stack, argument);
}

void Simulation::enter()
{
    install_fault_handlers();
    Simulation* const outer = running_simulation();
    ASSERT(outer == nullptr);
    set_running_simulation(this, machine_->report_stack_top());
    machine_->gate().enter();
    set_running_simulation(nullptr, 0);
    if (is_reporting_) end_report();
    is_reporting_ = false;
}

bool Simulation::step(StepLimits limits)
{
    if (machine_->is_over()) return true;
    if (!is_started_) {
        is_started_ = true;
        u64 const top = machine_->state().platform_stack_top;
        machine_->gate().start(reinterpret_cast<void*>(top - Machine::kPlatformStackSize),
                               Machine::kPlatformStackSize,
                               boot,
                               this);
    }
    machine_->set_step_limits(limits);
    enter();
    return machine_->is_over();
}

Outcome const& Simulation::run()
{
    while (!step({})) {
    }
    conclude();
    return outcome();
}

bool Simulation::run_service(std::function<void()> work)
{
    service_ = std::move(work);
    service_done_ = false;
    OutcomeKind const before = outcome().kind;
    if (before == OutcomeKind::Running) return false;
    machine_->gate().start(
        machine_->service_stack_bottom(),
        Machine::kServiceStackSize,
        [](void* argument) {
            auto& simulation = *static_cast<Simulation*>(argument);
            try {
                simulation.service_();
                simulation.service_done_ = true;
            } catch (std::exception const& error) {
                simulation.machine_->outcome() = {};
                simulation.machine_->set_outcome(
                    OutcomeKind::SimulatorFailed, kOracleStatus, error.what(), {});
            }
        },
        this);
    enter();
    service_ = nullptr;
    return service_done_;
}

void Simulation::conclude()
{
    if (is_concluded_) return;
    is_concluded_ = true;
    if (probe_ == nullptr) conclude_oracles();
    machine_->fill(figures_);
    try {
        close_trace();
    } catch (std::exception const& error) {
        machine_->outcome() = {OutcomeKind::SimulatorFailed, kOracleStatus, error.what(), {}};
    }
}

void Simulation::close_trace()
{
    if (options_.trace_path.empty()) return;
    Recipe recipe = make_recipe_ ? make_recipe_() : recipe_of(options_);
    if (!make_recipe_) recipe.console.mode = machine_->console_mode();
    std::optional<PrintedTexts> printed;
    if (recipe.expected) printed = recipe.expected->printed;
    recipe.expected = expectation_of({outcome(), figures_, machine_->log().marks(), printed});
    machine_->log().close_file(print_recipe(recipe, TraceKind::WithEvents));
}

void Simulation::audit()
{
    Audit result;
    Outcome const before = outcome();
    // A crash inside the audit must be able to change the outcome.
    bool const was_done =
        run_service([this, &result] { result = Kernel::at(machine_->kernel_object()).audit(); });
    if (!was_done) {
        machine_->outcome().summary = "the audit after the run failed: " + outcome().summary;
        return;
    }
    FrameFigures& frames = figures_.frames;
    frames.total = result.frames.total;
    frames.free = result.frames.free;
    frames.cached = result.frames.file_cache;
    frames.live = frames.total - frames.free - frames.cached;
    frames.leaked = result.leaked_frames;
    frames.wrong_references = result.wrong_reference_counts;
    frames.heap_objects = result.heap_objects;
    figures_.cached_pages = result.frames.file_cache;
    if (before.kind != OutcomeKind::Exited) return;
    if (result.wrong_reference_counts > 0) {
        machine_->outcome() = {
            OutcomeKind::WrongReferences,
            kOracleStatus,
            fmt::format("{} frames have wrong reference counts, the first is {:#x} (the "
                        "program had {})",
                        result.wrong_reference_counts,
                        result.first_wrong_frame,
                        before.summary),
            {}};
    } else if (result.leaked_frames > 0) {
        machine_->outcome() = {
            OutcomeKind::FramesLeaked,
            kOracleStatus,
            fmt::format("{} frames belong to nothing any more (the program had {})",
                        result.leaked_frames,
                        before.summary),
            {}};
    }
}

std::string Simulation::describe_all_threads()
{
    std::vector<char> text(64 * kKiB);
    usize used = 0;
    bool const was_done = run_service([this, &text, &used] {
        used = Kernel::at(machine_->kernel_object())
                   .describe_threads({text.data(), text.size()})
                   .size();
    });
    return was_done ? std::string(text.data(), used) : std::string();
}

void Simulation::conclude_oracles()
{
    if (outcome().kind == OutcomeKind::NoProgress) {
        std::string const threads = describe_all_threads();
        if (outcome().kind == OutcomeKind::NoProgress) machine_->outcome().report = threads;
    }
    bool const is_quiet = outcome().kind == OutcomeKind::Exited ||
                          outcome().kind == OutcomeKind::NoProgress ||
                          outcome().kind == OutcomeKind::TimeLimit;
    if (is_quiet) audit();
    if (outcome().kind != OutcomeKind::Exited) return;
    RunFigures probe_figures;
    machine_->fill(probe_figures);
    if (probe_figures.avoidable_faults == 0) return;
    std::string report;
    for (AvoidableFaultRecord const& fault : probe_figures.avoidable) {
        report += fmt::format("  process {} at {:#x}: page {} of file {}, cached at generation {}; "
                              "the template is of "
                              "generation {}, {} ns old\n",
                              fault.pid,
                              fault.address,
                              fault.page,
                              fault.file,
                              fault.insert_generation,
                              fault.template_generation,
                              fault.template_age_ns);
    }
    machine_->outcome() = {
        OutcomeKind::AvoidableFaults,
        kOracleStatus,
        fmt::format("{} faults on pages that were cached when their program was started (the "
                    "program had {})",
                    probe_figures.avoidable_faults,
                    outcome().summary),
        report};
}

}  // namespace drydock::sim
