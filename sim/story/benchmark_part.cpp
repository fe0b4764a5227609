#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/host/suite_program.h"
#include "sim/machine_layout.h"
#include "sim/story/published.h"
#include "sim/story/story_parts.h"
#include "sim/suite/suite_report.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace drydock::sim {

namespace {

// The program of BusyBox that starts the suite: as on a system that a BusyBox init has brought up,
// the page cache and the template are not empty when the first benchmark begins.
constexpr char const* kStarter = "/usr/bin/env";

Program started_program(Order const& order)
{
    Program program = suite_program(order, false);
    program.path = kStarter;
    program.arguments.insert(program.arguments.begin(), "env");
    return program;
}

nlohmann::ordered_json run(std::string const& kernel,
                           Order const& order,
                           Program program,
                           RootArchive const& root)
{
    SuiteIdentity identity;
    identity.order = order;
    identity.run.kernel = kernel;
    identity.run.memory_bytes = kDefaultMemory;
    identity.run.stack_mode = "guarded";
    identity.run.cost_table = reference_kvm_costs().name;
    identity.run.root_hash = root.hash;
    SuiteRecorder recorder(order);
    SimulationOptions options;
    options.machine.memory_bytes = kDefaultMemory;
    options.program = std::move(program);
    u64 const began = host_monotonic_ns();
    Simulation simulation(std::move(options), recorder, {root.bytes.data(), root.bytes.size()});
    SuiteResult const result = run_suite(simulation, recorder);
    // Avoidable faults are an oracle's finding: with the bug every benchmark still has its result.
    if (!recorder.parser().is_complete()) {
        throw std::runtime_error("kernel " + kernel + ": " + result.problem);
    }
    HostFigures const host{host_monotonic_ns() - began, host_cpu_ns(), 0};
    return nlohmann::ordered_json::parse(make_suite_report(identity, result, host, nullptr));
}

}  // namespace

std::string run_benchmark_part(std::string const& kernel)
{
    RootArchive const root = build_root_archive({}, {{find_suite_program(), kSuitePath}});
    Order workloads;
    for (PublishedWorkload const& workload : kPublishedWorkloads) {
        workloads.push_back(find_benchmark(workload.name).value());
    }
    Order const grep = {find_benchmark("pipe_grep").value()};
    nlohmann::ordered_json part;
    part["busybox_pages"] = page_ceil(MappedFile(find_busybox()).text().size()) / kPageSize;
    part["workloads"] = run(kernel, workloads, started_program(workloads), root);
    part["pipe_grep"] = run(kernel, grep, suite_program(grep, false), root);
    return part.dump();
}

}  // namespace drydock::sim
