#include "core/trap/exceptions.h"

#include "core/process/process_table.h"

namespace drydock {

namespace {

// Intel SDM vol. 3, table 6-1.
enum class Vector : u8 {
    DivideError = 0,
    Debug = 1,
    Breakpoint = 3,
    Overflow = 4,
    BoundRange = 5,
    InvalidOpcode = 6,
    StackFault = 12,
    GeneralProtection = 13,
    X87 = 16,
    AlignmentCheck = 17,
    Simd = 19,
};

// The six exception bits, in the status word and in MXCSR alike (Intel SDM vol.
// 1, 8.1.3.3, 10.2.3).
constexpr u32 kInvalid = 1, kDenormal = 2, kZeroDivide = 4, kOverflow = 8, kUnderflow = 16;
constexpr u32 kPrecision = 32;

// As fpu__exception_code: the first unmasked exception, in this order.
i32 floating_point_code(u32 unmasked)
{
    if ((unmasked & kInvalid) != 0) return kFpeFltinv;
    if ((unmasked & kZeroDivide) != 0) return kFpeFltdiv;
    if ((unmasked & kOverflow) != 0) return kFpeFltovf;
    if ((unmasked & (kDenormal | kUnderflow)) != 0) return kFpeFltund;
    if ((unmasked & kPrecision) != 0) return kFpeFltres;
    return 0;
}

}  // namespace

SignalInfo signal_for_exception(UserContext const& context, Trap const& trap)
{
    u32 const x87 = u32{context.fx.fsw} & ~u32{context.fx.fcw};
    u32 const simd = context.fx.mxcsr & ~(context.fx.mxcsr >> 7);
    if (trap.vector == static_cast<u8>(Vector::DivideError)) {
        return SignalInfo::from_fault(Signal::Fpe, kFpeIntdiv, context.rip);
    }
    if (trap.vector == static_cast<u8>(Vector::Debug)) {
        // If not it was INT1 (arch/x86/kernel/traps.c, get_si_code()).
        bool const is_step = (trap.address & kDebugStep) != 0;
        return SignalInfo::from_fault(
            Signal::Trap, is_step ? kTrapTrace : kTrapBreakpoint, context.rip);
    }
    if (trap.vector == static_cast<u8>(Vector::Breakpoint)) {
        return SignalInfo::from_kernel(Signal::Trap);
    }
    if (trap.vector == static_cast<u8>(Vector::InvalidOpcode)) {
        return SignalInfo::from_fault(Signal::Ill, kIllIllopn, context.rip);
    }
    if (trap.vector == static_cast<u8>(Vector::StackFault))
        return SignalInfo::from_kernel(Signal::Bus);
    if (trap.vector == static_cast<u8>(Vector::X87)) {
        return SignalInfo::from_fault(Signal::Fpe, floating_point_code(x87), context.rip);
    }
    if (trap.vector == static_cast<u8>(Vector::Simd)) {
        return SignalInfo::from_fault(Signal::Fpe, floating_point_code(simd), context.rip);
    }
    if (trap.vector == static_cast<u8>(Vector::AlignmentCheck)) {
        return SignalInfo::from_fault(Signal::Bus, kBusAdraln, 0);
    }
    // General protection, overflow, and what user code cannot cause otherwise.
    return SignalInfo::from_kernel(Signal::Segv);
}

void handle_exception(UserThread& thread, Trap const& trap)
{
    thread.fault_vector = trap.vector;
    thread.fault_error_code = trap.error_code;
    thread.fault_address = 0;
    SignalInfo const info = signal_for_exception(thread.context(), trap);
    thread.system().processes.force_signal(thread, info);
}

}  // namespace drydock
