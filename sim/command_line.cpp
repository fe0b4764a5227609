#include "sim/command_line.h"

#include "sim/boot_options.h"
#include "sim/build_identity.h"
#include "sim/command.h"
#include "sim/compare/compare_command.h"
#include "sim/contracts/contracts_command.h"
#include "sim/diff/diff_command.h"
#include "sim/fuzz/calls_command.h"
#include "sim/host/kernel_variant.h"
#include "sim/parity_options.h"
#include "sim/replay_options.h"
#include "sim/run_options.h"
#include "sim/search/search_command.h"
#include "sim/search/shrink_command.h"
#include "sim/stack/stack_command.h"
#include "sim/story/story_command.h"
#include "sim/suite/suite_command.h"

namespace drydock::sim {

namespace {

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
    RunCommand const run(line);
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
    return run.run(kernel, arguments);
}

}  // namespace

int run_command_line(int argument_count, char** arguments, char const* kernel)
{
    return with_message([&] { return parse_and_run(argument_count, arguments, kernel); });
}

}  // namespace drydock::sim
