#include "sim/fuzz/calls_run.h"

#include "sim/host/isolated.h"
#include "sim/host/places.h"
#include "sim/host/sandbox.h"
#include "sim/loss_report.h"

#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>

namespace drydock::sim {

namespace {

constexpr char const* kCallsPath = "/calls";
constexpr char const* kCallsRoot = "@build/guest/user/calls_root";
// So little that a list can use it up.
constexpr u64 kCallsMemory = 64 * kMiB;
// Of virtual time: the guest ends all by itself after two seconds.
constexpr u64 kTimeLimitNs = 60'000'000'000;
constexpr unsigned kSimulatorSeconds = 60;
constexpr unsigned kKernelSeconds = 2;
constexpr u64 kSandboxMs = 20'000;

Program program_of_calls(CallList const& list, CallReport report)
{
    Program program;
    program.path = kCallsPath;
    program.arguments = {
        kCallsPath, report == CallReport::Printed ? "-p" : "-c", print_calls(list)};
    return program;
}

// First the problem, if there is one, and a zero; then what the guest printed.
std::string simulate(Recipe const& recipe, RootArchive const& root, BlackBox& box)
{
    std::string output;
    RunHooks hooks;
    hooks.kernel_loop_seconds = kKernelSeconds;
    hooks.output = [&](ConsoleStream, std::string_view text) { output += text; };
    RecipeRun run(recipe, root, hooks);
    run.simulation().machine().log().collect_in(box.ring);
    RunResult const result = run.finish();
    bool const is_sound =
        result.outcome.kind == OutcomeKind::Exited && result.outcome.exit_status == 0;
    std::string const problem =
        is_sound ? std::string() : result.outcome.summary + "\n" + result.outcome.report;
    return problem + '\0' + output;
}

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        usize const end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// "12: Bad file descriptor" is about the call in line 12.
std::string call_of(CallList const& list, std::string_view printed)
{
    usize number = 0;
    auto const [end, error] =
        std::from_chars(printed.data(), printed.data() + printed.size(), number);
    bool const is_line = error == std::errc() && end != printed.data() + printed.size() &&
                         *end == ':' && number < list.lines.size();
    return is_line ? print_line(list.lines[number]) : std::string("after the last call");
}

}  // namespace

RootArchive root_of_calls()
{
    std::string const folder = here(kCallsRoot);
    if (!std::filesystem::exists(folder + kCallsPath)) {
        throw std::runtime_error("the guest's program calls is not built; install musl-tools, then "
                                 "cmake --build the target calls_program");
    }
    return build_root_archive(folder, {});
}

Recipe recipe_of_calls(CallList const& list, CallReport report, RootArchive const& root)
{
    SimulationOptions options;
    options.machine.memory_bytes = kCallsMemory;
    options.machine.check_tlb = true;
    options.machine.check_tables = true;
    options.machine.seed = list.setting.seed;
    options.machine.faults = list.setting.faults;
    options.machine.tag_bits = list.setting.tag_bits;
    options.machine.time_limit_ns = kTimeLimitNs;
    options.program = program_of_calls(list, report);
    Recipe recipe = recipe_of(options);
    recipe.root = kCallsRoot;
    recipe.tree_hash = root.hash;
    for (bool& is_terminal : recipe.console.mode.is_terminal) is_terminal = false;
    return recipe;
}

CallsEnd simulate_calls(Recipe const& recipe, RootArchive const& root)
{
    SharedBlackBox box;
    IsolatedEnd const end =
        run_isolated(*box, kSimulatorSeconds, [&] { return simulate(recipe, root, *box); });
    if (end.loss) {
        Outcome const outcome = describe_loss(*box, *end.loss);
        return {{}, outcome.summary + "\n" + outcome.report};
    }
    usize const zero = end.text.find('\0');
    return {end.text.substr(zero + 1), end.text.substr(0, zero)};
}

CallsEnd run_calls_on_linux(CallList const& list)
{
    SandboxRequest request;
    request.tree.files.push_back({kCallsPath, here(kCallsRoot) + kCallsPath});
    request.command = program_of_calls(list, CallReport::Printed).arguments;
    request.time_limit_ms = kSandboxMs;
    SandboxEnd const end = run_in_sandbox(request);
    return {end.output, end.is_over_time ? "did not come to its end" : ""};
}

std::string describe_calls_difference(CallList const& list,
                                      CallsEnd const& on_linux,
                                      CallsEnd const& simulated)
{
    if (!simulated.problem.empty()) return "in the simulator: " + simulated.problem;
    std::vector<std::string_view> const left = lines_of(on_linux.output);
    std::vector<std::string_view> const right = lines_of(simulated.output);
    for (usize i = 0; i < std::max(left.size(), right.size()); ++i) {
        std::string_view const one = i < left.size() ? left[i] : "nothing";
        std::string_view const other = i < right.size() ? right[i] : "nothing";
        if (one == other) continue;
        return fmt::format(
            "{}\n    Linux:     {}\n    simulator: {}", call_of(list, one), one, other);
    }
    return {};
}

}  // namespace drydock::sim
