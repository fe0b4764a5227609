#include "sim/command_line.h"

#include "sim/boot_options.h"
#include "sim/build_identity.h"
#include "sim/command.h"
#include "sim/compare/compare_command.h"
#include "sim/contracts/contracts_command.h"
#include "sim/diff/diff_command.h"
#include "sim/fuzz/calls_command.h"
#include "sim/host/kernel_variant.h"
#include "sim/named_root.h"
#include "sim/option_values.h"
#include "sim/outcome.h"
#include "sim/parity_options.h"
#include "sim/replay_options.h"
#include "sim/search/search_command.h"
#include "sim/search/shrink_command.h"
#include "sim/stack/stack_command.h"
#include "sim/story/story_command.h"
#include "sim/suite/suite_command.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

// The options as they stand on the command line; checked afterwards, so that every message is ours.
struct RawOptions {
    std::vector<std::string> imports{};
    std::vector<std::string> exports{};
    std::string seed = "0";
    std::string memory{};
    std::string stack = "guarded";
    std::vector<std::string> checks{};
    std::string tags = "0";
    std::string time_limit{};
    std::string costs{};
    std::string faults{};
    std::string kernel{};
    std::string kernel_limit{};
};

Export parse_export(std::string const& text)
{
    usize const colon = text.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size() || text[0] != '/') {
        throw UsageError(
            fmt::format("--out {}: give GUEST:HOST, the guest path starting with /", text));
    }
    return {text.substr(0, colon), text.substr(colon + 1)};
}

void check(RunRequest& request, RawOptions const& raw)
{
    request.seed = parse_number("--seed", raw.seed);
    request.root = find_root(request.root);
    request.memory_bytes = raw.memory.empty() ? 0 : parse_memory(raw.memory);
    request.stack_mode = parse_stack_mode(raw.stack);
    Checks const checks = parse_checks(raw.checks);
    request.check_tlb = checks.tlb;
    request.check_tables = checks.tables;
    request.costs = parse_costs(raw.costs).name;
    request.tag_bits = parse_tag_bits(raw.tags);
    if (!raw.time_limit.empty())
        request.time_limit_ns = parse_time_limit(raw.time_limit, "virtual seconds");
    if (!raw.kernel_limit.empty())
        request.kernel_loop_seconds = parse_kernel_limit(raw.kernel_limit);
    if (!raw.faults.empty()) {
        std::optional<FaultPlan> const plan = parse_fault_plan(raw.faults);
        if (!plan) {
            throw UsageError(
                fmt::format("--faults {}: give a list of {}", raw.faults, kFaultWords));
        }
        request.faults = *plan;
    }
    for (std::string const& text : raw.imports) request.imports.push_back(parse_import(text));
    for (std::string const& text : raw.exports) request.exports.push_back(parse_export(text));
    for (std::string const& text : request.environment) check_variable(text);
    if (request.command.empty() && request.root.empty()) {
        throw UsageError(
            "run: no program given; write it after --, as in: drydock run -- sh -c date");
    }
}

void add_run_options(Command run, RunRequest& request, RawOptions& raw)
{
    run.add_option(
        "--root",
        request.root,
        "File tree of the guest: a folder, an archive (cpio, tar), or the name of a made root");
    run.add_option("--in", raw.imports, "HOST[:GUEST]: put a file or folder into the guest");
    run.add_option("--out", raw.exports, "GUEST:HOST: take a file or folder out at the end");
    run.add_option("--env", request.environment, "NAME=VALUE for the program's environment");
    run.add_option("--seed", raw.seed, "Seed of scheduling and entropy (default 0)");
    run.add_option("--memory", raw.memory, "Physical memory in MiB, 16 to 64512 (default 512)");
    run.add_option("--stack", raw.stack, "guarded (default) or unguarded kernel stacks");
    run.add_option(
        "--tags", raw.tags, "Bits of the CPU's address-space tags, 1 to 12 (default: 0, none)");
    run.add_option("--check",
                   raw.checks,
                   "tlb: compare each cached translation with the tables; tables: audit the memory "
                   "map at each return to user code");
    run.add_option("--faults", raw.faults, "Inject failures: alloc,short-io,eintr,timer[,rate=N]");
    run.add_option("--kernel", raw.kernel, "Run on this kernel with a bug put back (tests/bugs)");
    run.add_option("--time-limit", raw.time_limit, "End the run after this many virtual seconds");
    run.add_option(
        "--costs", raw.costs, "What the kernel's work costs in virtual time: a table's name");
    run.add_option("--trace", request.trace_path, "Write the run's events to this file");
    run.add_option(
        "--report", request.report_path, "Write the run's figures to this file, as JSON");
    run.add_option("--kernel-limit",
                   raw.kernel_limit,
                   "Host CPU seconds that the kernel may run without an event (default 10)");
    run.add_flag("--unsupervised",
                 request.is_unsupervised,
                 "Run in this process, without one that watches it: for debuggers");
    run.add_flag("--init",
                 request.is_init,
                 "The program is an init: signals without a handler do not reach it, and it is the "
                 "parent of orphans (default for one that is called init)");
    run.add_flag("--quiet", request.is_quiet, "Say nothing but what the guest says and failures");
    run.add_words("program", request.command, "The program and its arguments, after --");
}

