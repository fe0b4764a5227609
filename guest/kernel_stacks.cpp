#include "guest/kernel_stacks.h"

#include "guest/layout.h"

extern "C" void drydock_guest_thread_start();

namespace drydock::guest {

bool KernelStacks::place(KernelStack& stack, PhysAddr frames)
{
    if (mode_ == StackMode::Unguarded) {
        stack.base = kDirectMapBase + frames.value;
        return true;
    }
    u64 number = used_places_;
    if (free_count_ > 0) number = free_places_[free_count_ - 1];
    if (number == kMaximumStacks) return false;
    u64 const base = kGuardedStacksBase + number * kStride + kGap;
    if (!paging_.map_stack(base, frames)) return false;
    if (free_count_ > 0) {
        --free_count_;
    } else {
        ++used_places_;
    }
    stack.base = base;
    stack.private_data = number;
    return true;
}

bool KernelStacks::prepare(KernelStack& stack,
                           PhysAddr frames,
                           void (*entry)(void*),
                           void* argument)
{
    if (!place(stack, frames)) return false;
    stack.frames = frames;
    // As switch_stack() leaves it: r15 r14 r13 r12 rbx rbp, the return address; then 8 bytes so
    // that the entry is called with the stack aligned.
    u64* top = reinterpret_cast<u64*>(stack.base + kKernelStackSize);
    *--top = 0;
    *--top = 0;
    *--top = reinterpret_cast<u64>(&drydock_guest_thread_start);
    *--top = 0;                                // rbp
    *--top = reinterpret_cast<u64>(entry);     // rbx
    *--top = reinterpret_cast<u64>(argument);  // r12
    *--top = 0;                                // r13
    *--top = 0;                                // r14
    *--top = 0;                                // r15
    stack.stack_pointer = top;
    return true;
}

void KernelStacks::release(KernelStack& stack)
{
    if (mode_ == StackMode::Guarded) {
        paging_.unmap_stack(stack.base);
        ASSERT(free_count_ < kMaximumStacks);
        free_places_[free_count_] = static_cast<u16>(stack.private_data);
        ++free_count_;
    }
    stack = KernelStack{};
}

}  // namespace drydock::guest
