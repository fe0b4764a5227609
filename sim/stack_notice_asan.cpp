// AddressSanitizer keeps shadow bytes for stack memory and must know which stack is running.

#include "sim/host/running.h"
#include "sim/stack_notice.h"

#include <dlfcn.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

// Called before functions that do not return, to clean the shadow of the frames that are left.
// Inside a simulation those are kernel frames, whose stack is forgotten as a whole later.
#if defined(DRYDOCK_CORE_SANITIZED)
// The linker's --wrap.
extern "C" void __real___asan_handle_no_return();
extern "C" void __wrap___asan_handle_no_return()
{
    if (drydock::sim::running_simulation() == nullptr) __real___asan_handle_no_return();
}
#else
extern "C" void __asan_handle_no_return()
{
    if (drydock::sim::running_simulation() != nullptr) return;
    using Handler = void (*)();
    auto const original = reinterpret_cast<Handler>(dlsym(RTLD_NEXT, "__asan_handle_no_return"));
    if (original != nullptr) original();
}
#endif

namespace drydock::sim {

void leaving_for_stack(void** saved, void const* bottom, u64 size)
{
    __sanitizer_start_switch_fiber(saved, bottom, size);
}

void arrived_on_stack(void* saved, void const** previous_bottom, u64* previous_size)
{
    usize size = 0;
    __sanitizer_finish_switch_fiber(saved, previous_bottom, &size);
    *previous_size = size;
}

void forget_stack(u64 from, u64 to)
{
    __asan_unpoison_memory_region(reinterpret_cast<void*>(from), to - from);
}

}  // namespace drydock::sim
