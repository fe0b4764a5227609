#include "sim/diff/diff_command.h"

#include "sim/command_line.h"
#include "sim/diff/diff.h"
#include "sim/diff/simulated_program.h"
#include "sim/host/host_usage.h"
#include "sim/host/kernel_variant.h"
#include "sim/host/machine_process.h"
#include "sim/host/traced_program.h"
#include "sim/machine_layout.h"
#include "sim/named_root.h"
#include "sim/option_values.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

// What the C library (glibc 2.36) may choose beyond the modelled CPU, which has SSE3 and nothing
// newer: told on both sides, so that it makes the same choices and the environment is the same.
constexpr char const* kMaskedFeatures[] = {"SSSE3",       "SSE4_1",
                                           "SSE4_2",      "AVX",
                                           "AVX2",        "AVX512F",
                                           "AVX512VL",    "AVX512BW",
                                           "AVX512CD",    "AVX512DQ",
                                           "AVX512ER",    "AVX512PF",
                                           "FMA",         "FMA4",
                                           "BMI1",        "BMI2",
                                           "LZCNT",       "MOVBE",
                                           "POPCNT",      "ERMS",
                                           "FSRM",        "RTM",
                                           "XSAVE",       "XSAVEC",
                                           "AVX2_Usable", "AVX_Fast_Unaligned_Load",
                                           "Prefer_ERMS", "Prefer_FSRM"};

std::string tunables()
{
    std::string text = "GLIBC_TUNABLES=glibc.cpu.hwcaps=";
    char const* separator = "";
    for (char const* const feature : kMaskedFeatures) {
        text += fmt::format("{}-{}", separator, feature);
        separator = ",";
    }
    return text;
}

std::string given_input()
{
    InputKind const kind = standard_input_kind();
    if (kind != InputKind::File && kind != InputKind::Stream) return {};
    std::vector<std::byte> const bytes = read_standard_input();
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

// As a shell tells it, of a status as wait(2) gives it.
int shell_status(u32 status)
{
    u32 const signal = status & 0x7f;
    return static_cast<int>(signal != 0 ? 128 + signal : status >> 8 & 0xff);
}

ProgramRun run_on_linux(TracedRequest const& request)
{
    ProgramRun run{"linux", CallLog(kTracerNumber)};
    TracedEnd end = run_traced(request);
    for (CallEvent const& event : end.events) run.log.add(event);
    run.output = std::move(end.output);
    run.errors = std::move(end.errors);
    if (end.is_over_time) {
        run.failure = "did not come to its end in time (--time-limit)";
        return run;
    }
    std::vector<TaskRecord> const& tasks = run.log.tasks();
    if (tasks.empty() || !tasks.front().status) {
        throw std::runtime_error("the program was lost on this host's Linux");
    }
    run.status = shell_status(*tasks.front().status);
    return run;
}

int compare(DiffRequest const& request)
{
    RootArchive const root = build_root_archive(request.root, request.imports);
    ConstBytes const archive{root.bytes.data(), root.bytes.size()};
    TracedRequest traced;
    traced.tree.archive = archive;
    traced.command = request.command;
    traced.environment = guest_environment(request.environment, false);
    traced.environment.push_back(tunables());
    traced.input = given_input();
    traced.time_limit_ms = request.time_limit_ns / 1'000'000;

    SimulatedRequest simulated;
    simulated.program.path = request.command[0];
    simulated.program.arguments = request.command;
    simulated.program.environment = traced.environment;
    simulated.input = traced.input;
    simulated.initramfs = archive;
    simulated.memory_bytes = memory_for_tree(request.memory_bytes, root.bytes.size());
    simulated.date = host_date_seconds();
    simulated.time_limit_ns = request.time_limit_ns;

    ProgramRun const on_linux = run_on_linux(traced);
    ProgramRun const in_simulator = run_simulated(simulated);
    std::string const differences = describe_differences(on_linux, in_simulator, request.context);
    if (!differences.empty()) {
        fmt::print("drydock: diff: {}{}", differences, differences.ends_with('\n') ? "" : "\n");
        return 1;
    }
    if (!request.is_quiet) fmt::print("drydock: diff: equal: {}\n", summarize(on_linux));
    return 0;
}

}  // namespace

// As they stand on the command line; checked afterwards, so that every message is ours.
struct DiffCommand::RawOptions {
    DiffRequest plain{};
    std::vector<std::string> imports{};
    std::string kernel{};
    std::string memory{};
    std::string time_limit = "120";
    std::string context = "8";
};

DiffCommand::DiffCommand(CommandLine& line)
    : command_(line.add_command("diff",
                                "Run a program on this host's Linux and in the simulator, and "
                                "compare call by call: drydock diff [options] -- PROGRAM [ARG...]"))
    , raw_(std::make_unique<RawOptions>())
{
    Command diff = command_;
    DiffRequest& plain = raw_->plain;
    diff.add_option(
        "--root",
        plain.root,
        "File tree of both sides: a folder, an archive (cpio, tar), or the name of a made root");
    diff.add_option("--in", raw_->imports, "HOST[:GUEST]: put a file or folder into both trees");
    diff.add_option("--env", plain.environment, "NAME=VALUE for the program's environment");
    diff.add_option("--memory", raw_->memory, "The simulator's memory in MiB (default 512)");
    diff.add_option("--kernel", raw_->kernel, "The simulator runs this kernel (tests/bugs)");
    diff.add_option("--time-limit",
                    raw_->time_limit,
                    "Seconds for each side: of this host, and virtual ones (default 120)");
    diff.add_option("--context", raw_->context, "Calls shown before a difference (default 8)");
    diff.add_flag("--quiet", plain.is_quiet, "Say nothing if both sides did the same");
    diff.add_words("program", plain.command, "The program and its arguments, after --");
}

DiffCommand::~DiffCommand() = default;

int DiffCommand::run(char const* kernel, char** arguments) const
{
    if (!raw_->kernel.empty() && raw_->kernel != kernel) become_kernel(raw_->kernel, arguments);
    DiffRequest request = raw_->plain;
    request.root = find_root(request.root);
    if (!raw_->memory.empty()) request.memory_bytes = parse_memory(raw_->memory);
    request.time_limit_ns = parse_time_limit(raw_->time_limit, "seconds");
    request.context = parse_between("--context", raw_->context, 0, 1'000'000);
    for (std::string const& text : raw_->imports) request.imports.push_back(parse_import(text));
    for (std::string const& text : request.environment) check_variable(text);
    if (request.command.empty()) {
        throw UsageError(
            "diff: no program given; write it after --, as in: drydock diff -- sh -c date");
    }
    return compare(request);
}

}  // namespace drydock::sim
