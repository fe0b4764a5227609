#include "sim/search/campaign_record.h"
#include "sim/search/steps.h"
#include "sim/search/suite_recipe.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* kWhat = "what";

// Whether `part` is in `whole`, in that order, apart from numbers.
bool is_part(Steps const& part, Steps const& whole)
{
    usize at = 0;
    for (std::string const& step : whole) {
        if (at < part.size() && without_numbers(step) == without_numbers(part[at])) ++at;
    }
    return at == part.size();
}

Finding finding_of(Json const& json)
{
    Finding finding;
    finding.failure = json.at("failure").get<u64>();
    finding.name = json.at("name").get<std::string>();
    finding.signature = json.at("signature").get<std::string>();
    finding.outcome = json.at("outcome").get<std::string>();
    finding.summary = json.at("summary").get<std::string>();
    finding.file = json.at("file").get<std::string>();
    finding.steps = json.at("steps").get<std::vector<std::string>>();
    finding.is_minimal = json.at("minimal").get<bool>();
    finding.is_verified = json.at("verified").get<bool>();
    finding.executions = json.at("executions").get<u64>();
    finding.shrink_ns = json.at("shrink_ns").get<u64>();
    finding.found_ns = json.at("found_ns").get<u64>();
    return finding;
}

}  // namespace

Json json_of(AloneFigures const& figures)
{
    return {{"skipped", figures.is_skipped},
            {"reason", figures.reason},
            {"output", figures.output},
            {"iterations", figures.iterations},
            {"demand_faults", figures.demand_faults}};
}

AloneFigures alone_figures_of(Json const& json)
{
    return {json.at("skipped").get<bool>(),
            json.at("reason").get<std::string>(),
            json.at("output").get<std::string>(),
            json.at("iterations").get<u64>(),
            json.at("demand_faults").get<u64>()};
}

namespace campaign_event {

Json begin(Json const& identity) { return {{kWhat, "campaign"}, {"identity", identity}}; }

Json canary(bool is_found, std::string const& text)
{
    return {{kWhat, "canary"}, {"found", is_found}, {"text", text}};
}

Json alone(usize benchmark, std::optional<AloneFigures> const& figures)
{
    Json json = {{kWhat, "alone"}, {"benchmark", benchmarks()[benchmark].name}};
    if (figures) json["figures"] = json_of(*figures);
    return json;
}

Json failure(u64 number, std::string const& place, Trial const& trial)
{
    return {
        {kWhat, "failure"}, {"number", number}, {"place", place}, {"trial", print_trial(trial)}};
}

Json order_batch(u64 number, u64 orders, PairSet const& pairs, u64 worked_ns)
{
    return {{kWhat, "orders"},
            {"batch", number},
            {"count", orders},
            {"pairs", pairs.text()},
            {"worked_ns", worked_ns}};
}

Json program_batch(u64 number, u64 programs, u64 worked_ns)
{
    return {{kWhat, "programs"}, {"batch", number}, {"count", programs}, {"worked_ns", worked_ns}};
}

Json explained(u64 failure, u64 by)
{
    return {{kWhat, "explained"}, {"failure", failure}, {"by", by}};
}

Json finding(Finding const& finding)
{
    return {{kWhat, "finding"},
            {"failure", finding.failure},
            {"name", finding.name},
            {"signature", finding.signature},
            {"outcome", finding.outcome},
            {"summary", finding.summary},
            {"file", finding.file},
            {"steps", finding.steps},
            {"minimal", finding.is_minimal},
            {"verified", finding.is_verified},
            {"executions", finding.executions},
            {"shrink_ns", finding.shrink_ns},
            {"found_ns", finding.found_ns}};
}

}  // namespace campaign_event

void CampaignState::apply(Json const& event)
{
    try {
        std::string const what = event.at(kWhat).get<std::string>();
        if (what == "campaign") {
            identity = event.at("identity");
        } else if (what == "canary") {
            canary = event.at("found").get<bool>();
            canary_text = event.at("text").get<std::string>();
        } else if (what == "alone") {
            usize const benchmark =
                find_benchmark(event.at("benchmark").get<std::string>()).value();
            if (event.contains("figures")) {
                alone.at(benchmark) = alone_figures_of(event.at("figures"));
            } else {
                failing_alone.insert(benchmark);
            }
        } else if (what == "failure") {
            Failure& failure = failures[event.at("number").get<u64>()];
            failure.place = event.at("place").get<std::string>();
            failure.trial = parse_trial(event.at("trial").get<std::string>());
            places.insert(failure.place);
        } else if (what == "orders") {
            order_batches.insert(event.at("batch").get<u64>());
            orders += event.at("count").get<u64>();
            pairs.add(PairSet::parse(event.at("pairs").get<std::string>()));
            worked_ns = event.at("worked_ns").get<u64>();
        } else if (what == "programs") {
            program_batches.insert(event.at("batch").get<u64>());
            programs += event.at("count").get<u64>();
            worked_ns = event.at("worked_ns").get<u64>();
        } else if (what == "explained") {
            explained[event.at("failure").get<u64>()] = event.at("by").get<u64>();
        } else if (what == "finding") {
            findings.push_back(finding_of(event));
        } else {
            throw std::runtime_error("not an event of a campaign: " + what);
        }
    } catch (Json::exception const& error) {
        throw std::runtime_error(fmt::format("not an event of a campaign: {}", error.what()));
    } catch (std::bad_optional_access const&) {
        throw std::runtime_error("not an event of a campaign: an unknown benchmark");
    }
}

void CampaignState::add(CampaignState const& other)
{
    orders += other.orders;
    programs += other.programs;
    pairs.add(other.pairs);
    order_batches.insert(other.order_batches.begin(), other.order_batches.end());
    program_batches.insert(other.program_batches.begin(), other.program_batches.end());
    failing_alone.insert(other.failing_alone.begin(), other.failing_alone.end());
    worked_ns += other.worked_ns;
}

bool CampaignState::is_settled(u64 failure) const
{
    auto const is_of = [failure](Finding const& finding) { return finding.failure == failure; };
    return explained.contains(failure) || std::any_of(findings.begin(), findings.end(), is_of);
}

Finding const* CampaignState::explanation_of(Trial const& trial) const
{
    std::string const signature = signature_of(trial);
    Steps const steps = steps_of(trial.recipe).value_or(Steps{});
    // A check of a program says itself what is wrong.
    bool const is_told = !order_of(trial.recipe) && !trial.problem.empty();
    for (Finding const& finding : findings) {
        if (finding.signature != signature) continue;
        if (is_told || is_part(finding.steps, steps)) return &finding;
    }
    return nullptr;
}

bool CampaignState::knows_alone(usize benchmark) const
{
    return alone.at(benchmark).has_value() || failing_alone.contains(benchmark);
}

}  // namespace drydock::sim
