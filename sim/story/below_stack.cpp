#include "sim/story/below_stack.h"

#include "core/kernel/kernel.h"

namespace drydock::sim {

namespace {

constexpr u64 kPipe = 22;
constexpr u64 kPipe2 = 293;

}  // namespace

bool BelowStackWatch::saw(TraceRecord const& record, u64)
{
    bool const is_call = record.kind == static_cast<u32>(EventKind::SyscallEnter) &&
                         (record.a == kPipe || record.a == kPipe2);
    if (!is_call) return false;
    ++calls_.count;
    FrameAllocator const& frames = Kernel::at(machine_.kernel_object()).system().frames;
    u64 const stack =
        machine_.state().current_stack_base - reinterpret_cast<u64>(machine_.memory().base());
    for (usize i = 0; i < PipeCalls::kFrames; ++i) {
        u64 const distance = (i + 1) * kPageSize;
        PhysAddr const frame{stack - distance};
        bool const is_known = distance <= stack && frames.owns(frame);
        calls_.below[i] = is_known ? frames.use(frame) : FrameUse::Free;
    }
    return false;
}

}  // namespace drydock::sim
