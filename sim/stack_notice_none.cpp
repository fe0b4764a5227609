// Builds without a sanitizer have nothing to tell.

#include "sim/stack_notice.h"

namespace drydock::sim {

void leaving_for_stack(void** saved, void const* /*bottom*/, u64 /*size*/) { *saved = nullptr; }

void arrived_on_stack(void* /*saved*/, void const** previous_bottom, u64* previous_size)
{
    *previous_bottom = nullptr;
    *previous_size = 0;
}

void forget_stack(u64 /*from*/, u64 /*to*/) {}

}  // namespace drydock::sim
