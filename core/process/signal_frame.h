#pragma once

// The stack frame of a signal handler on x86-64, byte for byte as Linux builds it
// (arch/x86/include/uapi/asm/sigcontext.h, asm/sigframe.h), for a CPU with FXSAVE and without
// XSAVE.
//
//   higher   | interrupted stack, 128 bytes of red zone |
//            | FxState, 512 bytes, 64-aligned           |
//   rsp ->   | SignalFrame; rsp + 8 is 16-aligned       |

#include "core/process/user_thread.h"

namespace drydock {

// struct sigcontext.
struct SignalContext {
    u64 r8 = 0, r9 = 0, r10 = 0, r11 = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0;
    u64 rdi = 0, rsi = 0, rbp = 0, rbx = 0, rdx = 0, rax = 0, rcx = 0, rsp = 0, rip = 0;
    u64 rflags = 0;
    u16 cs = 0, gs = 0, fs = 0, ss = 0;
    u64 error_code = 0, trap_number = 0, old_mask = 0, fault_address = 0;
    u64 fp_state = 0;
    u64 reserved[8] = {};
};
static_assert(sizeof(SignalContext) == 256);

// stack_t.
struct AlternateStack {
    u64 base = 0;
    i32 flags = 0;
    u32 padding = 0;
    u64 size = 0;
};
static_assert(sizeof(AlternateStack) == 24);

// struct ucontext.
struct SignalUserContext {
    u64 flags = 0;
    u64 link = 0;
    AlternateStack stack{};
    SignalContext machine{};
    u64 mask = 0;
};
static_assert(sizeof(SignalUserContext) == 304);

// struct rt_sigframe.
struct SignalFrame {
    u64 return_address = 0;
    SignalUserContext context{};
    SignalInfo info{};
};
static_assert(sizeof(SignalFrame) == 440);

inline constexpr i32 kStackOn = 1, kStackDisabled = 2;
inline constexpr u32 kStackAutoDisarm = 1u << 31;

// Where a frame goes for this thread and action.
struct FramePlace {
    UserAddr frame{};
    UserAddr fp_state{};
    bool fits = true;  // False: it would overflow the alternate stack.
};
FramePlace place_frame(UserThread& thread, SignalAction const& action);

// Writes the frame and points the registers at the handler. `saved_mask` is what the handler's
// return restores. Errno::Fault: nothing has changed but the stack.
Result<void> enter_handler(UserThread& thread,
                           SignalAction const& action,
                           SignalInfo const& info,
                           SignalSet saved_mask);

// rt_sigreturn(2): the registers and mask from the frame that rsp points behind. Errno::Fault if it
// is no frame.
Result<void> leave_handler(UserThread& thread);

// sigaltstack(2): what the thread has now.
AlternateStack current_alternate_stack(UserThread& thread);
bool is_on_alternate_stack(UserThread& thread, u64 stack_pointer);
// Errno::Inval, NoMem, Perm.
Result<void> set_alternate_stack(UserThread& thread, AlternateStack const& stack);

}  // namespace drydock
