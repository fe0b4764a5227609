#include "sim/search/campaign.h"

#include "core/base/assert.h"
#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/recipe_text.h"
#include "sim/search/program_plan.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace drydock::sim {

namespace {

constexpr usize kAloneTogether = 11;
constexpr u64 kBeatMilliseconds = 200;

}  // namespace

Campaign::Campaign(CampaignPlan const& plan,
                   RootArchive const& root,
                   CampaignRecord& record,
                   CampaignLimits const& limits,
                   CampaignListener listener)
    : plan_(plan)
    , root_(root)
    , record_(record)
    , limits_(limits)
    , listener_(std::move(listener))
    , ground_{plan_, root_, record_.state().alone}
    , orders_(plan_.order_plan())
    , worked_before_ns_(record_.state().worked_ns)
{
    ASSERT(limits_.jobs > 0);
    ASSERT(plan_.orders || plan_.has_programs);
}

void Campaign::run()
{
    began_ns_ = host_monotonic_ns();
    for (;;) {
        while (pool_.count() < limits_.jobs && start_one()) {
        }
        if (pool_.count() == 0) return;
        if (std::optional<WorkerPool::News> const news = pool_.wait(kBeatMilliseconds)) take(*news);
        if (is_over()) leave_off_batches();
        if (listener_.on_beat) listener_.on_beat();
    }
}

u64 Campaign::elapsed_ns() const { return host_monotonic_ns() - began_ns_; }

bool Campaign::is_over() const
{
    if (limits_.stops_at_first && !record_.state().findings.empty()) return true;
    return elapsed_ns() >= limits_.budget_ns;
}

bool Campaign::has_begun_enough() const
{
    u64 begun = record_.state().orders + record_.state().programs;
    for (auto const& [worker, task] : tasks_) begun += task.count();
    return begun >= limits_.runs;
}

bool Campaign::is_running(Kind kind) const
{
    return std::any_of(tasks_.begin(), tasks_.end(), [kind](auto const& entry) {
        return entry.second.kind == kind;
    });
}

bool Campaign::is_complete() const
{
    if (plan_.has_programs || !plan_.orders || orders_.batch_count() == kNever) return false;
    return !next_batch(record_.state().order_batches, Kind::Shrink, orders_.batch_count());
}

u64 Campaign::orders() const
{
    u64 count = record_.state().orders;
    for (auto const& [worker, task] : tasks_) count += task.kind == Kind::Orders ? task.runs : 0;
    return count;
}

u64 Campaign::programs() const
{
    u64 count = record_.state().programs;
    for (auto const& [worker, task] : tasks_) count += task.kind == Kind::Programs ? task.runs : 0;
    return count;
}

// --- what runs next ------------------------------------------------------------------------------

bool Campaign::start_one()
{
    if (start_shrink()) return true;
    if (is_over()) return false;
    return (plan_.orders && start_alone()) || (!has_begun_enough() && start_batch());
}

// Two that look alike are not made small at the same time: the first may explain the second.
bool Campaign::start_shrink()
{
    for (auto const& [number, failure] : record_.state().failures) {
        if (record_.state().is_settled(number)) continue;
        std::string const signature = signature_of(failure.trial);
        bool const is_busy = std::any_of(tasks_.begin(), tasks_.end(), [&](auto const& entry) {
            return entry.second.kind == Kind::Shrink && entry.second.signature == signature;
        });
        if (is_busy) continue;
        if (Finding const* const known = record_.state().explanation_of(failure.trial)) {
            record_.add(campaign_event::explained(number, known->failure));
            continue;
        }
        Recipe const recipe = failure.trial.recipe;
        Task task;
        task.kind = Kind::Shrink;
        task.number = number;
        task.signature = signature;
        start(std::move(task),
              [this, recipe](WorkerPool::Say const& say) { shrink_failure(ground_, recipe, say); });
        return true;
    }
    return false;
}

bool Campaign::start_alone()
{
    CampaignState const& state = record_.state();
    std::set<usize> begun;
    for (auto const& [worker, task] : tasks_) {
        if (task.kind != Kind::Alone) continue;
        for (Order const& order : task.batch.orders) begun.insert(order[0]);
    }
    Task task;
    task.kind = Kind::Alone;
    for (usize benchmark = 0; benchmark < kBenchmarkCount; ++benchmark) {
        if (state.knows_alone(benchmark) || begun.contains(benchmark)) continue;
        if (task.batch.orders.size() < kAloneTogether) task.batch.orders.push_back({benchmark});
    }
    if (task.batch.orders.empty()) return false;
    start(task, [this, batch = task.batch](WorkerPool::Say const& say) {
        explore_orders(ground_, batch, false, say);
    });
    return true;
}

bool Campaign::start_batch()
{
    was_programs_turn_ = !was_programs_turn_;
    if (was_programs_turn_) return start_program_batch() || start_order_batch();
    return start_order_batch() || start_program_batch();
}

std::optional<u64> Campaign::next_batch(std::set<u64> const& done, Kind kind, u64 count) const
{
    for (u64 number = plan_.shard; number < count; number += plan_.shard_count) {
        if (done.contains(number)) continue;
        bool const is_begun = std::any_of(tasks_.begin(), tasks_.end(), [&](auto const& entry) {
            return entry.second.kind == kind && entry.second.number == number;
        });
        if (!is_begun) return number;
    }
    return {};
}

