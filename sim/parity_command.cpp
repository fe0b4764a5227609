// `drydock parity`: one program on both sides of the seam.

#include "sim/command_line.h"
#include "sim/cost_table.h"
#include "sim/host/host_usage.h"
#include "sim/host/machine_process.h"
#include "sim/host/supervisor.h"
#include "sim/image_inputs.h"
#include "sim/image_run.h"
#include "sim/loss_report.h"
#include "sim/machine_layout.h"
#include "sim/parity_options.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kStepInstructions = 20'000'000;
// CPU seconds without an event after which the supervisor ends the simulator: its own watch on the
// kernel comes first.
constexpr unsigned kStuckSeconds = 15;

class Collector final : public EventObserver {
public:
    explicit Collector(std::vector<TraceRecord>& records) : records_(records) {}
    void saw(TraceRecord const& record) override { records_.push_back(record); }
    void saw_depth(u32 /*what*/, u64 /*bytes*/) override {}

private:
    std::vector<TraceRecord>& records_;
};

[[noreturn]] void fail_in_simulator(Outcome const& outcome)
{
    fmt::print(stderr, "{}", outcome.report);
    throw std::runtime_error(fmt::format("in the simulator: {}", outcome.summary));
}

SideRun simulate(ImageRequest const& image, BlackBox& box)
{
    SideRun run;
    run.name = "simulator";
    MemoryConsole console(image.input);
    Collector collector(run.records);
    SimulationOptions options;
    options.machine.memory_bytes = image.memory_bytes;
    options.machine.stack_mode = image.stack_mode;
    options.machine.command_line = image_command_line(image);
    options.machine.costs = &event_clock_costs();
    options.program = image.program;
    Simulation simulation(std::move(options), console, image.initramfs);
    simulation.machine().log().collect_in(box.ring);
    simulation.machine().set_observer(&collector);
    u64 const began = host_monotonic_ns();
    while (!simulation.step({kStepInstructions, ~u64{0}})) {
        if (host_monotonic_ns() - began < image.time_limit_ns) continue;
        throw std::runtime_error("the simulator did not come to its end in time (--time-limit)");
    }
    simulation.conclude();
    if (simulation.outcome().kind != OutcomeKind::Exited) fail_in_simulator(simulation.outcome());
    run.output = console.output();
    run.errors = console.errors();
    run.status = simulation.outcome().exit_status;
    return run;
}

SideRun boot(ImageRequest const& image)
{
    try {
        return run_image(image);
    } catch (ImageFailure const& failure) {
        fmt::print(stderr, "{}", failure.report());
        throw;
    }
}

int compare(ParityRequest const& request, BlackBox& box)
{
    ImageRequest image;
    // Says what is missing before the simulator has run.
    image.image = find_image(request.image, request.kernel);
    RootArchive const root = build_root_archive(request.root, request.imports);
    image.initramfs = {root.bytes.data(), root.bytes.size()};
    image.program.path = request.command[0];
    image.program.arguments = request.command;
    image.program.environment = guest_environment(request.environment, false);
    image.memory_bytes = memory_for_tree(request.memory_bytes, root.bytes.size());
    if (image.memory_bytes > kMaximumParityMemory) {
        throw UsageError(fmt::format("--root {}: too large to compare both sides", request.root));
    }
    image.ring_bytes = request.ring_bytes;
    image.time_limit_ns = request.time_limit_ns;
    image.stack_mode = request.stack_mode;
    InputKind const kind = standard_input_kind();
    if (kind == InputKind::File || kind == InputKind::Stream) {
        std::vector<std::byte> const bytes = read_standard_input();
        image.input.assign(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    }
    SideRun const simulated = simulate(image, box);
    SideRun const booted = boot(image);

    std::string const differences = describe_differences(simulated, booted, request.context);
    if (!differences.empty()) {
        fmt::print("drydock: parity: {}", differences);
        return 1;
    }
    if (!request.is_quiet) fmt::print("drydock: parity: equal: {}\n", summarize(simulated));
    return 0;
}

}  // namespace

int compare_sides(ParityRequest const& request)
{
    return run_supervised(
        {kStuckSeconds},
        [&request](BlackBox& box) { return compare(request, box); },
        [](BlackBox const& box, Loss const& loss) -> int {
            fail_in_simulator(describe_loss(box, loss));
        });
}

}  // namespace drydock::sim
