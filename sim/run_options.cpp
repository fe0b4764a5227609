#include "sim/run_options.h"

#include "sim/host/kernel_variant.h"
#include "sim/named_root.h"
#include "sim/option_values.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

Export parse_export(std::string const& text)
{
    usize const colon = text.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size() || text[0] != '/') {
        throw UsageError(
            fmt::format("--out {}: give GUEST:HOST, the guest path starting with /", text));
    }
    return {text.substr(0, colon), text.substr(colon + 1)};
}

void check(RunRequest& request, RawRunOptions const& raw)
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

}  // namespace

RunCommand::RunCommand(CommandLine& line)
{
    Command run =
        line.add_command("run", "Run a program: drydock run [options] -- PROGRAM [ARG...]");
    run.add_option(
        "--root",
        request_.root,
        "File tree of the guest: a folder, an archive (cpio, tar), or the name of a made root");
    run.add_option("--in", raw_.imports, "HOST[:GUEST]: put a file or folder into the guest");
    run.add_option("--out", raw_.exports, "GUEST:HOST: take a file or folder out at the end");
    run.add_option("--env", request_.environment, "NAME=VALUE for the program's environment");
    run.add_option("--seed", raw_.seed, "Seed of scheduling and entropy (default 0)");
    run.add_option("--memory", raw_.memory, "Physical memory in MiB, 16 to 64512 (default 512)");
    run.add_option("--stack", raw_.stack, "guarded (default) or unguarded kernel stacks");
    run.add_option(
        "--tags", raw_.tags, "Bits of the CPU's address-space tags, 1 to 12 (default: 0, none)");
    run.add_option("--check",
                   raw_.checks,
                   "tlb: compare each cached translation with the tables; tables: audit the memory "
                   "map at each return to user code");
    run.add_option("--faults", raw_.faults, "Inject failures: alloc,short-io,eintr,timer[,rate=N]");
    run.add_option("--kernel", raw_.kernel, "Run on this kernel with a bug put back (tests/bugs)");
    run.add_option("--time-limit", raw_.time_limit, "End the run after this many virtual seconds");
    run.add_option(
        "--costs", raw_.costs, "What the kernel's work costs in virtual time: a table's name");
    run.add_option("--trace", request_.trace_path, "Write the run's events to this file");
    run.add_option(
        "--report", request_.report_path, "Write the run's figures to this file, as JSON");
    run.add_option("--kernel-limit",
                   raw_.kernel_limit,
                   "Host CPU seconds that the kernel may run without an event (default 10)");
    run.add_flag("--unsupervised",
                 request_.is_unsupervised,
                 "Run in this process, without one that watches it: for debuggers");
    run.add_flag("--init",
                 request_.is_init,
                 "The program is an init: signals without a handler do not reach it, and it is the "
                 "parent of orphans (default for one that is called init)");
    run.add_flag("--quiet", request_.is_quiet, "Say nothing but what the guest says and failures");
    run.add_words("program", request_.command, "The program and its arguments, after --");
}

int RunCommand::run(char const* kernel, char** arguments) const
{
    if (!raw_.kernel.empty() && raw_.kernel != kernel) become_kernel(raw_.kernel, arguments);
    RunRequest request = request_;
    request.kernel = kernel;
    check(request, raw_);
    return run_program(request);
}

}  // namespace drydock::sim
