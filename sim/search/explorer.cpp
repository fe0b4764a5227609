#include "sim/search/explorer.h"

#include "sim/search/campaign_record.h"
#include "sim/search/suite_recipe.h"
#include "sim/suite/suite_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned kKernelSeconds = 2;
// CPU seconds of one process, from where it was forked.
constexpr unsigned kProcessSeconds = 60;
constexpr u64 kReadCall = 0;
constexpr u32 kSuitePid = 1;

// What a forked child overwrites in memory that it shares.
class SavedBox {
public:
    explicit SavedBox(BlackBox const& box) : ring_(box.ring), results_(box.results.load()) {}
    void put_back(BlackBox& box) const
    {
        box.ring = ring_;
        box.results.store(results_);
        box.place = {};
        box.is_reporting.store(false);
    }

private:
    EventLog::Ring ring_;
    u64 results_;
};

}  // namespace

std::string print_visit(Visit const& visit)
{
    Json json = {{"first", visit.first}, {"last", visit.last}, {"results", visit.results}};
    if (visit.failure) json["failure"] = print_trial(*visit.failure);
    if (visit.figures) json["figures"] = json_of(*visit.figures);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Visit parse_visit(std::string_view text)
{
    try {
        Json const json = Json::parse(text);
        Visit visit{json.at("first").get<usize>(), json.at("last").get<usize>()};
        visit.results = json.at("results").get<usize>();
        if (json.contains("failure")) {
            visit.failure = parse_trial(json.at("failure").get<std::string>());
        }
        if (json.contains("figures")) visit.figures = alone_figures_of(json.at("figures"));
        return visit;
    } catch (Json::exception const& error) {
        throw std::runtime_error(fmt::format("not a worker's message: {}", error.what()));
    }
}

// Stops the machine where the suite is about to read a name that nobody has decided yet.
class Explorer::NameWatch final : public ChoiceCollector {
public:
    explicit NameWatch(ExplorerConsole const& console) : console_(console) {}

    bool saw(TraceRecord const& record, u64 index) override
    {
        ChoiceCollector::saw(record, index);
        return record.kind == static_cast<u32>(EventKind::SyscallEnter) &&
               record.pid == kSuitePid && record.a == kReadCall && record.b == 0 &&
               console_.needs_name();
    }

private:
    ExplorerConsole const& console_;
};

Explorer::Explorer(Recipe base,
                   RootArchive const& root,
                   std::vector<Order> const& orders,
                   AloneTable const* alone,
                   Tell tell)
    : base_(std::move(base))
    , root_(root)
    , orders_(orders)
    , alone_(alone)
    , tell_(std::move(tell))
    , console_([this](BenchmarkRun const& run) { judge(run); })
{}

Explorer::~Explorer() = default;

void Explorer::run()
{
    RunHooks hooks;
    hooks.kernel_loop_seconds = kKernelSeconds;
    simulation_ = std::make_unique<Simulation>(
        options_of(base_, hooks), console_, ConstBytes{root_.bytes.data(), root_.bytes.size()});
    watch_ = std::make_unique<NameWatch>(console_);
    Machine& machine = simulation_->machine();
    machine.log().collect_in(box_->ring);
    machine.set_watch(watch_.get());
    machine.set_observer(&console_.meter());
    if (advance()) {
        branch(0, orders_.size(), 0);
    } else {
        conclude(0, orders_.size());
    }
}

// True: the suite asks for a name; false: the run is over.
bool Explorer::advance()
{
    while (!simulation_->step({})) {
        if (console_.needs_name()) return true;
    }
    return false;
}

// On each way on from here, in a process of its own.
void Explorer::branch(usize first, usize last, usize depth)
{
    SavedBox const saved(*box_);
    for (usize begin = first; begin < last;) {
        usize end = begin + 1;
        while (end < last && orders_[end][depth] == orders_[begin][depth]) ++end;
        IsolatedEnd const ended = run_isolated(*box_, kProcessSeconds, [&] {
            walk(begin, end, depth);
            return std::string();
        });
        if (ended.loss) {
            Order const& order = orders_[begin];
            usize const reached = std::min<usize>(box_->results.load(), order.size() - 1);
            Trial trial = trial_of_loss(recipe_of_prefix(order, reached + 1), *box_, *ended.loss);
            trial.results = reached;
            tell_({begin, end, trial, {}, reached});
        }
        saved.put_back(*box_);
        begin = end;
    }
}

// Runs on while all of these orders go the same way.
void Explorer::walk(usize first, usize last, usize depth)
{
    bool is_running = true;
    Order const& order = orders_[first];
    while (is_running && problem_.empty() && depth < order.size()) {
        usize const next = order[depth];
        if (orders_[last - 1][depth] != next) return branch(first, last, depth);
        given_.push_back(next);
        console_.give(next);
        ++depth;
        is_running = advance();
    }
    if (is_running) {
        console_.end();
        advance();
    }
    conclude(first, last);
}

void Explorer::judge(BenchmarkRun const& run)
{
    if (!problem_.empty()) return;
    box_->results.fetch_add(1, std::memory_order_relaxed);
    last_figures_ = sim::figures_of(run);
    if (alone_ != nullptr && !injects_failures(base_)) problem_ = problem_of(*alone_, run);
    if (problem_.empty()) ++results_;
}

void Explorer::conclude(usize first, usize last)
{
    simulation_->conclude();
    Trial trial;
    trial.recipe = recipe_of_prefix(given_, given_.size());
    trial.recipe.expected = expectation_of({simulation_->outcome(),
                                            simulation_->figures(),
                                            simulation_->machine().log().marks(),
                                            console_.printed()});
    trial.choices = watch_->choices();
    trial.results = results_;
    trial.report = simulation_->outcome().report;
    trial.problem = problem_;
    if (is_failure(trial)) {
        tell_({first, last, std::move(trial), {}, results_});
    } else {
        tell_({first, last, {}, last_figures_, results_});
    }
}

Recipe Explorer::recipe_of_prefix(Order const& order, usize length) const
{
    return with_order(base_, Order(order.begin(), order.begin() + static_cast<isize>(length)));
}

Recipe order_base(MachineOptions const& machine, RootArchive const& root)
{
    SimulationOptions options;
    options.machine = machine;
    options.program = suite_program_reading_names(false);
    Recipe recipe = recipe_of(options);
    recipe.tree_hash = root.hash;
    recipe.imports = root.imports;
    for (bool& is_terminal : recipe.console.mode.is_terminal) is_terminal = false;
    return recipe;
}

}  // namespace drydock::sim