constexpr char const* kExitStatuses =
    "Exit status of run: the program's; 128+N if signal N ended it; 125 if the simulator or an\n"
    "oracle stopped the run; 126 or 127 if the program could not be started.\n"
    "Of replay: 0 if the outcome came again, 1 if not, 125 for a file that cannot be replayed.\n"
    "Of search: 0 if nothing was found, 1 if something was, 125 if the search is broken.\n"
    "Of parity: 0 if both sides did the same, 1 if not, 125 if there is nothing to compare.\n"
    "Of contracts: 0 if all places did the same, 1 if not, 125 if nothing could be run.\n"
    "Of diff: 0 if both sides did the same, 1 if not, 125 if there is nothing to compare.";

// A program with another kernel boots that kernel's image, if nothing else is asked for.
template <typename Request>
void set_kernel(Request& request, char const* kernel)
{
    if (request.kernel.empty() && request.image.empty()) request.kernel = kernel;
}

int parse_and_run(int argument_count, char** arguments, char const* kernel)
{
    CommandLine line(
        "Runs a kernel and its programs in a simulated machine, the same way each time.",
        this_build().version,
        kExitStatuses);
    RunRequest request;
    request.kernel = kernel;
    RawOptions raw;
    add_run_options(
        line.add_command("run", "Run a program: drydock run [options] -- PROGRAM [ARG...]"),
        request,
        raw);

    SuiteCommand const suite(line);
    TraceCommand const trace(line);
    ReplayCommand const replay(line);
    ShrinkCommand const shrink(line);
    SearchCommand const search(line);
    StackCommand const stack(line);
    StoryCommand const story(line);
    BootCommand const boot(line);
    ParityCommand const parity(line);
    ContractsCommand const contracts(line);
    CallsCommand const calls(line);
    CompareCommand const compare(line);
    DiffCommand const diff(line);

    if (std::optional<int> const status = line.parse(argument_count, arguments)) return *status;
    if (suite.is_chosen()) return suite.run(kernel, arguments);
    if (trace.is_chosen()) return trace.run();
    if (replay.is_chosen()) return replay.run(arguments);
    if (shrink.is_chosen()) return shrink.run(arguments);
    if (search.is_chosen()) return search.run(kernel, arguments);
    if (stack.is_chosen()) return stack.run(kernel, arguments);
    if (story.is_chosen()) return story.run(kernel);
    if (contracts.is_chosen()) return contracts.run(kernel);
    if (calls.is_chosen()) return calls.run();
    if (compare.is_chosen()) return compare.run(kernel);
    if (diff.is_chosen()) return diff.run(kernel, arguments);
    if (boot.is_chosen()) {
        BootRequest boot_request = boot.request();
        set_kernel(boot_request, kernel);
        return boot_program(boot_request);
    }
    if (parity.is_chosen()) {
        bool const is_other = !parity.kernel().empty() && parity.kernel() != kernel;
        if (is_other) become_kernel(parity.kernel(), arguments);
        ParityRequest parity_request = parity.request();
        set_kernel(parity_request, kernel);
        return compare_sides(parity_request);
    }
    if (!raw.kernel.empty() && raw.kernel != kernel) become_kernel(raw.kernel, arguments);
    check(request, raw);
    return run_program(request);
}

}  // namespace

int run_command_line(int argument_count, char** arguments, char const* kernel)
{
    try {
        return parse_and_run(argument_count, arguments, kernel);
    } catch (std::exception const& error) {
        std::string text = error.what();
        for (char& character : text) {
            if (character == '\n') character = ' ';
        }
        fmt::print(stderr, "drydock: {}\n", text);
        return kOracleStatus;
    }
}

}  // namespace drydock::sim
