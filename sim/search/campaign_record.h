#pragma once

// What a campaign has done so far, and the file that keeps it: a line of JSON for each thing that
// happened, appended when it has happened. A campaign that was killed goes on from there.

#include "sim/search/pair_set.h"
#include "sim/search/trial.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace drydock::sim {

// A run that failed, as the search met it.
struct Failure {
    std::string place{};  // Which run of the campaign it was.
    Trial trial{};
};

// A failure made small.
struct Finding {
    u64 failure = 0;          // Its number.
    std::string name{};       // "pipe -> tar_extract"
    std::string signature{};  // Of what it came from.
    std::string outcome{};
    std::string summary{};
    std::string file{};  // Inside the campaign's folder; empty: it could not be repeated.
    std::vector<std::string> steps{};
    bool is_minimal = false;
    bool is_verified = false;
    u64 executions = 0;
    u64 shrink_ns = 0;
    u64 found_ns = 0;  // Of the campaign's time, when it had been shrunk.
};

class CampaignState {
public:
    // Takes what happened. Throws std::runtime_error if it is nothing that happens.
    void apply(nlohmann::ordered_json const& event);
    // Adds what another shard of the same campaign did.
    void add(CampaignState const& other);

    // Empty before anything happened.
    nlohmann::ordered_json identity{};
    // Results of benchmarks alone; those that fail alone are in no order.
    AloneTable alone{};
    std::set<usize> failing_alone{};
    std::set<u64> order_batches{};
    std::set<u64> program_batches{};
    u64 orders = 0;
    u64 programs = 0;
    PairSet pairs{};
    std::map<u64, Failure> failures{};
    std::set<std::string> places{};  // Of failures.
    std::map<u64, u64> explained{};  // Failures by the one whose finding explains them.
    std::vector<Finding> findings{};
    std::optional<bool> canary{};  // Whether it was found.
    std::string canary_text{};
    u64 worked_ns = 0;

    bool is_settled(u64 failure) const;
    // The finding that such a failure is another instance of, or null.
    Finding const* explanation_of(Trial const& trial) const;
    bool knows_alone(usize benchmark) const;
};

// The events, as lines of the file have them.
namespace campaign_event {

using Json = nlohmann::ordered_json;

Json begin(Json const& identity);
Json canary(bool is_found, std::string const& text);
Json alone(usize benchmark, std::optional<AloneFigures> const& figures);
Json failure(u64 number, std::string const& place, Trial const& trial);
Json order_batch(u64 number, u64 orders, PairSet const& pairs, u64 worked_ns);
Json program_batch(u64 number, u64 programs, u64 worked_ns);
Json explained(u64 failure, u64 by);
Json finding(Finding const& finding);

}  // namespace campaign_event

nlohmann::ordered_json json_of(AloneFigures const& figures);
AloneFigures alone_figures_of(nlohmann::ordered_json const& json);

// The state and its file.
class CampaignRecord {
public:
    // Goes on with the campaign in that folder, or begins one there. Throws std::runtime_error if
    // the folder holds another campaign or is in use, or cannot be written.
    CampaignRecord(std::string folder, nlohmann::ordered_json const& identity);
    ~CampaignRecord();
    CampaignRecord(CampaignRecord const&) = delete;
    CampaignRecord& operator=(CampaignRecord const&) = delete;

    // Into the file, then into the state.
    void add(nlohmann::ordered_json const& event);
    CampaignState const& state() const { return state_; }
    std::string const& folder() const { return folder_; }
    bool has_resumed() const { return has_resumed_; }

    // Of a campaign that may be running. Throws std::runtime_error.
    static CampaignState read(std::string const& folder);

private:
    std::string folder_;
    CampaignState state_{};
    int descriptor_ = -1;
    bool has_resumed_ = false;
};

}  // namespace drydock::sim
