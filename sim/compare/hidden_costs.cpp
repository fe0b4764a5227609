#include "sim/compare/hidden_costs.h"

#include "sim/cost_table.h"
#include "sim/host/isolated.h"
#include "sim/host/suite_program.h"
#include "sim/loss_report.h"
#include "sim/machine_layout.h"
#include "sim/option_values.h"
#include "sim/suite/suite_run.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace drydock::sim {

namespace {

using Json = nlohmann::json;

// CPU seconds of the host.
constexpr unsigned kQuickLimit = 120, kFullLimit = 1200;

// A list of six numbers for each benchmark: iterations, then the members of HiddenCosts.
std::string count(Order const& order, bool is_full)
{
    RootArchive const root = build_root_archive({}, {{find_suite_program(), kSuitePath}});
    SuiteRecorder recorder(order);
    SimulationOptions options;
    options.machine.memory_bytes = kDefaultMemory;
    options.machine.costs = &parse_costs("image-icount");
    options.program = suite_program(order, is_full);
    Simulation simulation(std::move(options), recorder, {root.bytes.data(), root.bytes.size()});
    SuiteResult const result = run_suite(simulation, recorder);
    if (!result.is_complete) throw std::runtime_error("in the simulator: " + result.problem);
    Json counts = Json::array();
    for (BenchmarkRun const& run : result.runs) {
        RegionFigures const& figures = run.figures;
        counts.push_back({run.result.iterations,
                          figures.faults,
                          figures.root_loads,
                          figures.page_flushes,
                          figures.whole_flushes,
                          figures.pages_zeroed + figures.pages_copied});
    }
    return counts.dump();
}

}  // namespace

std::vector<HiddenCosts> measure_hidden_costs(Order const& order, bool is_full)
{
    SharedBlackBox box;
    IsolatedEnd const end = run_isolated(
        *box, is_full ? kFullLimit : kQuickLimit, [&] { return count(order, is_full); });
    if (end.loss) {
        throw std::runtime_error("in the simulator: " + describe_loss(*box, *end.loss).summary);
    }
    std::vector<HiddenCosts> costs;
    for (Json const& item : Json::parse(end.text)) {
        auto const iterations = item.at(0).get<double>();
        auto const each = [&](usize place) {
            return iterations > 0 ? item.at(place).get<double>() / iterations : 0;
        };
        costs.push_back({each(1), each(2), each(3), each(4), each(5)});
    }
    return costs;
}

}  // namespace drydock::sim
