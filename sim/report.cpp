#include "sim/report.h"

#include <nlohmann/json.hpp>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

Json describe(AvoidableFaultRecord const& fault)
{
    return {{"address", fault.address},
            {"file", fault.file},
            {"page", fault.page},
            {"pid", fault.pid},
            {"virtual_ns", fault.time_ns},
            {"insert_generation", fault.insert_generation},
            {"template_generation", fault.template_generation},
            {"template_age_ns", fault.template_age_ns}};
}

Json describe(InvalidOpcodeRecord const& record)
{
    return {{"rip", record.rip},
            {"pid", record.pid},
            {"instruction", record.text},
            {"count", record.count}};
}

void add_memory(Json& report, RunFigures const& figures)
{
    report["demand_faults"] = figures.demand_faults;
    report["faults"] = figures.faults;
    report["avoidable_faults"] = figures.avoidable_faults;
    report["avoidable_fault_list"] = Json::array();
    for (auto const& fault : figures.avoidable)
        report["avoidable_fault_list"].push_back(describe(fault));
    report["template"] = {{"hits", figures.template_hits},
                          {"misses", figures.template_misses},
                          {"stale", figures.template_stale}};
    report["page_cache"] = {{"pages", figures.cached_pages}, {"inserts", figures.cache_inserts}};
    report["tlb"] = {{"root_loads", figures.root_loads},
                     {"page_flushes", figures.page_flushes},
                     {"full_flushes", figures.full_flushes}};
    report["frames"] = {{"total", figures.frames.total},
                        {"free", figures.frames.free},
                        {"cached", figures.frames.cached},
                        {"live", figures.frames.live},
                        {"leaked", figures.frames.leaked},
                        {"wrong_references", figures.frames.wrong_references}};
    report["heap_objects"] = figures.frames.heap_objects;
}

}  // namespace

std::string make_json_report(RunIdentity const& identity,
                             Outcome const& outcome,
                             RunFigures const& figures,
                             HostFigures const& host)
{
    Json report;
    report["program"] = identity.program;
    report["outcome"] = outcome_name(outcome.kind);
    report["exit_status"] = outcome.exit_status;
    report["summary"] = outcome.summary;
    report["details"] = outcome.report;
    report["trace_hash"] = figures.trace_hash;
    report["events"] = figures.events;
    report["seed"] = identity.seed;
    report["machine"] = {{"memory_bytes", identity.memory_bytes},
                         {"stack", identity.stack_mode},
                         {"cost_table", identity.cost_table}};
    report["kernel"] = identity.kernel;
    report["root_hash"] = identity.root_hash;
    report["processes"] = figures.processes;
    report["system_calls"] = figures.system_calls;
    report["switches"] = figures.switches;
    report["user_instructions"] = figures.user_instructions;
    report["virtual_ns"] = figures.virtual_ns;
    add_memory(report, figures);
    report["peak_stack_bytes"] = figures.peak_stack_bytes;
    report["peak_stack_call"] = figures.peak_stack_call;
    report["stack_by_call"] = figures.stack_by_call;
    report["system_calls_by_name"] = figures.calls;
    report["unknown_system_calls"] = figures.unknown_calls;
    report["invalid_instructions"] = Json::array();
    for (auto const& record : figures.invalid_opcodes) {
        report["invalid_instructions"].push_back(describe(record));
    }
    double const seconds = static_cast<double>(host.wall_ns) / 1e9;
    report["host"] = {
        {"wall_ns", host.wall_ns},
        {"cpu_ns", host.cpu_ns},
        {"peak_resident_bytes", host.peak_resident_bytes},
        {"million_instructions_per_second",
         seconds > 0 ? static_cast<double>(figures.user_instructions) / seconds / 1e6 : 0}};
    // Bytes of a program's name need not be UTF-8.
    return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace drydock::sim
