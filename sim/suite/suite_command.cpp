#include "sim/suite/suite_command.h"

#include "sim/command_line.h"
#include "sim/host/kernel_variant.h"
#include "sim/machine_layout.h"
#include "sim/option_values.h"
#include "sim/suite/order_option.h"
#include "sim/suite/suite_session.h"

#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

using Options = SuiteCommand::Options;

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
        order = shuffled_order(parse_between("--order-seed", options.order_seed, 0, ~u64{0}));
    }
    if (has_row) {
        order = square_row(parse_between("--order-row", options.order_row, 0, kBenchmarkCount - 1));
    }
    return repeated(chosen_of(order, options.only),
                    parse_between("--repeat", options.repeat, 1, kMaximumOrder));
}

MachineOptions machine_of(Options const& options)
{
    MachineOptions machine;
    machine.seed = parse_number("--seed", options.seed);
    machine.memory_bytes = options.memory.empty() ? kDefaultMemory : parse_memory(options.memory);
    machine.stack_mode = parse_stack_mode(options.stack);
    machine.costs = &parse_costs(options.costs);
    Checks const checks = parse_checks(options.checks);
    machine.check_tlb = checks.tlb;
    machine.check_tables = checks.tables;
    machine.tag_bits = parse_tag_bits(options.tags);
    if (!options.time_limit.empty())
        machine.time_limit_ns = parse_time_limit(options.time_limit, "virtual seconds");
    return machine;
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
    fmt::print("{}full, quick: iterations. Linux, reference: ns per iteration (0: none), {}\n",
               text,
               kFiguresSource);
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

SuiteRequest request_of(Options const& options, char const* kernel)
{
    SuiteRequest request;
    SuiteIdentity& identity = request.identity;
    identity.order = order_of(options);
    identity.is_full = options.is_full;
    request.machine = machine_of(options);
    identity.run.kernel = kernel;
    identity.run.seed = request.machine.seed;
    identity.run.memory_bytes = request.machine.memory_bytes;
    identity.run.stack_mode = options.stack;
    identity.run.cost_table = request.machine.costs->name;
    request.trace_path = options.trace_path;
    request.report_path = options.report_path;
    request.is_quiet = options.is_quiet;
    request.is_unsupervised = options.is_unsupervised;
    if (!options.kernel_limit.empty()) {
        request.kernel_loop_seconds = parse_kernel_limit(options.kernel_limit);
    }
    request.has_baseline = !options.baseline_path.empty();
    if (request.has_baseline) {
        request.baseline = read_baseline(options.baseline_path);
        note_other_conditions(request.baseline, identity);
    }
    return request;
}

}  // namespace

SuiteCommand::SuiteCommand(CommandLine& line)
    : command_(line.add_command("suite", "Run the 44 benchmarks and compare their times"))
{
    Command suite = command_;
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
    suite.add_option(
        "--tags", to.tags, "Bits of the CPU's address-space tags, 1 to 12 (default: 0, none)");
    suite.add_option("--check",
                     to.checks,
                     "tlb: compare each cached translation with the tables; tables: audit the "
                     "memory map at each return to user code");
    suite.add_option("--kernel", to.kernel, "Run on this kernel with a bug put back (tests/bugs)");
    suite.add_option(
        "--costs", to.costs, "What the kernel's work costs in virtual time: a table's name");
    suite.add_option("--time-limit", to.time_limit, "End the run after this many virtual seconds");
    suite.add_option("--kernel-limit",
                     to.kernel_limit,
                     "Host CPU seconds that the kernel may run without an event (default 10)");
    suite.add_flag("--unsupervised",
                   to.is_unsupervised,
                   "Run in this process, without one that watches it: for debuggers");
    suite.add_flag("--quiet", to.is_quiet, "No progress, no time of the host");
}

int SuiteCommand::run(char const* kernel, char** arguments) const
{
    if (options_.is_list) {
        print_list();
        return 0;
    }
    bool const is_other = !options_.kernel.empty() && options_.kernel != kernel;
    if (is_other) become_kernel(options_.kernel, arguments);
    return run_suite_session(request_of(options_, kernel));
}

}  // namespace drydock::sim
