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
#include "sim/report.h"
#include "sim/simulation.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <xxhash.h>

namespace drydock::sim {

namespace {

constexpr u64 kStepInstructions = 20'000'000;

std::string hash_of(std::vector<std::byte> const& bytes)
{
    return fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size()));
}

char const* name_of(StackMode mode) { return mode == StackMode::Guarded ? "guarded" : "unguarded"; }

// Control bytes and backslashes as \xNN, so that a header line stays a line.
std::string escaped(std::string const& text)
{
    std::string result;
    for (char const character : text) {
        bool const is_plain = static_cast<unsigned char>(character) >= 0x20 && character != '\\';
        if (is_plain) {
            result += character;
        } else {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(character));
        }
    }
    return result;
}

TraceHeader make_header(RunRequest const& request,
                        std::vector<std::string> const& environment,
                        ConsoleMode const& mode,
                        std::string const& root_hash)
{
    TraceHeader header;
    header.emplace_back("kernel", request.kernel);
    header.emplace_back("program", escaped(request.command[0]));
    for (std::string const& argument : request.command)
        header.emplace_back("arg", escaped(argument));
    for (std::string const& variable : environment) header.emplace_back("env", escaped(variable));
    header.emplace_back("seed", fmt::format("{}", request.seed));
    header.emplace_back("memory", fmt::format("{}", request.memory_bytes));
    header.emplace_back("stack", name_of(request.stack_mode));
    header.emplace_back("costs", reference_kvm_costs().name);
    header.emplace_back("faults", describe(request.faults));
    header.emplace_back("root", root_hash);
    header.emplace_back("terminal",
                        fmt::format("{:d}{:d}{:d} {}x{}",
                                    mode.is_terminal[0],
                                    mode.is_terminal[1],
                                    mode.is_terminal[2],
                                    mode.rows,
                                    mode.columns));
    if (request.time_limit_ns > 0) {
        header.emplace_back("time-limit", fmt::format("{}", request.time_limit_ns));
    }
    return header;
}

SimulationOptions make_options(RunRequest const& request, std::vector<std::string> environment)
{
    SimulationOptions options;
    options.machine.memory_bytes = request.memory_bytes;
    options.machine.stack_mode = request.stack_mode;
    options.machine.check_tlb = request.check_tlb;
    options.machine.check_tables = request.check_tables;
    options.machine.seed = request.seed;
    options.machine.faults = request.faults;
    if (request.time_limit_ns > 0) options.machine.time_limit_ns = request.time_limit_ns;
    if (!request.is_quiet) {
        options.machine.on_invalid_opcode = [](std::string const& line) {
            fmt::print(stderr, "drydock: {}\n", line);
        };
    }
    options.program.path = request.command[0];
    options.program.arguments = request.command;
    options.program.environment = std::move(environment);
    options.trace_path = request.trace_path;
    options.kernel_loop_seconds = request.kernel_loop_seconds;
    return options;
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
    identity.cost_table = reference_kvm_costs().name;
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
    if (!request.trace_path.empty()) std::remove((request.trace_path + ".partial").c_str());
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
int simulate(RunRequest const& request, BlackBox* box)
{
    u64 const began = host_monotonic_ns();
    check_writable(request.report_path);
    check_writable(request.trace_path);
    RootArchive const root = build_root_archive(request.root, request.imports);
    for (std::string const& note : root.notes) {
        if (!request.is_quiet) fmt::print(stderr, "drydock: {}\n", note);
    }
    bool const wants_hash = !request.trace_path.empty() || !request.report_path.empty();
    std::string const root_hash = wants_hash ? hash_of(root.bytes) : "";

    Outcome outcome;
    RunFigures figures;
    bool is_exported = true;
    {
        HostConsole console(true);
        ConsoleMode const mode = console.mode();
        bool const has_terminal = std::any_of(
            std::begin(mode.is_terminal), std::end(mode.is_terminal), [](bool is) { return is; });
        std::vector<std::string> const environment =
            guest_environment(request.environment, has_terminal);
        SimulationOptions options = make_options(request, environment);
        options.trace_header = make_header(request, environment, mode, root_hash);
        Simulation simulation(std::move(options), console, {root.bytes.data(), root.bytes.size()});
        if (box != nullptr) simulation.machine().log().collect_in(box->ring);
        ProgressLine progress(!request.is_quiet && !is_same_terminal(0, 2), began);
        while (!simulation.step({kStepInstructions, ~u64{0}})) progress.update(simulation);
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
                   make_json_report(identity_of(request, root_hash), outcome, figures, host));
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
