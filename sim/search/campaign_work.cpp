#include "sim/search/campaign_work.h"

#include "sim/host/host_usage.h"
#include "sim/search/suite_recipe.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

// CPU seconds of the process that all others are forked from: it boots, then it waits.
constexpr unsigned kRootSeconds = 600;

}  // namespace

void explore_orders(CampaignGround const& ground,
                    Batch const& batch,
                    bool is_alone_known,
                    WorkerPool::Say const& say)
{
    MachineOptions machine = ground.plan.machine(batch.seed);
    if (!is_alone_known) machine.faults = {};
    Recipe const base = order_base(machine, ground.root);
    AloneTable const* const alone = is_alone_known ? &ground.alone : nullptr;
    auto const tell = [&say](Visit const& visit) { say(print_visit(visit)); };
    SharedBlackBox box;
    IsolatedEnd const end = run_isolated(*box, kRootSeconds, [&] {
        Explorer(base, ground.root, batch.orders, alone, tell).run();
        return std::string();
    });
    if (!end.loss) return;
    // Before the first benchmark: no order has been told of.
    Recipe const recipe = with_order(base, {batch.orders[0][0]});
    tell({0, batch.orders.size(), trial_of_loss(recipe, *box, *end.loss), {}});
}

void explore_programs(CampaignGround const& ground,
                      std::vector<Recipe> const& recipes,
                      WorkerPool::Say const& say)
{
    TrialRunner runner(ground.root);
    for (usize place = 0; place < recipes.size(); ++place) {
        Visit visit{place, place + 1};
        Trial trial = runner.run(recipes[place]);
        if (is_failure(trial)) visit.failure = std::move(trial);
        say(print_visit(visit));
    }
}

void shrink_failure(CampaignGround const& ground, Recipe const& recipe, WorkerPool::Say const& say)
{
    u64 const began = host_monotonic_ns();
    TrialRunner runner(ground.root, &ground.alone);
    ShrinkReport report;
    report.shrunk = shrink(recipe, runner, {});
    report.wall_ns = host_monotonic_ns() - began;
    say(print_shrunk(report));
}

std::string print_shrunk(ShrinkReport const& report)
{
    Shrunk const& shrunk = report.shrunk;
    Json const json = {{"failed", shrunk.has_failed},
                       {"trial", print_trial(shrunk.trial)},
                       {"minimal", shrunk.is_minimal},
                       {"verified", shrunk.is_verified},
                       {"executions", shrunk.executions},
                       {"steps_before", shrunk.steps_before},
                       {"choices_before", shrunk.choices_before},
                       {"wall_ns", report.wall_ns}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ShrinkReport parse_shrunk(std::string_view text)
{
    try {
        Json const json = Json::parse(text);
        ShrinkReport report;
        Shrunk& shrunk = report.shrunk;
        shrunk.has_failed = json.at("failed").get<bool>();
        shrunk.trial = parse_trial(json.at("trial").get<std::string>());
        shrunk.is_minimal = json.at("minimal").get<bool>();
        shrunk.is_verified = json.at("verified").get<bool>();
        shrunk.executions = json.at("executions").get<u64>();
        shrunk.steps_before = json.at("steps_before").get<usize>();
        shrunk.choices_before = json.at("choices_before").get<usize>();
        report.wall_ns = json.at("wall_ns").get<u64>();
        return report;
    } catch (Json::exception const& error) {
        throw std::runtime_error(fmt::format("not a worker's message: {}", error.what()));
    }
}

}  // namespace drydock::sim
