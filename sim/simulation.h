#pragma once

// One simulated machine with one kernel: built, run in steps or to its end, and looked at. Several
// may live in one process, each in its own slot; they run in turns.

#include "sim/console.h"
#include "sim/machine.h"
#include "sim/outcome.h"
#include "sim/program.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace drydock::sim {

struct Recipe;

struct SimulationOptions {
    MachineOptions machine{};
    Program program{};
    // Where the records of the run go; empty: nowhere.
    std::string trace_path{};
    // CPU seconds of the host that the kernel may take between two events.
    unsigned kernel_loop_seconds = 10;
};

// Code that runs as the kernel's, for tests: on the boot stack, in place of Kernel::boot().
using KernelProbe = void (*)(Platform& platform, void* argument);

class Simulation {
public:
    // Throws std::runtime_error with a reason for people.
    Simulation(SimulationOptions options, Console& console, ConstBytes initramfs);
    ~Simulation();
    Simulation(Simulation const&) = delete;
    Simulation& operator=(Simulation const&) = delete;

    // Runs the probe in place of a kernel. Before the first step.
    void set_probe(KernelProbe probe, void* argument);

    // What the trace file says of the run, but for its end: asked for when the run is over. Without
    // it the file says what the options tell (sim/recipe_run.h).
    void set_trace_recipe(std::function<Recipe()> make) { make_recipe_ = std::move(make); }

    // Runs until the limits are reached or the run is over; true when it is over.
    bool step(StepLimits limits);
    // Runs to the end, then the oracles of the quiet point.
    Outcome const& run();
    // After the last step: audits frames and references, ends the trace. Once.
    void conclude();

    Outcome const& outcome() { return machine_->outcome(); }
    RunFigures const& figures() const { return figures_; }
    Machine& machine() { return *machine_; }
    unsigned kernel_loop_seconds() const { return options_.kernel_loop_seconds; }

    // Of a run that was stopped: time, threads and what they wait for, the kernel's call chain
    // where it is inside a call through the door, the last events. The run cannot go on afterwards.
    std::string describe_state();

    // Runs `work` with the kernel stopped, protected from its crashes; false if it crashed.
    bool run_service(std::function<void()> work);

    // What the signal handlers leave for report_crash().
    struct Crash {
        int signal = 0;
        bool is_loop = false;
        u64 address = 0;
        u64 rip = 0, rsp = 0, rbp = 0;
        u64 registers[16] = {};  // In the order of Gpr.
    };
    Crash& crash() { return crash_; }
    bool is_reporting() const { return is_reporting_; }
    // On the report stack: turns the crash into the outcome and leaves.
    [[noreturn]] void report_crash();
    [[noreturn]] void report_assertion(char const* expression,
                                       char const* file,
                                       unsigned line,
                                       u64 rbp);

private:
    static void boot(void* argument);
    static void boot_on_kernel_stack(void* argument);
    void enter();
    void conclude_oracles();
    void describe_crash();
    void describe_assertion(char const* expression, char const* file, unsigned line, u64 rbp);
    void audit();
    void close_trace();
    std::string describe_all_threads();
    std::string describe_place(u64 rip, u64 rsp, u64 rbp);
    std::string describe_recent_events();

    SimulationOptions options_;
    std::unique_ptr<Machine> machine_;
    std::function<Recipe()> make_recipe_{};
    std::vector<char> strings_;  // argv and envp, zero-terminated.
    KernelProbe probe_ = nullptr;
    void* probe_argument_ = nullptr;
    RunFigures figures_{};
    Crash crash_{};
    bool is_started_ = false;
    bool is_reporting_ = false;
    bool is_concluded_ = false;
    std::function<void()> service_{};
    bool service_done_ = false;
};

}  // namespace drydock::sim
