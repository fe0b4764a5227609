#include "sim/stack/stack_survey.h"

#include "sim/recipe_run.h"
#include "sim/stack/stack_watch.h"
#include "sim/stack_notice.h"
#include "sim/symbols.h"

#include <fmt/format.h>
#include <stdexcept>
#include <unordered_map>

namespace drydock::sim {

namespace {

// The deepest use of one kind of activity in one run.
struct Peak {
    u64 use = 0;  // The how manieth use of a stack it was, of all of the run.
    u64 bytes = 0;
};
using Peaks = std::map<u32, Peak>;

// Learns which uses were the deepest.
class PeakFinder final : public StackWatch {
public:
    void began(StackUse const& use) override { begun_[use.stack] = ++count_; }
    void will_measure(u64) override {}
    void used(u64 stack, u32 doing, u64 bytes) override
    {
        Peak& peak = peaks_[doing];
        if (bytes > peak.bytes) peak = {begun_[stack], bytes};
    }
    Peaks const& peaks() const { return peaks_; }

private:
    u64 count_ = 0;
    std::unordered_map<u64, u64> begun_{};  // By stack: the use that goes on there.
    Peaks peaks_{};
};

// Stops at the bottom of chosen uses.
class PathCatcher final : public StackWatch {
public:
    PathCatcher(Peaks const& wanted, Symbols const& symbols) : symbols_(symbols)
    {
        for (auto const& [doing, peak] : wanted) wanted_[peak.use] = {doing, peak.bytes};
    }
    void began(StackUse const& use) override
    {
        auto const found = wanted_.find(++count_);
        if (found == wanted_.end() || trap_.is_armed(use.stack)) return;
        u64 const top = use.base + kKernelStackSize;
        trap_.arm(use.stack, use.base, top, (top - found->second.bytes) & ~u64{7});
        caught_[use.stack] = found->second.doing;
    }
    void will_measure(u64 stack) override
    {
        std::optional<StackMoment> const moment = trap_.disarm(stack);
        if (moment) paths_[caught_[stack]] = read_path(*moment, symbols_);
    }
    void used(u64, u32, u64) override {}
    std::map<u32, ReadPath>& paths() { return paths_; }

private:
    struct Wanted {
        u32 doing = 0;
        u64 bytes = 0;
    };

    Symbols const& symbols_;
    StackTrap trap_{};
    u64 count_ = 0;
    std::unordered_map<u64, Wanted> wanted_{};  // By use.
    std::unordered_map<u64, u32> caught_{};     // By stack: what was wanted there last.
    std::map<u32, ReadPath> paths_{};
};

WorkloadEnd run_watched(Workload const& workload, StackWatch& watch)
{
    WorkloadEnd end;
    end.workload = workload.name;
    RunHooks hooks;
    hooks.output = [&end](ConsoleStream stream, std::string_view text) {
        (stream == ConsoleStream::Error ? end.errors : end.output) += text;
    };
    RecipeRun run(workload.recipe, workload.root, hooks);
    run.simulation().machine().set_stack_watch(&watch);
    end.outcome = run.finish().outcome;
    return end;
}

// Of all peaks of a run those that are the deepest of all runs.
Peaks winners(std::map<u32, SeenUse> const& seen, Peaks const& peaks, std::string const& workload)
{
    Peaks result;
    for (auto const& [doing, peak] : peaks) {
        if (seen.at(doing).workload == workload) result[doing] = peak;
    }
    return result;
}

}  // namespace

StackSurvey survey_stacks(std::vector<Workload> const& workloads,
                          std::function<void(std::string const&)> const& progress)
{
    if (kSanitizerStackBytes > 0) {
        throw std::runtime_error("stack: a build with sanitizers has other frames and other "
                                 "stacks; give one without them");
    }
    StackSurvey survey;
    std::vector<Peaks> peaks;
    for (Workload const& workload : workloads) {
        if (progress) progress("measuring: " + workload.name);
        PeakFinder finder;
        survey.ends.push_back(run_watched(workload, finder));
        peaks.push_back(finder.peaks());
        for (auto const& [doing, peak] : peaks.back()) {
            SeenUse& seen = survey.seen[doing];
            if (peak.bytes > seen.bytes) seen = {peak.bytes, {}, workload.name};
        }
    }
    Symbols const symbols;
    for (usize i = 0; i < workloads.size(); ++i) {
        Peaks const wanted = winners(survey.seen, peaks[i], workloads[i].name);
        if (wanted.empty()) continue;
        if (progress) progress("reading paths: " + workloads[i].name);
        PathCatcher catcher(wanted, symbols);
        run_watched(workloads[i], catcher);
        for (auto& [doing, path] : catcher.paths()) {
            if (!path.steps.empty()) survey.seen[doing].path = std::move(path);
        }
    }
    return survey;
}

}  // namespace drydock::sim
