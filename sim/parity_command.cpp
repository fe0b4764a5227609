// `drydock parity`: one program on both sides of the seam.

#include "sim/command_line.h"
#include "sim/cost_table.h"
#include "sim/host/host_usage.h"
#include "sim/host/machine_process.h"
#include "sim/host/supervisor.h"
#include "sim/image_inputs.h"
#include "sim/image_run.h"
#include "sim/loss_report.h"
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

SideRun simulate(ParityRequest const& request,
                 Program const& program,
                 ConstBytes initramfs,
                 std::string const& input,
                 BlackBox& box)
{
    SideRun run;
    run.name = "simulator";
    MemoryConsole console(input);
    Collector collector(run.records);
    SimulationOptions options;
    options.machine.memory_bytes = request.memory_bytes;
    options.machine.stack_mode = request.stack_mode;
    options.machine.costs = &event_clock_costs();
    options.program = program;
    Simulation simulation(std::move(options), console, initramfs);
    simulation.machine().log().collect_in(box.ring);
    simulation.machine().set_observer(&collector);
    u64 const began = host_monotonic_ns();
    while (!simulation.step({kStepInstructions, ~u64{0}})) {
        if (host_monotonic_ns() - began < request.time_limit_ns) continue;
        throw std::runtime_error("the simulator did not come to its end in time (--time-limit)");
    }
    simulation.conclude();
    if (simulation.outcome().kind != OutcomeKind::Exited) fail_in_simulator(simulation.outcome());
    run.output = console.output();
    run.errors = console.errors();
    run.status = simulation.outcome().exit_status;
    return run;
}

SideRun boot(ParityRequest const& request,
             Program const& program,
             ConstBytes initramfs,
             std::string const& input)
{
    ImageRequest image;
    image.image = find_image(request.image, request.kernel);
    image.program = program;
    image.memory_bytes = request.memory_bytes;
    image.ring_bytes = request.ring_bytes;
    image.time_limit_ns = request.time_limit_ns;
    image.stack_mode = request.stack_mode;
    image.initramfs = initramfs;
    image.input = input;
    try {
        return run_image(image);
    } catch (ImageFailure const& failure) {
        fmt::print(stderr, "{}", failure.report());
        throw;
    }
}

int compare(ParityRequest const& request, BlackBox& box)
{
    find_image(request.image,
               request.kernel);  // Says what is missing before the simulator has run.
    RootArchive const root = build_root_archive(request.root, request.imports);
    ConstBytes const initramfs{root.bytes.data(), root.bytes.size()};
    Program program;
    program.path = request.command[0];
    program.arguments = request.command;
    program.environment = guest_environment(request.environment, false);
    std::string input;
    InputKind const kind = standard_input_kind();
    if (kind == InputKind::File || kind == InputKind::Stream) {
        std::vector<std::byte> const bytes = read_standard_input();
        input.assign(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    }
    SideRun const simulated = simulate(request, program, initramfs, input, box);
    SideRun const booted = boot(request, program, initramfs, input);

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
