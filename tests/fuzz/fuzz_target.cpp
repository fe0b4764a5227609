// libFuzzer on the simulated kernel: an input is a list of system calls as text, each runs in a new
// machine, and every oracle judges. The mutations are the project's own.
//
// drydock_fuzz [libFuzzer's options] [--figures=FILE] CORPUS...

#include "sim/fuzz/call_maker.h"
#include "sim/fuzz/calls_run.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <memory>

namespace drydock::sim {
namespace {

constexpr u64 kMutationStream = 0x6d757461;  // "muta"
constexpr u64 kFiguresEvery = 64;
constexpr unsigned kKernelSeconds = 4;

// What has been done so far, for whoever started this.
struct Figures {
    u64 inputs = 0;
    u64 system_calls = 0;
    u64 virtual_ns = 0;
};

struct Fuzzer {
    RootArchive root = root_of_calls();
    std::string figures_path{};
    Figures figures{};

    void write_figures() const
    {
        if (figures_path.empty()) return;
        std::ofstream file(figures_path, std::ios::trunc);
        file << fmt::format("{{\"inputs\": {}, \"system_calls\": {}, \"virtual_ns\": {}}}\n",
                            figures.inputs,
                            figures.system_calls,
                            figures.virtual_ns);
    }
};

// libFuzzer calls functions and knows no objects.
std::unique_ptr<Fuzzer> fuzzer;

[[noreturn]] void report(Trial const& trial)
{
    fuzzer->write_figures();
    fmt::print(stderr,
               "drydock finding: {}\n{}\n{}\n",
               signature_of(trial),
               trial.found().summary,
               trial.report);
    std::fflush(stderr);
    // libFuzzer keeps the input and ends.
    std::abort();
}

void run(CallList const& list)
{
    Recipe const recipe = recipe_of_calls(list, CallReport::None, fuzzer->root);
    RunHooks hooks;
    hooks.kernel_loop_seconds = kKernelSeconds;
    RecipeRun run(recipe, fuzzer->root, hooks);
    ChoiceCollector collector;
    run.simulation().machine().set_watch(&collector);
    RunResult const result = run.finish();
    Figures& figures = fuzzer->figures;
    ++figures.inputs;
    figures.system_calls += result.figures.system_calls;
    figures.virtual_ns += result.figures.virtual_ns;
    if (figures.inputs % kFiguresEvery == 0) fuzzer->write_figures();
    Trial trial;
    trial.recipe = recipe;
    trial.recipe.expected = expectation_of(result);
    trial.choices = collector.choices();
    trial.report = result.outcome.report;
    if (is_failure(trial)) report(trial);
}

usize put(CallList const& list, u8* data, usize room)
{
    std::string const text = print_calls(list);
    if (text.size() > room) return 0;
    std::memcpy(data, text.data(), text.size());
    return text.size();
}

std::string_view view_of(u8 const* data, usize size)
{
    return {reinterpret_cast<char const*>(data), size};
}

}  // namespace
}  // namespace drydock::sim

using namespace drydock;
using namespace drydock::sim;

extern "C" char const* __asan_default_options()
{
    return "detect_leaks=0:allocator_may_return_null=1:quarantine_size_mb=32";
}

extern "C" int LLVMFuzzerInitialize(int* count, char*** words)
{
    constexpr std::string_view kFigures = "--figures=";
    fuzzer = std::make_unique<Fuzzer>();
    for (int i = 1; i < *count; ++i) {
        std::string_view const word = (*words)[i];
        if (word.starts_with(kFigures)) fuzzer->figures_path = word.substr(kFigures.size());
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size)
{
    CallList const list = parse_calls(view_of(data, size));
    // Not worth keeping.
    if (list.lines.empty()) return -1;
    run(list);
    return 0;
}

extern "C" usize LLVMFuzzerCustomMutator(u8* data, usize size, usize room, unsigned seed)
{
    Random random(seed, kMutationStream);
    CallList list = parse_calls(view_of(data, size));
    if (list.lines.empty()) list = make_calls(random, CallUse::Simulated);
    CallList const before = list;
    mutate_calls(list, random);
    usize const written = put(list, data, room);
    return written > 0 ? written : put(before, data, room);
}

extern "C" usize LLVMFuzzerCustomCrossOver(u8 const* first,
                                           usize first_size,
                                           u8 const* second,
                                           usize second_size,
                                           u8* data,
                                           usize room,
                                           unsigned seed)
{
    Random random(seed, kMutationStream);
    CallList const list = cross_calls(
        parse_calls(view_of(first, first_size)), parse_calls(view_of(second, second_size)), random);
    return put(list, data, room);
}
