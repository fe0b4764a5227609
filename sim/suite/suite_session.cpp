#include "sim/suite/suite_session.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/host/suite_program.h"
#include "sim/host/supervisor.h"
#include "sim/loss_report.h"
#include "sim/progress.h"
#include "sim/recipe_run.h"
#include "sim/recording_console.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

// CPU seconds beyond the kernel's limit after which a run that did not end by itself is ended.
constexpr unsigned kGraceSeconds = 5;

void print(std::string const& text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

Baseline const* baseline_of(SuiteRequest const& request)
{
    return request.has_baseline ? &request.baseline.figures : nullptr;
}

// Keeps the number of results in `box` (may be null), for a supervisor that is left alone.
SuiteResult run_and_print(SimulationOptions options,
                          RootArchive const& root,
                          SuiteRequest const& request,
                          BlackBox* box,
                          ProgressLine& progress)
{
    Baseline const* const baseline = baseline_of(request);
    SuiteRecorder recorder(request.identity.order);
    recorder.on_result([&progress, baseline, box](BenchmarkRun const& run) {
        progress.erase();
        if (box != nullptr) box->results.fetch_add(1, std::memory_order_relaxed);
        print(table_line(run, baseline));
    });
    Recipe recipe = recipe_of(options);
    recipe.tree_hash = root.hash;
    recipe.imports = root.imports;
    RecordingConsole console(recorder);
    Simulation simulation(std::move(options), console, {root.bytes.data(), root.bytes.size()});
    simulation.set_trace_recipe([&recipe, &console] {
        Recipe written = recipe;
        written.console = console.record();
        written.expected.emplace().printed = console.printed();
        return written;
    });
    if (box != nullptr) simulation.machine().log().collect_in(box->ring);
    print(table_head(baseline != nullptr));
    SuiteResult result = run_suite(simulation, recorder, [&] { progress.update(simulation); });
    progress.erase();
    return result;
}

void tell_problem(SuiteResult const& result)
{
    std::string const& report = result.outcome.report;
    bool const ends_line = report.empty() || report.ends_with('\n');
    fmt::print(stderr,
               "{}drydock: {}\n{}{}",
               result.errors,
               result.problem,
               report,
               ends_line ? "" : "\n");
}

// The process of the run is gone and had no verdict: its supervisor has one.
int conclude_loss(SuiteRequest const& request, BlackBox const& box, Loss const& loss, u64 began)
{
    SuiteResult result;
    result.outcome = describe_loss(box, loss);
    // A kernel that scribbles may have hit the number.
    usize const results = std::min<usize>(box.results.load(), request.identity.order.size());
    result.results_seen = results;
    result.problem = describe_problem(request.identity.order, results, result.outcome);
    result.figures.events = box.ring.flushed + box.ring.used;
    tell_problem(result);
    if (!request.report_path.empty()) {
        HostFigures const host{host_monotonic_ns() - began, host_cpu_ns(), 0};
        write_file(request.report_path, make_suite_report(request.identity, result, host, nullptr));
    }
    return kOracleStatus;
}

// The whole run, in this process. `box` may be null.
int simulate(SuiteRequest const& request, BlackBox* box)
{
    u64 const began = host_monotonic_ns();
    SuiteIdentity identity = request.identity;
    RootArchive const root = build_root_archive({}, {{find_suite_program(), kSuitePath}});
    identity.run.root_hash = root.hash;
    SimulationOptions options;
    options.machine = request.machine;
    options.program = suite_program(identity.order, identity.is_full);
    options.trace_path = request.trace_path;
    options.kernel_loop_seconds = request.kernel_loop_seconds;
    ProgressLine progress(!request.is_quiet, began);
    SuiteResult const result = run_and_print(std::move(options), root, request, box, progress);
    print(table_end(result));
    HostFigures const host{host_monotonic_ns() - began, host_cpu_ns(), host_peak_resident_bytes()};
    if (!request.report_path.empty()) {
        write_file(request.report_path,
                   make_suite_report(identity, result, host, baseline_of(request)));
    }
    if (!request.is_quiet) {
        fmt::print(stderr, "{:.2f} s on this machine\n", static_cast<double>(host.wall_ns) / 1e9);
    }
    if (result.is_complete) return 0;
    tell_problem(result);
    return kOracleStatus;
}

}  // namespace

int run_suite_session(SuiteRequest const& request)
{
    check_writable(request.report_path);
    check_writable(request.trace_path);
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
