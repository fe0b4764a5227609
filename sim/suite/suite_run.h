#pragma once

// Runs an order of benchmarks in a simulation and returns what came of it, without printing.
//
//     SuiteRecorder recorder(order);
//     Simulation simulation(options with suite_program(...), recorder, root with suite_import());
//     SuiteResult result = run_suite(simulation, recorder);

#include "sim/console.h"
#include "sim/root_archive.h"
#include "sim/simulation.h"
#include "sim/suite/region_meter.h"
#include "sim/suite/result_parser.h"

#include <functional>
#include <string>
#include <vector>

namespace drydock::sim {

struct BenchmarkRun {
    BenchmarkResult result{};
    RegionFigures figures{};
};

// The program's path in the guest.
inline constexpr char const* kSuitePath = "/suite";

// The suite as the first program of a machine: names on its command line, or names from its
// standard input, a line each, as the recorder hands them out.
Program suite_program(Order const& order, bool is_full);
Program suite_program_reading_names(bool is_full);

// The console of a simulation that runs the suite: keeps what is printed, and gives the names of
// the order to a suite that reads them, each when it is asked for and not before.
class SuiteRecorder final : public Console {
public:
    using OnResult = std::function<void(BenchmarkRun const&)>;

    explicit SuiteRecorder(Order order) : order_(order), parser_(std::move(order)) {}

    // Called for each result as it comes, on the platform's stack; must not throw.
    void on_result(OnResult callback) { on_result_ = std::move(callback); }

    ConsoleMode mode() override;
    ConsoleRead read(Bytes target) override;
    bool write(ConsoleStream stream, ConstBytes bytes) override;
    void flush() override {}
    bool has_input(u64) override { return false; }
    u64 wait_for_input(u64, u64) override { return 0; }

    EventObserver& meter() { return meter_; }
    Order const& order() const { return order_; }
    ResultParser const& parser() const { return parser_; }
    std::vector<BenchmarkRun> const& runs() const { return runs_; }
    std::string const& output() const { return output_; }
    std::string const& errors() const { return errors_; }

private:
    Order order_;
    ResultParser parser_;
    RegionMeter meter_{};
    OnResult on_result_{};
    std::vector<BenchmarkRun> runs_{};
    std::string output_{};
    std::string errors_{};
    std::string name_{};     // The rest of the line that is being read.
    usize names_given_ = 0;  // Of the order.
};

struct SuiteResult {
    std::vector<BenchmarkRun> runs{};
    // Of the order; as many as `runs` unless the process of the run was lost.
    usize results_seen = 0;
    std::string output{};
    std::string errors{};
    // Every benchmark of the order has a result, the program exited with status 0, and no oracle
    // tripped.
    bool is_complete = false;
    std::string problem{};  // In one line, if not complete.
    Outcome outcome{};
    RunFigures figures{};
};

// What was wrong with the end of a run after so many results, with the benchmark in which it was
// seen; empty if the suite ended well.
std::string describe_problem(Order const& order, usize results, Outcome const& outcome);

// Runs to the end and audits. `between_steps` is called every few million instructions; may be
// empty.
SuiteResult run_suite(Simulation& simulation,
                      SuiteRecorder& recorder,
                      std::function<void()> const& between_steps = {});

}  // namespace drydock::sim