bool Campaign::start_order_batch()
{
    // What a benchmark gives alone is what it is judged by.
    if (!plan_.orders || is_running(Kind::Alone)) return false;
    CampaignState const& state = record_.state();
    if (state.failing_alone.size() == kBenchmarkCount) return false;
    Order const left_out(state.failing_alone.begin(), state.failing_alone.end());
    for (;;) {
        std::optional<u64> const number =
            next_batch(state.order_batches, Kind::Orders, orders_.batch_count());
        if (!number) return false;
        Task task;
        task.kind = Kind::Orders;
        task.number = *number;
        task.batch = orders_.batch(*number, left_out);
        if (!task.batch.orders.empty()) {
            start(task, [this, batch = task.batch](WorkerPool::Say const& say) {
                explore_orders(ground_, batch, true, say);
            });
            return true;
        }
        finish(task);  // Nothing of it is left.
    }
}

bool Campaign::start_program_batch()
{
    if (!plan_.has_programs) return false;
    std::optional<u64> const number =
        next_batch(record_.state().program_batches, Kind::Programs, kNever);
    if (!number) return false;
    Task task;
    task.kind = Kind::Programs;
    task.number = *number;
    task.programs = program_batch(*number, plan_, root_);
    start(task, [this, programs = task.programs](WorkerPool::Say const& say) {
        explore_programs(ground_, programs, say);
    });
    return true;
}

void Campaign::start(Task task, WorkerPool::Work const& work)
{
    u64 const worker = workers_++;
    pool_.start(worker, work);
    tasks_[worker] = std::move(task);
}

void Campaign::leave_off_batches()
{
    std::vector<u64> left;
    for (auto const& [worker, task] : tasks_) {
        if (task.kind != Kind::Shrink) left.push_back(worker);
    }
    for (u64 const worker : left) {
        pool_.stop(worker);
        tasks_.erase(worker);
    }
}

// --- what came of it -----------------------------------------------------------------------------

void Campaign::take(WorkerPool::News const& news)
{
    Task& task = tasks_.at(news.worker);
    if (!news.has_ended) {
        if (task.kind == Kind::Shrink) return take_shrunk(task, parse_shrunk(news.line));
        return take_visit(task, parse_visit(news.line));
    }
    Task const ended = std::move(task);
    tasks_.erase(news.worker);
    if (!news.line.empty()) throw std::runtime_error("a worker of the search: " + news.line);
    finish(ended);
}

void Campaign::take_visit(Task& task, Visit const& visit)
{
    if (visit.first >= visit.last || visit.last > task.count()) {
        throw std::runtime_error("a worker of the search told of runs that it did not have");
    }
    task.told += visit.last - visit.first;
    if (task.kind == Kind::Alone) {
        for (usize place = visit.first; place < visit.last; ++place) {
            usize const benchmark = task.batch.orders[place][0];
            record_.add(campaign_event::alone(benchmark, visit.figures));
        }
    }
    if (task.kind == Kind::Programs || visit.results > 0) ++task.runs;
    if (task.kind == Kind::Orders) {
        usize const ran = visit.failure ? visit.failure->results + 1 : visit.results;
        task.pairs.add(task.batch.orders[visit.first], ran);
    }
    if (visit.failure) add_failure(task, visit);
}

void Campaign::add_failure(Task const& task, Visit const& visit)
{
    char const* const what = task.kind == Kind::Programs ? "program" : "order";
    std::string place = fmt::format("{} {} of batch {}", what, visit.first, task.number);
    if (task.kind == Kind::Alone) {
        place = fmt::format("{} alone", benchmarks()[task.batch.orders[visit.first][0]].name);
    }
    // A batch that was left off runs again.
    if (record_.state().places.contains(place)) return;
    record_.add(campaign_event::failure(record_.state().failures.size(), place, *visit.failure));
}

void Campaign::take_shrunk(Task const& task, ShrinkReport const& report)
{
    Shrunk const& shrunk = report.shrunk;
    Expectation const& found = shrunk.trial.found();
    Finding finding;
    finding.failure = task.number;
    finding.name = name_of_failure(shrunk.trial);
    finding.signature = task.signature;
    finding.outcome = outcome_name(found.kind);
    bool const is_problem = found.kind == OutcomeKind::Exited && !shrunk.trial.problem.empty();
    finding.summary = is_problem ? shrunk.trial.problem : found.summary;
    finding.steps = steps_of(shrunk.trial.recipe).value_or(Steps{});
    finding.is_minimal = shrunk.is_minimal;
    finding.is_verified = shrunk.is_verified;
    finding.executions = shrunk.executions;
    finding.shrink_ns = report.wall_ns;
    finding.found_ns = worked_ns();
    if (shrunk.has_failed) {
        finding.file = fmt::format("finding-{}.header", record_.state().findings.size() + 1);
        Recipe recipe = shrunk.trial.recipe;
        recipe.build = this_build();
        recipe.tree_hash = root_.hash;
        write_file(record_.folder() + "/" + finding.file, print_recipe(recipe));
    }
    record_.add(campaign_event::finding(finding));
    if (listener_.on_finding) listener_.on_finding(finding, shrunk.trial);
}

void Campaign::finish(Task const& task)
{
    switch (task.kind) {
    case Kind::Alone: break;
    case Kind::Orders:
        record_.add(campaign_event::order_batch(task.number, task.runs, task.pairs, worked_ns()));
        break;
    case Kind::Programs:
        record_.add(campaign_event::program_batch(task.number, task.runs, worked_ns()));
        break;
    case Kind::Shrink:
        if (record_.state().is_settled(task.number)) return;
        throw std::runtime_error("a worker of the search ended without a word");
    }
    if (task.told != task.count()) {
        throw std::runtime_error(
            fmt::format("a worker of the search told of {} runs of {}", task.told, task.count()));
    }
}

}  // namespace drydock::sim
