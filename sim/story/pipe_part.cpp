#include "sim/host/isolated.h"
#include "sim/host/suite_program.h"
#include "sim/loss_report.h"
#include "sim/machine_layout.h"
#include "sim/story/below_stack.h"
#include "sim/story/story_parts.h"
#include "sim/suite/suite_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/mman.h>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

// A kernel that makes no event for so long is taken to loop; what a run may take in all.
constexpr unsigned kKernelSeconds = 2;
constexpr unsigned kRunSeconds = 30;

// In memory that a forked process shares.
class SharedCalls {
public:
    SharedCalls()
        : calls_(mmap(nullptr,
                      sizeof(PipeCalls),
                      PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS,
                      -1,
                      0))
    {
        if (calls_ == MAP_FAILED) throw std::runtime_error("no memory to watch a run from");
    }
    ~SharedCalls() { munmap(calls_, sizeof(PipeCalls)); }
    SharedCalls(SharedCalls const&) = delete;
    SharedCalls& operator=(SharedCalls const&) = delete;

    PipeCalls& operator*() { return *static_cast<PipeCalls*>(calls_); }

private:
    void* calls_;
};

char const* name_of(FrameUse use)
{
    switch (use) {
    case FrameUse::Free: return "free";
    case FrameUse::Reserved: return "reserved";
    case FrameUse::Heap: return "kernel heap";
    case FrameUse::Stack: return "kernel stack";
    case FrameUse::PageTable: return "page table";
    case FrameUse::Anonymous: return "program's memory";
    case FrameUse::FileCache: return "cached file";
    case FrameUse::Pipe: return "pipe";
    }
    return "damaged";
}

Json end_of(SuiteResult const& result, Order const& order)
{
    Json run;
    run["outcome"] = outcome_name(result.outcome.kind);
    bool const is_inside = !result.is_complete && result.results_seen < order.size();
    run["failed_in"] =
        is_inside ? Json(benchmarks()[order[result.results_seen]].name) : Json(nullptr);
    run["is_complete"] = result.is_complete;
    run["summary"] = result.outcome.summary;
    run["report"] = result.outcome.report;
    return run;
}

std::string run_in_child(
    Order const& order, StackMode stacks, RootArchive const& root, BlackBox& box, PipeCalls& calls)
{
    SuiteRecorder recorder(order);
    recorder.on_result(
        [&box](BenchmarkRun const&) { box.results.fetch_add(1, std::memory_order_relaxed); });
    SimulationOptions options;
    options.machine.memory_bytes = kDefaultMemory;
    options.machine.stack_mode = stacks;
    options.program = suite_program(order, false);
    options.kernel_loop_seconds = kKernelSeconds;
    Simulation simulation(std::move(options), recorder, {root.bytes.data(), root.bytes.size()});
    simulation.machine().log().collect_in(box.ring);
    BelowStackWatch watch(simulation.machine(), calls);
    simulation.machine().set_watch(&watch);
    return end_of(run_suite(simulation, recorder), order)
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json run(Order const& order, StackMode stacks, RootArchive const& root)
{
    SharedBlackBox box;
    SharedCalls calls;
    IsolatedEnd const end = run_isolated(
        *box, kRunSeconds, [&] { return run_in_child(order, stacks, root, *box, *calls); });
    Json run;
    if (end.loss) {
        SuiteResult result;
        result.outcome = describe_loss(*box, *end.loss);
        result.results_seen = std::min<usize>(box->results.load(), order.size());
        run = end_of(result, order);
    } else {
        run = Json::parse(end.text);
    }
    run["stack"] = stacks == StackMode::Guarded ? "guarded" : "unguarded";
    run["order"] = order == suite_order() ? std::string() : describe(order);
    run["pipe_calls"] = (*calls).count;
    run["below"] = Json::array();
    if ((*calls).count > 0 && stacks == StackMode::Unguarded) {
        for (FrameUse const use : (*calls).below) run["below"].push_back(name_of(use));
    }
    return run;
}

Order order_of_names(std::initializer_list<std::string_view> names)
{
    Order order;
    for (std::string_view const name : names) order.push_back(find_benchmark(name).value());
    return order;
}

}  // namespace

std::string run_pipe_part()
{
    RootArchive const root = build_root_archive({}, {{find_suite_program(), kSuitePath}});
    Json part = Json::array();
    part.push_back(run(suite_order(), StackMode::Guarded, root));
    part.push_back(run(suite_order(), StackMode::Unguarded, root));
    for (Order const& order : {order_of_names({"sort_uniq"}),
                               order_of_names({"tar_extract"}),
                               order_of_names({"sort_uniq", "tar_extract"}),
                               order_of_names({"tar_extract", "sort_uniq"}),
                               order_of_names({"pipe", "tar_extract"}),
                               order_of_names({"file_tree", "tar_extract"})}) {
        part.push_back(run(order, StackMode::Unguarded, root));
    }
    return part.dump();
}

}  // namespace drydock::sim
