#include "sim/suite/suite_command.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/host/suite_program.h"
#include "sim/machine_layout.h"
#include "sim/progress.h"
#include "sim/suite/suite_report.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <fmt/format.h>
#include <sys/stat.h>
#include <xxhash.h>

namespace drydock::sim {

namespace {

using Options = SuiteCommand::Options;

u64 number_of(char const* option, std::string const& text, u64 minimum, u64 maximum)
{
    u64 value = 0;
    auto const parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const is_number = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    if (is_number && value >= minimum && value <= maximum) return value;
    throw UsageError(
        fmt::format("{} {}: give a number from {} to {}", option, text, minimum, maximum));
}

Order order_of_text(std::string const& text)
{
    bool const is_names = text.find(',') != std::string::npos || find_benchmark(text).has_value();
    if (is_names) return parse_order(text, "--order");
    struct stat status {};
    if (stat(text.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        throw UsageError(fmt::format(
            "--order {}: neither a file nor a benchmark; drydock suite --list names them", text));
    }
    MappedFile const file(text);
    return parse_order(file.text(), text);
}

Order order_of(Options const& options)
{
    bool const has_text = !options.order.empty();
    bool const has_seed = !options.order_seed.empty();
    bool const has_row = !options.order_row.empty();
    if (int{has_text} + int{has_seed} + int{has_row} > 1) {
        throw UsageError("--order, --order-seed and --order-row exclude each other; give one");
    }
    Order order = suite_order();
    if (has_text) order = order_of_text(options.order);
    if (has_seed) {
        order = shuffled_order(number_of("--order-seed", options.order_seed, 0, ~u64{0}));
    }
    if (has_row) {
        order = square_row(number_of("--order-row", options.order_row, 0, kBenchmarkCount - 1));
    }
    if (!options.only.empty()) {
        order = only(order, parse_order(options.only, "--only"));
        if (order.empty()) throw UsageError("--only: the order has none of these benchmarks");
    }
    return repeated(order, number_of("--repeat", options.repeat, 1, kMaximumOrder));
}

MachineOptions machine_of(Options const& options)
{
    MachineOptions machine;
    machine.seed = number_of("--seed", options.seed, 0, ~u64{0});
    machine.memory_bytes = kDefaultMemory;
    if (!options.memory.empty()) {
        machine.memory_bytes =
            number_of("--memory", options.memory, kMinimumMemory / kMiB, kMaximumMemory / kMiB) *
            kMiB;
    }
    if (options.stack != "guarded" && options.stack != "unguarded") {
        throw UsageError(fmt::format("--stack {}: give guarded or unguarded", options.stack));
    }
    machine.stack_mode = options.stack == "guarded" ? StackMode::Guarded : StackMode::Unguarded;
    for (std::string const& name : options.checks) {
        if (name != "tlb") throw UsageError(fmt::format("--check {}: the one check is tlb", name));
        machine.check_tlb = true;
    }
    return machine;
}

void print(std::string const& text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void print_list()
{
    std::string text = fmt::format(
        "{:<16}{:>9}{:>8}{:>9}{:>11}\n", "benchmark", "full", "quick", "Linux", "reference");
    for (Benchmark const& benchmark : benchmarks()) {
        text += fmt::format("{:<16}{:>9}{:>8}{:>9}{:>11}\n",
                            benchmark.name,
                            benchmark.full,
                            benchmark.quick,
                            benchmark.linux_ns,
                            benchmark.reference_ns);
    }
    print(text +
          fmt::format("full, quick: iterations. Linux, reference: ns per iteration (0: none), {}\n",
                      kFiguresSource));
}

TraceHeader make_header(SimulationOptions const& options, SuiteIdentity const& identity)
{
    TraceHeader header;
    header.emplace_back("program", options.program.path);
    for (std::string const& argument : options.program.arguments)
        header.emplace_back("arg", argument);
    for (std::string const& variable : options.program.environment)
        header.emplace_back("env", variable);
    header.emplace_back("seed", fmt::format("{}", identity.run.seed));
    header.emplace_back("memory", fmt::format("{}", identity.run.memory_bytes));
    header.emplace_back("stack", identity.run.stack_mode);
    header.emplace_back("costs", identity.run.cost_table);
    header.emplace_back("faults", "none");
    header.emplace_back("root", identity.run.root_hash);
    header.emplace_back("terminal", "000 24x80");
    header.emplace_back("order", describe(identity.order));
    return header;
}

void note_other_conditions(BaselineFile const& baseline, SuiteIdentity const& identity)
{
    if (baseline.is_full != identity.is_full) {
        fmt::print(stderr, "drydock: the baseline ran {}\n", baseline.is_full ? "full" : "quick");
    }
    if (baseline.cost_table != identity.run.cost_table) {
        fmt::print(stderr, "drydock: the baseline used the costs {}\n", baseline.cost_table);
    }
}

SuiteResult run_and_print(SimulationOptions options,
                          RootArchive const& root,
                          SuiteIdentity const& identity,
                          Baseline const* baseline,
                          ProgressLine& progress)
{
    SuiteRecorder recorder(identity.order);
    recorder.on_result([&progress, baseline](BenchmarkRun const& run) {
        progress.erase();
        print(table_line(run, baseline));
    });
    Simulation simulation(std::move(options), recorder, {root.bytes.data(), root.bytes.size()});
    print(table_head(baseline != nullptr));
    SuiteResult result = run_suite(simulation, recorder, [&] { progress.update(simulation); });
    progress.erase();
    return result;
}

}  // namespace

SuiteCommand::SuiteCommand(CLI::App& app)
    : command_(app.add_subcommand("suite", "Run the 44 benchmarks and compare their times"))
{
    CLI::App& suite = *command_;
    Options& to = options_;
    suite.add_option(
        "--order", to.order, "NAME,NAME,... or a file of names: what runs, in which order");
    suite.add_option("--order-seed", to.order_seed, "All 44, shuffled by this seed");
    suite.add_option(
        "--order-row", to.order_row, "Row 0 to 43 of a square with every pair of neighbours once");
    suite.add_option("--only", to.only, "NAME,NAME,...: leave the others out");
    suite.add_option("--repeat", to.repeat, "Run the whole order so many times");
    suite.add_flag(
        "--full", to.is_full, "As many iterations as published figures used (default: quick)");
    suite.add_flag("--list", to.is_list, "Print the benchmarks and stop");
    suite.add_option("--baseline", to.baseline_path, "Compare with this report of an earlier run");
    suite.add_option("--report", to.report_path, "Write all figures to this file, as JSON");
    suite.add_option("--trace", to.trace_path, "Write the run's events to this file");
    suite.add_option("--seed", to.seed, "Seed of scheduling and entropy (default 0)");
    suite.add_option("--memory", to.memory, "Physical memory in MiB (default 512)");
    suite.add_option("--stack", to.stack, "guarded (default) or unguarded kernel stacks");
    suite.add_option("--check", to.checks, "tlb: compare each cached translation with the tables")
        ->allow_extra_args(false);
    suite.add_flag("--quiet", to.is_quiet, "No progress, no time of the host");
}

int SuiteCommand::run() const
{
    if (options_.is_list) {
        print_list();
        return 0;
    }
    u64 const began = host_monotonic_ns();
    SuiteIdentity identity;
    identity.order = order_of(options_);
    identity.is_full = options_.is_full;
    SimulationOptions options;
    options.machine = machine_of(options_);
    options.program = suite_program(identity.order, identity.is_full);
    options.trace_path = options_.trace_path;
    BaselineFile baseline;
    bool const has_baseline = !options_.baseline_path.empty();
    if (has_baseline) baseline = read_baseline(options_.baseline_path);
    check_writable(options_.report_path);
    check_writable(options_.trace_path);
    RootArchive const root = build_root_archive({}, {{find_suite_program(), kSuitePath}});
    identity.run.seed = options.machine.seed;
    identity.run.memory_bytes = options.machine.memory_bytes;
    identity.run.stack_mode = options_.stack;
    identity.run.cost_table = reference_kvm_costs().name;
    identity.run.root_hash =
        fmt::format("{:016x}", XXH3_64bits(root.bytes.data(), root.bytes.size()));
    options.trace_header = make_header(options, identity);
    if (has_baseline) note_other_conditions(baseline, identity);

    Baseline const* const figures = has_baseline ? &baseline.figures : nullptr;
    ProgressLine progress(!options_.is_quiet, began);
    SuiteResult const result = run_and_print(std::move(options), root, identity, figures, progress);
    print(table_end(result));
    HostFigures const host{host_monotonic_ns() - began, host_cpu_ns(), host_peak_resident_bytes()};
    if (!options_.report_path.empty()) {
        write_file(options_.report_path, make_suite_report(identity, result, host, figures));
    }
    if (!options_.is_quiet) {
        fmt::print(stderr, "{:.2f} s on this machine\n", static_cast<double>(host.wall_ns) / 1e9);
    }
    if (result.is_complete) return 0;
    fmt::print(stderr, "{}drydock: {}\n{}", result.errors, result.problem, result.outcome.report);
    return kOracleStatus;
}

}  // namespace drydock::sim
