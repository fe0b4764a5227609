#include "sim/contracts/contract_table.h"

#include "sim/outcome.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kDifferentStatus = 1;

}  // namespace

void ContractTable::add(ContractPlace place, ContractResult result)
{
    std::string name = result.name;
    results_[place].insert_or_assign(std::move(name), std::move(result));
}

void ContractTable::lose(ContractPlace place, std::string reason)
{
    lost_.try_emplace(place, std::move(reason));
}

usize ContractTable::count() const
{
    usize count = 0;
    for (auto const& [place, results] : results_) count += results.size();
    return count;
}

ContractResult const* ContractTable::find(ContractPlace place, std::string const& name) const
{
    auto const results = results_.find(place);
    if (results == results_.end()) return nullptr;
    auto const found = results->second.find(name);
    return found == results->second.end() ? nullptr : &found->second;
}

ContractPlace const* ContractTable::reference_of(std::string const& name) const
{
    auto const found = std::find_if(places_.begin(), places_.end(), [&](ContractPlace place) {
        return find(place, name) != nullptr;
    });
    return found == places_.end() ? nullptr : &*found;
}

std::string ContractTable::difference_of(std::string const& name, ContractPlace place) const
{
    ContractPlace const* const reference = reference_of(name);
    ContractResult const* const result = find(place, name);
    if (reference == nullptr || result == nullptr) return {};
    return describe_contract_difference(contract_place_name(*reference),
                                        *find(*reference, name),
                                        contract_place_name(place),
                                        *result);
}

ContractTable::Verdict ContractTable::verdict_of(std::string const& name, ContractPlace place) const
{
    if (find(place, name) == nullptr) return Verdict::NotRun;
    if (!difference_of(name, place).empty()) return Verdict::Different;
    return *reference_of(name) == place ? Verdict::Ran : Verdict::Equal;
}

char const* ContractTable::word_of(Verdict verdict)
{
    switch (verdict) {
    case Verdict::NotRun: return "not run";
    case Verdict::Ran: return "ran";
    case Verdict::Equal: return "equal";
    case Verdict::Different: return "different";
    }
    return "";
}

int ContractTable::status() const
{
    bool has_run = false;
    for (std::string const& name : names_) {
        for (ContractPlace const place : places_) {
            Verdict const verdict = verdict_of(name, place);
            if (verdict == Verdict::Different) return kDifferentStatus;
            has_run = has_run || verdict != Verdict::NotRun;
        }
    }
    return has_run ? 0 : kOracleStatus;
}

std::string ContractTable::describe_differences() const
{
    std::string text;
    for (std::string const& name : names_) {
        std::string of_name;
        for (ContractPlace const place : places_) of_name += difference_of(name, place);
        if (!of_name.empty()) text += fmt::format("{}\n{}", name, of_name);
    }
    return text;
}

std::string ContractTable::describe_table() const
{
    std::string text = fmt::format("{:<44}", "program");
    for (ContractPlace const place : places_)
        text += fmt::format(" {:<10}", contract_place_name(place));
    text += '\n';
    for (std::string const& name : names_) {
        text += fmt::format("{:<44}", name);
        for (ContractPlace const place : places_)
            text += fmt::format(" {:<10}", word_of(verdict_of(name, place)));
        text += '\n';
    }
    return text;
}

std::string ContractTable::describe_sums() const
{
    std::string text;
    for (auto const& [place, reason] : lost_)
        text += fmt::format("not run on {}: {}\n", contract_place_name(place), reason);
    text += fmt::format("{} programs", names_.size());
    for (ContractPlace const place : places_) {
        usize counts[4] = {};
        for (std::string const& name : names_)
            ++counts[static_cast<usize>(verdict_of(name, place))];
        text += fmt::format("; {}:", contract_place_name(place));
        for (Verdict const verdict :
             {Verdict::Ran, Verdict::Equal, Verdict::Different, Verdict::NotRun}) {
            usize const count = counts[static_cast<usize>(verdict)];
            if (count > 0) text += fmt::format(" {} {}", count, word_of(verdict));
        }
    }
    return text + "\n";
}

std::string ContractTable::describe_outputs() const
{
    std::string text;
    for (std::string const& name : names_) {
        for (ContractPlace const place : places_) {
            ContractResult const* const result = find(place, name);
            if (result == nullptr) continue;
            text += fmt::format("{}\n{}{}", name, result->output, result->errors);
            text += fmt::format("({})\n", result->ending);
        }
    }
    return text;
}

std::string ContractTable::json_report(double seconds) const
{
    Json programs = Json::array();
    for (std::string const& name : names_) {
        Json program = {{"name", name}};
        for (ContractPlace const place : places_) {
            Json entry = {{"verdict", word_of(verdict_of(name, place))}};
            if (ContractResult const* const result = find(place, name)) {
                entry["ending"] = result->ending;
                entry["output"] = result->output;
                entry["errors"] = result->errors;
                if (!result->problem.empty()) entry["problem"] = result->problem;
            }
            program[contract_place_name(place)] = std::move(entry);
        }
        programs.push_back(std::move(program));
    }
    Json report = {{"status", status()}, {"seconds", seconds}, {"programs", std::move(programs)}};
    for (auto const& [place, reason] : lost_)
        report["not_run"][contract_place_name(place)] = reason;
    return report.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace drydock::sim
