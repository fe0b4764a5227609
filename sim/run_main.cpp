// A smaller program than `drydock`: the commands run and trace alone. It compares what compilers
// and levels of optimisation make of the kernel without compiling the searches and tables around
// it.

#include "sim/build_identity.h"
#include "sim/command.h"
#include "sim/command_line.h"
#include "sim/replay_options.h"
#include "sim/run_options.h"

namespace drydock::sim {

namespace {

int parse_and_run(int argument_count, char** arguments)
{
    CommandLine line("Runs a kernel and its programs in a simulated machine: run and trace alone.",
                     this_build().version,
                     "Exit statuses: as those of drydock.");
    RunCommand const run(line);
    TraceCommand const trace(line);
    if (std::optional<int> const status = line.parse(argument_count, arguments)) return *status;
    if (trace.is_chosen()) return trace.run();
    return run.run(kUnpatchedKernel, arguments);
}

}  // namespace

}  // namespace drydock::sim

int main(int argument_count, char** arguments)
{
    return drydock::sim::with_message(
        [&] { return drydock::sim::parse_and_run(argument_count, arguments); });
}
