// Platform's members, as the assembly of platform_thunk.S calls them: on the platform stack, with
// the state in place of the Platform. The assembly of entry.S calls the rest.

#include "guest/machine.h"
#include "guest/report.h"

using drydock::guest::FaultFrame;
using drydock::guest::FaultRegisters;
using drydock::guest::PlatformState;
using namespace drydock;  // NOLINT(google-build-using-namespace): the seam's own names.

// C linkage for plain names only: the assembly knows that these types return in registers.
#if defined(__clang__)
#    pragma clang diagnostic ignored "-Wreturn-type-c-linkage"
#endif

namespace {

// A saved frame pointer of the caller's caller is where a report starts to count.
u64 frame_pointer() { return reinterpret_cast<u64>(__builtin_frame_address(0)); }

guest::Machine* running_machine = nullptr;

}  // namespace

extern "C" {

guest::WayOut drydock_guest_prepare_user(PlatformState* state, UserContext& context, PhysAddr root)
{
    return state->machine->prepare_user(context, root);
}

guest::WayOut drydock_guest_left_user(PlatformState* state, u64 vector, u64 error_code)
{
    return state->machine->left_user(static_cast<u8>(vector), static_cast<u32>(error_code));
}

void drydock_guest_take_selectors(PlatformState* state, UserContext& context)
{
    state->machine->take_selectors(context);
}

bool drydock_guest_idle(PlatformState* state)
{
    running_machine = state->machine;
    return state->machine->idle();
}

bool drydock_guest_prepare_stack(
    PlatformState* state, KernelStack& stack, PhysAddr frames, void (*entry)(void*), void* argument)
{
    return state->machine->prepare_stack(stack, frames, entry, argument);
}

void drydock_guest_release_stack(PlatformState* state, KernelStack& stack)
{
    state->machine->release_stack(stack);
}

void drydock_guest_flush_page(PlatformState* state, u64 cpu_mask, UserAddr page)
{
    state->machine->flush_page(cpu_mask, page);
}

void drydock_guest_flush_all(PlatformState* state, u64 cpu_mask)
{
    state->machine->flush_all(cpu_mask);
}

MemoryLayout const* drydock_guest_memory_layout(PlatformState* state)
{
    return &state->machine->memory_layout();
}

Ticks drydock_guest_now(PlatformState* state) { return state->machine->now(); }

ClockTimes drydock_guest_times(PlatformState* state) { return state->machine->times(); }

void drydock_guest_set_timer(PlatformState* state, Ticks deadline)
{
    state->machine->set_timer(deadline);
}

u32 drydock_guest_choose(PlatformState* state, Choice site, u32 count)
{
    return state->machine->choose(site, count);
}

void drydock_guest_fill_entropy(PlatformState* state, std::byte* data, usize size)
{
    state->machine->fill_entropy({data, size});
}

ConsoleMode drydock_guest_console_mode(PlatformState* state)
{
    return state->machine->console_mode();
}

ConsoleRead drydock_guest_console_input(PlatformState* state, std::byte* data, usize size)
{
    running_machine = state->machine;
    return state->machine->console_input({data, size});
}

bool drydock_guest_console_output(PlatformState* state,
                                  ConsoleStream stream,
                                  std::byte const* data,
                                  usize size)
{
    return state->machine->console_output(stream, {data, size});
}

void drydock_guest_record(PlatformState* state, Event const& event)
{
    state->machine->record(event);
}

void drydock_guest_halt(PlatformState* state, int status) { state->machine->halt(status); }

void drydock_guest_fail(PlatformState* state, char const* reason, usize size)
{
    state->machine->fail({reason, size}, frame_pointer());
}

void drydock_guest_idle_interrupt(u64 vector)
{
    running_machine->take_interrupt(static_cast<u8>(vector));
}

void drydock_guest_kernel_exception(FaultRegisters const& registers, FaultFrame const& frame)
{
    guest::report_exception(registers, frame);
}

void drydock_guest_assertion_failed(char const* expression,
                                    char const* file,
                                    unsigned line,
                                    u64 rbp,
                                    guest::SavedRegisters const& saved)
{
    guest::report_assertion({expression, file, line}, rbp, saved);
}

}  // extern "C"
