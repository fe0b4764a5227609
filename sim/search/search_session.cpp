#include "sim/search/search_session.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/host/child_program.h"
#include "sim/host/host_usage.h"
#include "sim/host/kernel_variant.h"
#include "sim/host/suite_program.h"
#include "sim/search/program_plan.h"
#include "sim/search/search_report.h"
#include "sim/suite/suite_run.h"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* kCanary = "canary";
constexpr unsigned kCanarySeconds = 60;
constexpr u64 kTerminalPeriodNs = 300'000'000;
constexpr u64 kLogPeriodNs = 10'000'000'000;

void print(std::string const& text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

// How the search gets on, on standard error.
class ProgressDisplay {
public:
    explicit ProgressDisplay(bool is_wanted)
        : is_wanted_(is_wanted), is_terminal_(is_host_terminal(2)), last_ns_(host_monotonic_ns())
    {}

    bool is_due()
    {
        u64 const now = host_monotonic_ns();
        if (!is_wanted_ || now - last_ns_ < (is_terminal_ ? kTerminalPeriodNs : kLogPeriodNs)) {
            return false;
        }
        last_ns_ = now;
        return true;
    }
    void show(std::string const& line)
    {
        if (is_terminal_) {
            fmt::print(stderr, "\r\x1b[K{}", line);
            is_shown_ = true;
        } else {
            fmt::print(stderr, "{}\n", line);
        }
        std::fflush(stderr);
    }
    void erase()
    {
        if (is_shown_) fmt::print(stderr, "\r\x1b[K");
        is_shown_ = false;
    }

private:
    bool is_wanted_;
    bool is_terminal_;
    bool is_shown_ = false;
    u64 last_ns_;
};

std::string folder_of(SearchRequest const& request, Json const& identity)
{
    if (!request.folder.empty()) return request.folder;
    return fmt::format("drydock-search/{}-{}",
                       identity.at("kernel").get<std::string>(),
                       content_hash(identity.dump()).substr(0, 8));
}

CampaignCounts counts_of(Campaign const& campaign,
                         CampaignState const& state,
                         CampaignCounts before)
{
    CampaignCounts counts;
    counts.orders = campaign.orders();
    counts.programs = campaign.programs();
    counts.pairs = state.pairs.size();
    counts.findings = state.findings.size();
    counts.failures = state.failures.size();
    counts.elapsed_ns = campaign.elapsed_ns();
    counts.new_orders = counts.orders - before.orders;
    counts.new_programs = counts.programs - before.programs;
    return counts;
}

// A campaign of the same options on the kernel with the planted bug. False if it is not found.
bool find_canary(SearchRequest const& request, CampaignRecord& record)
{
    std::string const folder = record.folder() + "/canary";
    std::string const program = find_kernel(kCanary);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::vector<std::string> command = {program, "search"};
    command.insert(command.end(), request.plan_options.begin(), request.plan_options.end());
    std::vector<std::string> const limits = {"--no-canary",
                                             "--first",
                                             "--quiet",
                                             "--budget",
                                             std::to_string(kCanarySeconds),
                                             "--jobs",
                                             std::to_string(request.limits.jobs),
                                             "--out",
                                             folder};
    command.insert(command.end(), limits.begin(), limits.end());
    u64 const began = host_monotonic_ns();
    int const status = run_child_program(command, folder + "/output");
    double const seconds = static_cast<double>(host_monotonic_ns() - began) / 1e9;
    if (status != kNothingFound && status != kSomethingFound) {
        throw std::runtime_error(
            fmt::format("the search for the canary failed: see {}/output", folder));
    }
    bool const is_found = status == kSomethingFound;
    std::string text =
        fmt::format("the canary was not found in {:.0f} s: the search is broken", seconds);
    if (is_found) {
        CampaignState const state = CampaignRecord::read(folder);
        text = fmt::format("canary found in {:.1f} s: {}", seconds, state.findings.at(0).name);
    }
    record.add(campaign_event::canary(is_found, text));
    return is_found;
}

// False: the search is broken.
bool pass_canary(SearchRequest const& request, CampaignRecord& record)
{
    bool const was_found = record.state().canary.value_or(false);
    if (!was_found && !find_canary(request, record)) {
        fmt::print(stderr, "drydock: {}\n", record.state().canary_text);
        return false;
    }
    if (!request.is_quiet) print(record.state().canary_text + "\n");
    return true;
}

void print_known(CampaignRecord const& record)
{
    usize number = 0;
    for (Finding const& finding : record.state().findings) {
        print(describe_finding(finding, ++number, record.folder(), {}));
    }
}

int conclude(Campaign const& campaign, CampaignRecord const& record, CampaignCounts const& counts)
{
    print(describe_left_out(record.state()));
    print(
        fmt::format("{}{}\n", describe_counts(counts), campaign.is_complete() ? ", all done" : ""));
    print(fmt::format("kept in {}\n", record.folder()));
    bool is_repeatable = true;
    for (Finding const& finding : record.state().findings) {
        is_repeatable = is_repeatable && finding.is_verified;
    }
    if (!is_repeatable) {
        fmt::print(stderr, "drydock: a finding did not come again when it was run again\n");
    }
    return record.state().findings.empty() ? kNothingFound : kSomethingFound;
}

}  // namespace

