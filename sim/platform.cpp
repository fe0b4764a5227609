// Platform's members, as the assembly of platform_thunk.S calls them: on the platform stack, with
// the state in place of the Platform. Nothing may be thrown through that assembly.

#include "sim/machine.h"

#include <string>

namespace drydock::sim {

namespace {

// Runs one call; what a library throws ends the run with its message.
template <typename Function>
auto guarded(PlatformState* state, Function function)
{
    Machine& machine = *state->machine;
    try {
        return function(machine);
    } catch (RunOver const&) {
        // Leaves below, when the exception is gone.
    } catch (std::exception const& error) {
        machine.set_outcome(OutcomeKind::SimulatorFailed, kOracleStatus, error.what(), {});
    }
    machine.leave_for_good();
}

}  // namespace

}  // namespace drydock::sim

using drydock::sim::guarded;
using drydock::sim::Machine;
using drydock::sim::PlatformState;
using namespace drydock;  // NOLINT(google-build-using-namespace): the seam's own names.

// C linkage for plain names only: the assembly knows that these types return in registers.
#if defined(__clang__)
#    pragma clang diagnostic ignored "-Wreturn-type-c-linkage"
#endif

extern "C" {

Trap drydock_sim_run_user(PlatformState* state, UserContext& context, PhysAddr root)
{
    return guarded(state, [&](Machine& machine) {
        Ticks const entered = machine.now();
        Trap const trap = machine.run_user(context, root);
        machine.add_user_time(machine.now() - entered);
        return trap;
    });
}

bool drydock_sim_idle(PlatformState* state)
{
    return guarded(state, [](Machine& machine) { return machine.idle(); });
}

bool drydock_sim_prepare_stack(
    PlatformState* state, KernelStack& stack, PhysAddr frames, void (*entry)(void*), void* argument)
{
    return guarded(state, [&](Machine& machine) {
        return machine.prepare_stack(stack, frames, entry, argument);
    });
}

void drydock_sim_release_stack(PlatformState* state, KernelStack& stack)
{
    guarded(state, [&](Machine& machine) { machine.release_stack(stack); });
}

void drydock_sim_flush_page(PlatformState* state, u64 cpu_mask, UserAddr page)
{
    guarded(state, [&](Machine& machine) { machine.flush_page(cpu_mask, page); });
}

void drydock_sim_flush_all(PlatformState* state, u64 cpu_mask)
{
    guarded(state, [&](Machine& machine) { machine.flush_all(cpu_mask); });
}

MemoryLayout const* drydock_sim_memory_layout(PlatformState* state)
{
    return &state->machine->memory_layout();
}

Ticks drydock_sim_now(PlatformState* state) { return state->machine->now(); }

ClockTimes drydock_sim_times(PlatformState* state) { return state->machine->times(); }

void drydock_sim_set_timer(PlatformState* state, Ticks deadline)
{
    state->machine->set_timer(deadline);
}

u32 drydock_sim_choose(PlatformState* state, Choice site, u32 count)
{
    return guarded(state, [&](Machine& machine) { return machine.choose(site, count); });
}

void drydock_sim_fill_entropy(PlatformState* state, std::byte* data, usize size)
{
    state->machine->fill_entropy({data, size});
}

ConsoleMode drydock_sim_console_mode(PlatformState* state)
{
    return state->machine->console_mode();
}

ConsoleRead drydock_sim_console_input(PlatformState* state, std::byte* data, usize size)
{
    return guarded(state, [&](Machine& machine) { return machine.console_input({data, size}); });
}

bool drydock_sim_console_output(PlatformState* state,
                                ConsoleStream stream,
                                std::byte const* data,
                                usize size)
{
    return guarded(state, [&](Machine& machine) {
        return machine.console_output(stream, {data, size});
    });
}

void drydock_sim_record(PlatformState* state, Event const& event)
{
    guarded(state, [&](Machine& machine) { machine.record(event); });
}

void drydock_sim_halt(PlatformState* state, int status)
{
    guarded(state, [&](Machine& machine) { machine.halt(status); });
}

void drydock_sim_fail(PlatformState* state, char const* reason, usize size)
{
    guarded(state, [&](Machine& machine) { machine.fail(std::string(reason, size)); });
}

}  // extern "C"
