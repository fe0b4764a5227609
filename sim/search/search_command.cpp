#include "sim/search/search_command.h"

#include "sim/command_line.h"
#include "sim/host/host_usage.h"
#include "sim/host/kernel_variant.h"
#include "sim/machine_layout.h"
#include "sim/option_values.h"
#include "sim/search/search_session.h"

#include <charconv>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kMostSchedules = 1'000'000;
constexpr u64 kMostJobs = 1024;
constexpr u64 kMostShards = 100'000;
constexpr u64 kNsPerSecond = 1'000'000'000;

// "90", "90s", "10m", "2h".
u64 budget_of(std::string const& text)
{
    u64 value = 0;
    auto const parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    std::string const unit(parsed.ptr, text.data() + text.size());
    u64 const seconds = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
    bool const is_sound = parsed.ec == std::errc{} && seconds != 0 && value > 0;
    if (!is_sound || value > kNever / kNsPerSecond / seconds) {
        throw UsageError(
            fmt::format("--budget {}: give seconds, or minutes or hours as in 10m, 2h", text));
    }
    return value * seconds * kNsPerSecond;
}

void parse_shard(std::string const& text, CampaignPlan& plan)
{
    usize const slash = text.find('/');
    if (slash == std::string::npos) throw UsageError("--shard: give I/N, as in 1/4");
    plan.shard_count = parse_between("--shard", text.substr(slash + 1), 1, kMostShards);
    plan.shard = parse_between("--shard", text.substr(0, slash), 1, plan.shard_count) - 1;
}

std::optional<OrderKind> orders_of(std::string const& text)
{
    if (text == "none") return {};
    std::optional<OrderKind> const kind = parse_order_kind(text);
    if (kind) return kind;
    throw UsageError(fmt::format("--orders {}: give rows, random, pairs or none", text));
}

bool programs_of(std::string const& text)
{
    if (text != "random" && text != "none") {
        throw UsageError(fmt::format("--programs {}: give random or none", text));
    }
    return text == "random";
}

FaultPlan faults_of(std::string const& text)
{
    if (text.empty()) return {};
    if (std::optional<FaultPlan> const faults = parse_fault_plan(text)) return *faults;
    throw UsageError(fmt::format("--faults {}: give a list of {}", text, kFaultWords));
}

CampaignPlan plan_of(SearchOptions const& options)
{
    CampaignPlan plan;
    bool const has_default = options.orders.empty() && options.programs.empty();
    if (has_default || !options.orders.empty()) {
        plan.orders = orders_of(has_default ? "random" : options.orders);
    }
    if (has_default || !options.programs.empty()) {
        plan.has_programs = programs_of(has_default ? "random" : options.programs);
    }
    if (!plan.orders && !plan.has_programs) throw UsageError("search: nothing to run");
    plan.schedules = parse_between("--schedules", options.schedules, 1, kMostSchedules);
    plan.faults = faults_of(options.faults);
    plan.seed = parse_number("--seed", options.seed);
    plan.memory_bytes = options.memory.empty() ? kDefaultMemory : parse_memory(options.memory);
    plan.stack_mode = parse_stack_mode(options.stack);
    plan.tag_bits = parse_tag_bits(options.tags);
    Checks const checks = parse_checks(options.checks);
    plan.check_tlb = checks.tlb;
    plan.check_tables = checks.tables;
    if (!options.shard.empty()) parse_shard(options.shard, plan);
    return plan;
}

// Options that make the same plan, but for the shard.
std::vector<std::string> words_of(SearchOptions const& options, CampaignPlan const& plan)
{
    std::vector<std::string> words = {"--orders",
                                      plan.orders ? order_kind_word(*plan.orders) : "none",
                                      "--programs",
                                      plan.has_programs ? "random" : "none",
                                      "--schedules",
                                      options.schedules,
                                      "--seed",
                                      options.seed,
                                      "--stack",
                                      options.stack,
                                      "--tags",
                                      options.tags};
    if (!options.faults.empty()) words.insert(words.end(), {"--faults", options.faults});
    if (!options.memory.empty()) words.insert(words.end(), {"--memory", options.memory});
    for (std::string const& check : options.checks) words.insert(words.end(), {"--check", check});
    return words;
}

}  // namespace

SearchCommand::SearchCommand(CommandLine& line)
    : command_(line.add_command("search", "Look for runs that fail, and make them small"))
{
    Command search = command_;
    SearchOptions& to = options_;
    search.add_option("--orders", to.orders, "rows, random, pairs or none: orders of the suite");
    search.add_option("--programs", to.programs, "random or none: small programs");
    search.add_option("--schedules", to.schedules, "Schedules for each order (default 1)");
    search.add_option(
        "--faults", to.faults, "Inject failures: alloc,short-io,eintr,timer[,rate=N]");
    search.add_option("--jobs", to.jobs, "Workers (default: one for each processor)");
    search.add_option("--budget", to.budget, "90, 10m, 2h: time of this host (default 10m)");
    search.add_option("--runs", to.runs, "Stop after so many orders and programs");
    search.add_option("--kernel", to.kernel, "Search this kernel with a bug put back (tests/bugs)");
    search.add_option("--seed", to.seed, "Other orders, programs and schedules (default 0)");
    search.add_option("--stack", to.stack, "guarded (default) or unguarded kernel stacks");
    search.add_option(
        "--tags", to.tags, "Bits of the CPU's address-space tags, 1 to 12 (default: 0, none)");
    search.add_option("--memory", to.memory, "Physical memory in MiB (default 512)");
    search.add_option("--check",
                      to.checks,
                      "tlb, tables: more oracles for orders; random programs always have both");
    search.add_option("--out", to.folder, "The campaign's folder; one that is there goes on");
    search.add_option("--shard", to.shard, "I/N: the I-th of N parts of the campaign");
    search.add_flag("--first", to.stops_at_first, "Stop at the first finding");
    search.add_flag("--no-canary", to.has_no_canary, "Trust that the search works");
    search.add_flag("--quiet", to.is_quiet, "No progress");
    search.add_flag("--merge", to.is_merge, "Show what the shards in these folders have found");
    search.add_words("folders", to.folders, "For --merge: where the shards are kept");
}

int SearchCommand::run(char const* kernel, char** arguments) const
{
    SearchOptions const& options = options_;
    if (options.is_merge) {
        if (options.folders.empty()) throw UsageError("--merge: give the folders of the shards");
        return merge_campaigns(options.folders);
    }
    if (!options.folders.empty()) throw UsageError("search: folders go with --merge");
    bool const is_other = !options.kernel.empty() && options.kernel != kernel;
    if (is_other) become_kernel(options.kernel, arguments);
    SearchRequest request;
    request.plan = plan_of(options);
    request.plan_options = words_of(options, request.plan);
    request.limits.budget_ns = budget_of(options.budget);
    if (!options.runs.empty()) {
        request.limits.runs = parse_between("--runs", options.runs, 1, kNever - 1);
    }
    request.limits.jobs = options.jobs.empty()
                              ? host_processors()
                              : parse_between("--jobs", options.jobs, 1, kMostJobs);
    request.limits.stops_at_first = options.stops_at_first;
    request.folder = options.folder;
    request.has_canary = !options.has_no_canary;
    request.is_quiet = options.is_quiet;
    return run_search(request);
}

}  // namespace drydock::sim
