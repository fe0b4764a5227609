// `drydock run`: one simulation from the host's files and streams to an exit status and a report.

#include "sim/black_box.h"
#include "sim/command_line.h"
#include "sim/exporter.h"
#include "sim/file_bytes.h"
#include "sim/host/host_console.h"
#include "sim/host/host_usage.h"
#include "sim/host/supervisor.h"
#include "sim/loss_report.h"
#include "sim/machine_layout.h"
#include "sim/progress.h"
#include "sim/recipe_run.h"
#include "sim/recording_console.h"
#include "sim/report.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace drydock::sim {

namespace {

constexpr u64 kStepInstructions = 20'000'000;

char const* name_of(StackMode mode) { return mode == StackMode::Guarded ? "guarded" : "unguarded"; }

Recipe recipe_of(RunRequest const& request, RootArchive const& root, ConsoleMode const& mode)
{
    bool const has_terminal = std::any_of(
        std::begin(mode.is_terminal), std::end(mode.is_terminal), [](bool is) { return is; });
    Recipe recipe;
    recipe.build = this_build();
    if (!request.command.empty()) recipe.program.path = request.command[0];
    recipe.program.is_init = request.is_init;
    recipe.program.arguments = request.command;
    recipe.program.environment = guest_environment(request.environment, has_terminal);
    recipe.root = request.root.empty()
                      ? std::string()
                      : std::filesystem::absolute(request.root).lexically_normal().string();
    recipe.tree_hash = root.hash;
    recipe.imports = root.imports;
    recipe.memory_bytes = request.memory_bytes;
    recipe.stack_mode = request.stack_mode;
    recipe.costs = request.costs;
    recipe.check_tlb = request.check_tlb;
    recipe.check_tables = request.check_tables;
    recipe.tag_bits = request.tag_bits;
    recipe.time_limit_ns = request.time_limit_ns;
    recipe.seed = request.seed;
    recipe.faults = request.faults;
    return recipe;
}

RunHooks hooks_of(RunRequest const& request)
{
    RunHooks hooks;
    hooks.trace_path = request.trace_path;
    hooks.kernel_loop_seconds = request.kernel_loop_seconds;
    if (!request.is_quiet) {
        hooks.on_invalid_opcode = [](std::string const& line) {
            fmt::print(stderr, "drydock: {}\n", line);
        };
    }
    return hooks;
}

void tell(Outcome const& outcome)
{
    if (outcome.kind == OutcomeKind::Exited) return;
    std::string const name = outcome_name(outcome.kind);
    std::string const start = outcome.summary.starts_with(name) ? "" : name + ": ";
    bool const ends_line = outcome.report.empty() || outcome.report.ends_with('\n');
    fmt::print(stderr,
               "drydock: {}{}\n{}{}",
               start,
               outcome.summary,
               outcome.report,
               ends_line ? "" : "\n");
}

RunIdentity identity_of(RunRequest const& request, std::string const& root_hash)
{
    RunIdentity identity;
    identity.kernel = request.kernel;
    identity.seed = request.seed;
    identity.memory_bytes = request.memory_bytes;
    identity.stack_mode = name_of(request.stack_mode);
    identity.cost_table = request.costs;
    identity.root_hash = root_hash;
    for (std::string const& word : request.command) {
        identity.program += (identity.program.empty() ? "" : " ") + word;
    }
    return identity;
}

// Whether every file came out.
bool export_files(Simulation& simulation, RunRequest const& request)
{
    bool is_complete = true;
    for (Export const& item : request.exports) {
        std::string const problem = export_tree(simulation, item.guest, item.host);
        if (problem.empty()) continue;
        fmt::print(stderr, "drydock: --out {}:{}: {}\n", item.guest, item.host, problem);
        is_complete = false;
    }
    return is_complete;
}

// CPU seconds beyond the kernel's limit after which a run that did not end by itself is ended.
constexpr unsigned kGraceSeconds = 5;

// The process of the run is gone and had no verdict: its supervisor has one.
int conclude_loss(RunRequest const& request, BlackBox const& box, Loss const& loss, u64 began)
{
    Outcome const outcome = describe_loss(box, loss);
    tell(outcome);
    if (!request.report_path.empty()) {
        RunFigures figures;
        figures.events = box.ring.flushed + box.ring.used;
        HostFigures const host{host_monotonic_ns() - began, host_cpu_ns(), 0};
        write_file(request.report_path,
                   make_json_report(identity_of(request, ""), outcome, figures, host));
    }
    return outcome.exit_status;
}

// The whole run, in this process. `box` may be null.
int simulate(RunRequest request, BlackBox* box)
{
    u64 const began = host_monotonic_ns();
    check_writable(request.report_path);
    check_writable(request.trace_path);
    RootArchive const root = build_root_archive(request.root, request.imports);
    request.memory_bytes = memory_for_tree(request.memory_bytes, root.bytes.size());
    for (std::string const& note : root.notes) {
        if (!request.is_quiet) fmt::print(stderr, "drydock: {}\n", note);
    }

    Outcome outcome;
    RunFigures figures;
    bool is_exported = true;
    {
        HostConsole host_console(true);
        RecordingConsole console(host_console);
        Recipe const recipe = recipe_of(request, root, console.mode());
        Simulation simulation(
            options_of(recipe, hooks_of(request)), console, {root.bytes.data(), root.bytes.size()});
        simulation.set_trace_recipe([&recipe, &console] {
            Recipe written = recipe;
            written.console = console.record();
            written.expected.emplace().printed = console.printed();
            return written;
        });
        if (box != nullptr) simulation.machine().log().collect_in(box->ring);
        ProgressLine progress(!request.is_quiet && !is_same_terminal(0, 2), began);
        while (!simulation.step({kStepInstructions, ~u64{0}})) {
            // Whoever reads the other end of a pipe follows what the guest does.
            console.flush();
            progress.update(simulation);
        }
        progress.erase();
        simulation.conclude();
        console.flush();
        is_exported = export_files(simulation, request);
        outcome = simulation.outcome();
        figures = simulation.figures();
    }
    tell(outcome);
    if (!request.report_path.empty()) {
        HostFigures const host{
            host_monotonic_ns() - began, host_cpu_ns(), host_peak_resident_bytes()};
        write_file(request.report_path,
                   make_json_report(identity_of(request, root.hash), outcome, figures, host));
    }
    return is_exported || outcome.kind != OutcomeKind::Exited ? outcome.exit_status : kOracleStatus;
}

}  // namespace

void check_writable(std::string const& path)
{
    if (path.empty()) return;
    std::string const temporary = path + ".partial";
    std::ofstream file(temporary);
    bool const is_writable = file.is_open();
    file.close();
    std::remove(temporary.c_str());
    if (is_writable) return;
    throw UsageError(fmt::format("{}: cannot be written; give a path in an existing folder", path));
}

int run_program(RunRequest const& request)
{
    if (request.is_unsupervised) return simulate(request, nullptr);
    u64 const began = host_monotonic_ns();
    return run_supervised(
        {request.kernel_loop_seconds + kGraceSeconds},
        [&request](BlackBox& box) { return simulate(request, &box); },
        [&request, began](BlackBox const& box, Loss const& loss) {
            return conclude_loss(request, box, loss, began);
        });
}

}  // namespace drydock::sim
