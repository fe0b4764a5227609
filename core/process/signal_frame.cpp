#include "core/process/signal_frame.h"

#include "core/process/process_table.h"

namespace drydock {

namespace {

constexpr u64 kRedZone = 128;
// UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS (asm/ucontext.h).
constexpr u64 kStrictStack = 4, kContextFlags = 2 | kStrictStack;
constexpr u16 kUserCodeSelector = 0x33, kUserStackSelector = 0x2b;
constexpr u64 kMinimumStack = 2048;
// What a frame may change of rflags (arch/x86/kernel/signal.c, FIX_EFLAGS).
constexpr u64 kRestorableFlags = rflags::kAlignmentCheck | rflags::kOverflow | rflags::kDirection |
                                 rflags::kTrap | rflags::kSign | rflags::kZero | rflags::kAdjust |
                                 rflags::kParity | rflags::kCarry | rflags::kResume;
constexpr u32 kMxcsrMask = 0xffff;
// Intel SDM vol. 3, table 6-1.
constexpr u64 kGeneralProtection = 13;

template <typename T>
ConstBytes bytes_of(T const& value)
{
    return {reinterpret_cast<std::byte const*>(&value), sizeof(T)};
}

void save_registers(UserContext const& from, SignalContext& to)
{
    to.r8 = from.reg(Gpr::R8);
    to.r9 = from.reg(Gpr::R9);
    to.r10 = from.reg(Gpr::R10);
    to.r11 = from.reg(Gpr::R11);
    to.r12 = from.reg(Gpr::R12);
    to.r13 = from.reg(Gpr::R13);
    to.r14 = from.reg(Gpr::R14);
    to.r15 = from.reg(Gpr::R15);
    to.rdi = from.reg(Gpr::Rdi);
    to.rsi = from.reg(Gpr::Rsi);
    to.rbp = from.reg(Gpr::Rbp);
    to.rbx = from.reg(Gpr::Rbx);
    to.rdx = from.reg(Gpr::Rdx);
    to.rax = from.reg(Gpr::Rax);
    to.rcx = from.reg(Gpr::Rcx);
    to.rsp = from.reg(Gpr::Rsp);
    to.rip = from.rip;
    to.rflags = from.rflags;
    to.cs = kUserCodeSelector;
    to.ss = kUserStackSelector;
}

void restore_registers(SignalContext const& from, UserContext& to)
{
    to.reg(Gpr::R8) = from.r8;
    to.reg(Gpr::R9) = from.r9;
    to.reg(Gpr::R10) = from.r10;
    to.reg(Gpr::R11) = from.r11;
    to.reg(Gpr::R12) = from.r12;
    to.reg(Gpr::R13) = from.r13;
    to.reg(Gpr::R14) = from.r14;
    to.reg(Gpr::R15) = from.r15;
    to.reg(Gpr::Rdi) = from.rdi;
    to.reg(Gpr::Rsi) = from.rsi;
    to.reg(Gpr::Rbp) = from.rbp;
    to.reg(Gpr::Rbx) = from.rbx;
    to.reg(Gpr::Rdx) = from.rdx;
    to.reg(Gpr::Rax) = from.rax;
    to.reg(Gpr::Rcx) = from.rcx;
    to.reg(Gpr::Rsp) = from.rsp;
    to.rip = from.rip;
    to.rflags = (to.rflags & ~kRestorableFlags) | (from.rflags & kRestorableFlags);
}

// What IRET does with the frame's code and stack selectors, whose privilege is always the user's
// (arch/x86/kernel/signal_64.c, restore_sigcontext; Intel SDM vol. 2, IRET): those of a program, or
// a protection fault at the place that the frame names.
bool has_usable_selectors(SignalUserContext const& frame, u64& error_code)
{
    constexpr u16 kUserPrivilege = 3;
    u16 const code = frame.machine.cs | kUserPrivilege;
    u16 const stack = frame.machine.ss | kUserPrivilege;
    bool const is_stack_bad = stack != kUserStackSelector && (frame.flags & kStrictStack) != 0;
    if (code == kUserCodeSelector && !is_stack_bad) return true;
    error_code = (code != kUserCodeSelector ? code : stack) & ~u64{kUserPrivilege};
    return false;
}

}  // namespace

bool is_on_alternate_stack(UserThread& thread, u64 stack_pointer)
{
    // A stack that disarms itself is never "in use" (sigaltstack(2)).
    if ((thread.alternate_stack_flags & kStackAutoDisarm) != 0) return false;
    // The stack grows down: its base itself is not in it, its end is
    // (include/linux/sched/signal.h).
    return stack_pointer > thread.alternate_stack.value &&
           stack_pointer - thread.alternate_stack.value <= thread.alternate_stack_size;
}

AlternateStack current_alternate_stack(UserThread& thread)
{
    AlternateStack stack;
    stack.base = thread.alternate_stack.value;
    stack.size = thread.alternate_stack_size;
    u32 state = 0;
    if (thread.alternate_stack_size == 0) {
        state = kStackDisabled;
    } else if (is_on_alternate_stack(thread, thread.context().reg(Gpr::Rsp))) {
        state = kStackOn;
    }
    stack.flags = static_cast<i32>(state | (thread.alternate_stack_flags & kStackAutoDisarm));
    return stack;
}

Result<void> set_alternate_stack(UserThread& thread, AlternateStack const& stack)
{
    if (is_on_alternate_stack(thread, thread.context().reg(Gpr::Rsp))) return Errno::Perm;
    u32 const flags = static_cast<u32>(stack.flags);
    u32 const mode = flags & ~kStackAutoDisarm;
    if (mode != 0 && mode != kStackOn && mode != kStackDisabled) return Errno::Inval;
    if (mode == kStackDisabled) {
        thread.alternate_stack = {};
        thread.alternate_stack_size = 0;
        thread.alternate_stack_flags = flags;
        return {};
    }
    if (stack.size < kMinimumStack) return Errno::NoMem;
    thread.alternate_stack = {stack.base};
    thread.alternate_stack_size = stack.size;
    thread.alternate_stack_flags = flags;
    return {};
}

FramePlace place_frame(UserThread& thread, SignalAction const& action)
{
    FramePlace place;
    u64 stack = thread.context().reg(Gpr::Rsp) - kRedZone;
    bool const was_on_alternate = is_on_alternate_stack(thread, thread.context().reg(Gpr::Rsp));
    bool const enters = (action.flags & action_flags::kOnStack) != 0 && !was_on_alternate &&
                        thread.alternate_stack_size != 0;
    if (enters) stack = thread.alternate_stack.value + thread.alternate_stack_size;
    place.fp_state = {(stack - sizeof(FxState)) & ~u64{63}};
    u64 const bottom = (place.fp_state.value - sizeof(SignalFrame)) & ~u64{15};
    place.frame = {bottom - 8};
    if (was_on_alternate || enters) {
        u64 const base = thread.alternate_stack.value;
        place.fits =
            place.frame.value > base && place.frame.value - base <= thread.alternate_stack_size;
    }
    return place;
}

Result<void> enter_handler(UserThread& thread,
                           SignalAction const& action,
                           SignalInfo const& info,
                           SignalSet saved_mask)
{
    UserContext& context = thread.context();
    FramePlace const place = place_frame(thread, action);
    if (!place.fits) return Errno::Fault;
    // x86-64 has no trampoline of the kernel's own: libc must bring one.
    if ((action.flags & action_flags::kRestorer) == 0) return Errno::Fault;
    SignalFrame frame;
    frame.return_address = action.restorer;
    frame.context.flags = kContextFlags;
    // As it was set, without "in use" (include/linux/signal.h, unsafe_save_altstack).
    frame.context.stack.base = thread.alternate_stack.value;
    frame.context.stack.flags = static_cast<i32>(thread.alternate_stack_flags);
    frame.context.stack.size = thread.alternate_stack_size;
    save_registers(context, frame.context.machine);
    frame.context.machine.fp_state = place.fp_state.value;
    frame.context.machine.old_mask = saved_mask.bits;
    frame.context.machine.error_code = thread.fault_error_code;
    frame.context.machine.trap_number = thread.fault_vector;
    frame.context.machine.fault_address = thread.fault_address;
    frame.context.mask = saved_mask.bits;
    frame.info = info;
    TRY(thread.space().write_bytes(place.fp_state, bytes_of(context.fx)));
    TRY(thread.space().write_bytes(place.frame, bytes_of(frame)));
    u64 const frame_address = place.frame.value;
    context.reg(Gpr::Rdi) = static_cast<u64>(info.number);
    context.reg(Gpr::Rax) = 0;
    context.reg(Gpr::Rsi) = frame_address + offsetof(SignalFrame, info);
    context.reg(Gpr::Rdx) = frame_address + offsetof(SignalFrame, context);
    context.reg(Gpr::Rsp) = frame_address;
    context.rip = action.handler;
    // Handlers start with the floating-point state of a new program (fpu__clear_user_states).
    new (&context.fx) FxState;
    context.rflags &= ~(rflags::kDirection | rflags::kResume | rflags::kTrap);
    if ((thread.alternate_stack_flags & kStackAutoDisarm) != 0) {
        thread.alternate_stack = {};
        thread.alternate_stack_size = 0;
        thread.alternate_stack_flags = kStackDisabled;
    }
    return {};
}

Result<void> leave_handler(UserThread& thread)
{
    UserContext& context = thread.context();
    // The handler's return popped return_address.
    UserAddr const address{context.reg(Gpr::Rsp) - sizeof(u64) + offsetof(SignalFrame, context)};
    SignalUserContext const saved = TRY(thread.space().read<SignalUserContext>(address));
    if (saved.machine.fp_state == 0) {
        new (&context.fx) FxState;
    } else {
        UserAddr const fp_state{saved.machine.fp_state};
        auto const target = Bytes{reinterpret_cast<std::byte*>(&context.fx), sizeof(FxState)};
        // FXRSTOR wants it aligned (Intel SDM vol. 2).
        if (fp_state.value % 16 != 0) return Errno::Fault;
        TRY(thread.space().read_bytes(target, fp_state));
        // A reserved bit in MXCSR would be a general protection fault: the frame is bad.
        if ((context.fx.mxcsr & ~kMxcsrMask) != 0) {
            new (&context.fx) FxState;
            return Errno::Fault;
        }
        context.fx.mxcsr_mask = kMxcsrMask;
    }
    restore_registers(saved.machine, context);
    thread.system().processes.set_blocked(thread, SignalSet{saved.mask});
    // An unusable alternate stack in the frame is not an error (restore_altstack).
    static_cast<void>(set_alternate_stack(thread, saved.stack).is_ok());
    u64 error_code = 0;
    if (!has_usable_selectors(saved, error_code)) {
        thread.fault_vector = kGeneralProtection;
        thread.fault_error_code = error_code;
        thread.system().processes.force_signal(thread, SignalInfo::from_kernel(Signal::Segv));
    }
    return {};
}

}  // namespace drydock
