// AddressSanitizer keeps shadow bytes for stack memory and must know which stack is running.

#include "sim/stack_notice.h"

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

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
    ASAN_UNPOISON_MEMORY_REGION(reinterpret_cast<void*>(from), to - from);
}

}  // namespace drydock::sim
