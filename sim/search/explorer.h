#pragma once

// Runs many orders of the suite on one machine: where orders part, a process is forked for each
// way on, so that what they share runs once and nothing of one is left in another.

#include "sim/search/explorer_console.h"
#include "sim/search/trial.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace drydock::sim {

// What came of orders [first, last) of those given: several where what they share failed.
struct Visit {
    usize first = 0;
    usize last = 0;
    // Present if they failed.
    std::optional<Trial> failure{};
    // What the last benchmark gave, if all went well.
    std::optional<AloneFigures> figures{};
    // Of a run of the suite: how many benchmarks had their result and nothing wrong with it.
    usize results = 0;
};
std::string print_visit(Visit const& visit);
// Throws std::runtime_error.
Visit parse_visit(std::string_view text);

class Explorer {
public:
    // Called for each visit, in whichever process it ended; one of them runs at a time.
    using Tell = std::function<void(Visit const&)>;

    // `base`: a recipe that runs the suite with names from its input (order_base()). `orders` are
    // sorted, none of them empty or the beginning of another. Borrows all but the recipe.
    Explorer(Recipe base,
             RootArchive const& root,
             std::vector<Order> const& orders,
             AloneTable const* alone,
             Tell tell);
    ~Explorer();

    // Every order is told of once. Throws std::runtime_error if the host cannot run them. A crash
    // before the first benchmark is the caller's.
    void run();

private:
    class NameWatch;

    void branch(usize first, usize last, usize depth);
    void walk(usize first, usize last, usize depth);
    bool advance();
    void conclude(usize first, usize last);
    void judge(BenchmarkRun const& run);
    Recipe recipe_of_prefix(Order const& order, usize length) const;

    Recipe base_;
    RootArchive const& root_;
    std::vector<Order> const& orders_;
    AloneTable const* alone_;
    Tell tell_;
    SharedBlackBox box_{};
    ExplorerConsole console_;
    std::unique_ptr<NameWatch> watch_;
    std::unique_ptr<Simulation> simulation_;
    Order given_{};
    usize results_ = 0;  // Those that nothing was wrong with.
    AloneFigures last_figures_{};
    std::string problem_{};
};

// A machine that runs the suite with names from its input, as options say.
Recipe order_base(MachineOptions const& machine, RootArchive const& root);

}  // namespace drydock::sim
