#pragma once

// Runs programs in simulations with consoles in memory, for the tests of the simulator.

#include "sim/console.h"
#include "sim/machine_layout.h"
#include "sim/root_archive.h"
#include "sim/simulation.h"

#include <string>
#include <vector>

namespace drydock::sim::test {

inline RootArchive const& default_root()
{
    static RootArchive const archive = build_root_archive({}, {});
    return archive;
}

inline ConstBytes root_bytes()
{
    return {default_root().bytes.data(), default_root().bytes.size()};
}

inline SimulationOptions options_for(std::vector<std::string> command, unsigned slot = 0)
{
    SimulationOptions options;
    options.machine.slot = slot;
    options.machine.memory_bytes = 128 * kMiB;
    options.program.path = command[0];
    options.program.arguments = std::move(command);
    options.program.environment = {
        "PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/root", "TERM=linux"};
    return options;
}

struct Finished {
    Outcome outcome{};
    RunFigures figures{};
    std::string output{};
    std::string errors{};
};

inline Finished run(SimulationOptions options, std::string input = {})
{
    MemoryConsole console(std::move(input));
    Simulation simulation(std::move(options), console, root_bytes());
    simulation.run();
    return {simulation.outcome(), simulation.figures(), console.output(), console.errors()};
}

inline Finished run(std::vector<std::string> command)
{
    return run(options_for(std::move(command)));
}

// Runs `probe(platform, argument)` in place of a kernel.
inline Finished run_probe(KernelProbe probe, void* argument, StackMode mode = StackMode::Guarded)
{
    MemoryConsole console;
    SimulationOptions options;
    options.machine.memory_bytes = 64 * kMiB;
    options.machine.stack_mode = mode;
    options.kernel_loop_seconds = 2;
    Simulation simulation(std::move(options), console, {});
    simulation.set_probe(probe, argument);
    simulation.run();
    return {simulation.outcome(), simulation.figures(), console.output(), console.errors()};
}

}  // namespace drydock::sim::test