int run_search(SearchRequest const& request)
{
    RootArchive const root = build_root_archive(
        {}, {{find_suite_program(), kSuitePath}, {find_probe_program(), kProbePath}});
    Json const identity = identity_of(request.plan, root.hash);
    CampaignRecord record(folder_of(request, identity), identity);
    if (record.has_resumed()) {
        print(fmt::format("going on with the campaign in {}\n", record.folder()));
        print_known(record);
    }
    if (request.has_canary && !pass_canary(request, record)) return kOracleStatus;
    ProgressDisplay progress(!request.is_quiet);
    CampaignCounts before;
    before.orders = record.state().orders;
    before.programs = record.state().programs;
    Campaign* running = nullptr;
    CampaignListener listener;
    listener.on_finding = [&](Finding const& finding, Trial const& trial) {
        progress.erase();
        print(describe_finding(
            finding, record.state().findings.size(), record.folder(), trial.report));
    };
    listener.on_beat = [&] {
        if (!progress.is_due()) return;
        progress.show(describe_counts(counts_of(*running, record.state(), before)));
    };
    Campaign campaign(request.plan, root, record, request.limits, std::move(listener));
    running = &campaign;
    campaign.run();
    progress.erase();
    return conclude(campaign, record, counts_of(campaign, record.state(), before));
}

int merge_campaigns(std::vector<std::string> const& folders)
{
    CampaignState whole;
    std::set<u64> shards;
    std::set<std::pair<std::string, std::string>> seen;
    std::string text;
    usize number = 0;
    usize failures = 0;
    for (std::string const& folder : folders) {
        CampaignState const state = CampaignRecord::read(folder);
        u64 const shard = state.identity.at("shard").get<u64>();
        Json identity = state.identity;
        identity.erase("shard");
        if (whole.identity.is_null()) whole.identity = identity;
        if (whole.identity != identity) {
            throw UsageError(folder + ": a shard of another campaign than " + folders[0]);
        }
        if (!shards.insert(shard).second) {
            throw UsageError(fmt::format("{}: shard {} a second time", folder, shard + 1));
        }
        whole.add(state);
        failures += state.failures.size();
        for (Finding const& finding : state.findings) {
            if (!seen.insert({finding.signature, finding.name}).second) continue;
            whole.findings.push_back(finding);
            text += describe_finding(finding, ++number, folder, {});
        }
    }
    print(text + describe_left_out(whole));
    u64 const count = whole.identity.at("shards").get<u64>();
    CampaignCounts counts;
    counts.orders = counts.new_orders = whole.orders;
    counts.programs = counts.new_programs = whole.programs;
    counts.pairs = whole.pairs.size();
    counts.findings = whole.findings.size();
    counts.failures = failures;
    counts.elapsed_ns = whole.worked_ns;
    print(fmt::format("{} of {} shards: {}\n", shards.size(), count, describe_counts(counts)));
    return whole.findings.empty() ? kNothingFound : kSomethingFound;
}

}  // namespace drydock::sim
