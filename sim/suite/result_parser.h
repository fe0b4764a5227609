#pragma once

// Reads what the suite prints, as it comes: BENCH_START, then a line for each benchmark of the
// order, then BENCH_END. Anything else is output of the programs that benchmarks start.

#include "sim/suite/orders.h"

#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

struct BenchmarkResult {
    usize benchmark = 0;  // Its place in the table.
    bool is_skipped = false;
    std::string reason{};  // Why, if skipped.
    u64 iterations = 0;
    u64 total_ns = 0;
    u64 ns_per_iteration = 0;
    std::string output{};  // What else was printed since the result before this one.
};

class ResultParser {
public:
    explicit ResultParser(Order order) : order_(std::move(order)) {}

    // One more benchmark at the end of the order: of a suite that reads names as it goes.
    void expect(usize benchmark) { order_.push_back(benchmark); }
    // Takes output in pieces of any size; how many results that completed.
    usize take(std::string_view piece);

    std::vector<BenchmarkResult> const& results() const { return results_; }
    // Every benchmark of the order has its result and BENCH_END was there.
    bool is_complete() const { return state_ == State::Ended && problem_.empty(); }
    // Empty, or what was wrong with the first line that was not as it should be.
    std::string const& problem() const { return problem_; }
    // Output after the last result.
    std::string const& rest() const { return other_; }

private:
    enum class State : u8 { Expecting, Running, Ended };

    void take_line(std::string_view line);
    bool take_result(std::vector<std::string_view> const& words, std::string_view line);
    void complain(std::string_view line, std::string const& why);

    Order order_;
    std::string pending_{};  // The start of a line.
    std::string other_{};
    std::string problem_{};
    std::vector<BenchmarkResult> results_{};
    State state_ = State::Expecting;
};

}  // namespace drydock::sim
