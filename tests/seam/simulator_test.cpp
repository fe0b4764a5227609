// The seam's contract, run on the simulator's side: on a kernel stack, in both placements of
// stacks.

#include "sim/console.h"
#include "sim/machine_layout.h"
#include "sim/simulation.h"
#include "tests/seam/contract.h"

#undef TEST
#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

void run_seam(StackMode mode)
{
    seam::Report report;
    MemoryConsole console;
    SimulationOptions options;
    options.machine.slot = 9;
    options.machine.memory_bytes = 64 * kMiB;
    options.machine.stack_mode = mode;
    options.machine.seed = 7;
    Simulation simulation(options, console, {});
    simulation.set_probe(
        [](Platform& platform, void* argument) {
            seam::run_contract(platform, *static_cast<seam::Report*>(argument));
        },
        &report);
    Outcome const& outcome = simulation.run();
    EXPECT_EQ(outcome.kind, OutcomeKind::Exited) << outcome.summary << "\n" << outcome.report;
    EXPECT_GE(report.test_count, 16u);
    for (usize i = 0; i < report.failure_count && i < seam::Report::kMaximum; ++i) {
        seam::Failure const& failure = report.failures[i];
        ADD_FAILURE() << failure.test << ", line " << failure.line << ": " << failure.expression;
    }
    EXPECT_EQ(console.output(), "seam\n");
}

TEST(seam, holds_with_guarded_stacks) { run_seam(StackMode::Guarded); }
TEST(seam, holds_with_unguarded_stacks) { run_seam(StackMode::Unguarded); }

}  // namespace
}  // namespace drydock::sim
