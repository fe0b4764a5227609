#include "sim/suite/suite_report.h"

#include "sim/file_bytes.h"
#include "sim/statistics.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* kFormat = "drydock suite 1";

double ratio(double dividend, double divisor) { return divisor > 0 ? dividend / divisor : 0; }

char const* name_of(TemplateDecision decision)
{
    switch (decision) {
    case TemplateDecision::None: return "none";
    case TemplateDecision::Miss: return "miss";
    case TemplateDecision::Stale: return "stale";
    case TemplateDecision::Hit: return "hit";
    }
    return "";
}

Json execs_of(RegionFigures const& figures)
{
    Json execs = Json::array();
    for (ExecFigures const& exec : figures.first_execs) {
        execs.push_back({{"process", exec.pid},
                         {"template", name_of(exec.decision)},
                         {"pages_loaded", exec.pages_loaded},
                         {"pages_mapped", exec.pages_mapped},
                         {"pages_zeroed", exec.pages_zeroed},
                         {"avoidable_faults", exec.avoidable_faults}});
    }
    return execs;
}

Json figures_of(RegionFigures const& figures)
{
    auto const per_exec = [&figures](u64 count) -> Json {
        if (figures.execs == 0) return nullptr;
        return ratio(static_cast<double>(count), static_cast<double>(figures.execs));
    };
    return {
        {"system_calls", figures.system_calls},
        {"forks", figures.forks},
        {"execs", figures.execs},
        {"demand_faults", figures.demand_faults},
        {"exec_demand_faults", figures.exec_demand_faults},
        {"demand_faults_per_exec", per_exec(figures.exec_demand_faults)},
        {"avoidable_faults", figures.avoidable_faults},
        {"avoidable_faults_per_exec", per_exec(figures.avoidable_faults)},
        {"cache_inserts", figures.cache_inserts},
        {"template",
         {{"hits", figures.template_hits},
          {"misses", figures.template_misses},
          {"stale", figures.template_stale}}},
        {"peak_stack_bytes", figures.peak_stack_bytes},
        {"peak_stack_call",
         figures.peak_stack_bytes > 0 ? Json(name_of_activity(figures.peak_stack_doing)) : Json()}};
}

Json describe(BenchmarkRun const& run, Baseline const* baseline)
{
    Benchmark const& benchmark = benchmarks()[run.result.benchmark];
    Json item = {{"name", benchmark.name}, {"skipped", run.result.is_skipped}};
    item["output"] = run.result.output;
    if (run.result.is_skipped) {
        item["reason"] = run.result.reason;
        return item;
    }
    item["iterations"] = run.result.iterations;
    item["total_ns"] = run.result.total_ns;
    item["ns_per_iteration"] = run.result.ns_per_iteration;
    auto const now = static_cast<double>(run.result.ns_per_iteration);
    if (benchmark.linux_ns > 0) {
        item["linux_ns"] = benchmark.linux_ns;
        item["ratio"] = ratio(now, benchmark.linux_ns);
        item["label"] = ratio_label(ratio(now, benchmark.linux_ns));
    }
    if (benchmark.reference_ns > 0) item["reference_ns"] = benchmark.reference_ns;
    if (baseline != nullptr) {
        auto const before = baseline->find(benchmark.name);
        if (before != baseline->end()) {
            item["baseline_ns"] = before->second;
            item["baseline_ratio"] = ratio(now, before->second);
        }
    }
    item.update(figures_of(run.figures));
    if (run.figures.execs > 0) item["first_execs"] = execs_of(run.figures);
    return item;
}

// The place in the order, from 1, of the benchmark that has no result, and its name.
Json stopped_in(Order const& order, SuiteResult const& result)
{
    if (result.is_complete || result.results_seen >= order.size()) return nullptr;
    return {{"place", result.results_seen + 1},
            {"benchmark", benchmarks()[order[result.results_seen]].name}};
}

[[noreturn]] void reject(std::string const& path, char const* why)
{
    throw std::runtime_error(
        fmt::format("--baseline {}: {}; give a file that drydock suite --report wrote", path, why));
}

}  // namespace

std::string make_suite_report(SuiteIdentity const& identity,
                              SuiteResult const& result,
                              HostFigures const& host,
                              Baseline const* baseline)
{
    Json report;
    report["format"] = kFormat;
    report["mode"] = identity.is_full ? "full" : "quick";
    report["order"] = describe(identity.order);
    report["complete"] = result.is_complete;
    report["problem"] = result.problem;
    report["stopped_in"] = stopped_in(identity.order, result);
    report["outcome"] = outcome_name(result.outcome.kind);
    report["exit_status"] = result.outcome.exit_status;
    report["details"] = result.outcome.report;
    report["trace_hash"] = result.figures.trace_hash;
    report["events"] = result.figures.events;
    report["kernel"] = identity.run.kernel;
    report["seed"] = identity.run.seed;
    report["machine"] = {{"memory_bytes", identity.run.memory_bytes},
                         {"stack", identity.run.stack_mode},
                         {"cost_table", identity.run.cost_table}};
    report["root_hash"] = identity.run.root_hash;
    report["virtual_ns"] = result.figures.virtual_ns;
    report["user_instructions"] = result.figures.user_instructions;
    report["processes"] = result.figures.processes;
    report["avoidable_faults"] = result.figures.avoidable_faults;
    report["peak_stack_bytes"] = result.figures.peak_stack_bytes;
    report["peak_stack_call"] = result.figures.peak_stack_call;
    report["figures_source"] = kFiguresSource;
    report["benchmarks"] = Json::array();
    for (BenchmarkRun const& run : result.runs) {
        report["benchmarks"].push_back(describe(run, baseline));
    }
    report["errors"] = result.errors;
    double const seconds = static_cast<double>(host.wall_ns) / 1e9;
    report["host"] = {
        {"wall_ns", host.wall_ns},
        {"cpu_ns", host.cpu_ns},
        {"peak_resident_bytes", host.peak_resident_bytes},
        {"million_instructions_per_second",
         ratio(static_cast<double>(result.figures.user_instructions) / 1e6, seconds)}};
    return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

BaselineFile read_baseline(std::string const& path)
{
    MappedFile const file(path);
    Json const report = Json::parse(file.text(), nullptr, false);
    if (!report.is_object() || report.value("format", Json()) != kFormat) {
        reject(path, "not a report of the suite");
    }
    BaselineFile result;
    try {
        result.is_full = report.at("mode") == "full";
        result.cost_table = report.at("machine").at("cost_table").get<std::string>();
        std::map<std::string, std::pair<double, double>> sums;  // Nanoseconds, iterations.
        for (Json const& item : report.at("benchmarks")) {
            if (item.at("skipped").get<bool>()) continue;
            auto& [total, iterations] = sums[item.at("name").get<std::string>()];
            total += item.at("total_ns").get<double>();
            iterations += item.at("iterations").get<double>();
        }
        for (auto const& [name, sum] : sums) result.figures[name] = ratio(sum.first, sum.second);
    } catch (nlohmann::json::exception const&) {
        reject(path, "the report is damaged");
    }
    return result;
}

}  // namespace drydock::sim
