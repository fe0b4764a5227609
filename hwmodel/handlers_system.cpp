// Flags, CPUID, the time-stamp counter, traps, and the way to extension instructions.

#include "hwmodel/features.h"
#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"

namespace drydock::hwmodel {

namespace {

constexpr u8 kAhSlot = 1;

Operation const* change_flags(Operation const* op, X86State* state, Interpreter* cpu)
{
    constexpr u64 kInAh = rflags::kStatus & 0xff;
    switch (static_cast<FlagOperation>(op->extra)) {
    case FlagOperation::Clc: cpu->flags.set_carry(false); break;
    case FlagOperation::Stc: cpu->flags.set_carry(true); break;
    case FlagOperation::Cmc: cpu->flags.set_carry(!cpu->flags.carry()); break;
    case FlagOperation::Cld: cpu->set_direction(false); break;
    case FlagOperation::Std: cpu->set_direction(true); break;
    case FlagOperation::Lahf:
        set<u8>(state, kAhSlot, static_cast<u8>((cpu->flags.pack() & kInAh) | rflags::kReserved1));
        break;
    case FlagOperation::Sahf:
        cpu->flags.unpack((cpu->flags.pack() & ~kInAh) | (get<u8>(state, kAhSlot) & kInAh));
        break;
    }
    return op + 1;
}

Operation const* nop(Operation const* op, X86State* state, Interpreter* cpu)
{
    DRYDOCK_CONTINUE(op + 1);
}

Operation const* identify(Operation const* op, X86State* state, Interpreter*)
{
    CpuidResult const result =
        cpuid(static_cast<u32>(state->reg(Gpr::Rax)), static_cast<u32>(state->reg(Gpr::Rcx)));
    state->reg(Gpr::Rax) = result.eax;
    state->reg(Gpr::Rbx) = result.ebx;
    state->reg(Gpr::Rcx) = result.ecx;
    state->reg(Gpr::Rdx) = result.edx;
    return op + 1;
}

Operation const* read_timestamp(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const now = cpu->timestamp(op);
    state->reg(Gpr::Rax) = static_cast<u32>(now);
    state->reg(Gpr::Rdx) = now >> 32;
    return op + 1;
}

// RCX <- RIP of the next instruction; R11 <- RFLAGS (Intel SDM vol. 2, SYSCALL).
Operation const* system_call(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const next = next_rip(op, state);
    state->reg(Gpr::Rcx) = next;
    state->reg(Gpr::R11) = cpu->packed_flags() & ~rflags::kResume;
    return cpu->stop_after(op, {.reason = CpuExit::Syscall}, next);
}

Operation const* raise(Operation const* op, X86State* state, Interpreter* cpu)
{
    if (op->source == 0) return cpu->raise(op, op->extra, static_cast<u32>(op->immediate));
    return cpu->stop_after(
        op, {.reason = CpuExit::Exception, .vector = op->extra}, next_rip(op, state));
}

Operation const* touch(Operation const* op, X86State* state, Interpreter* cpu)
{
    if (cpu->begin_read(*op, effective_address(op, state), 1) == nullptr) return cpu->fault(op);
    return op + 1;
}

Operation const* extension(Operation const* op, X86State*, Interpreter* cpu)
{
    return cpu->run_extension(op);
}

}  // namespace

Handler flag_handler() { return &change_flags; }
Handler nop_handler() { return &nop; }
Handler cpuid_handler() { return &identify; }
Handler rdtsc_handler() { return &read_timestamp; }
Handler syscall_handler() { return &system_call; }
Handler raise_handler() { return &raise; }
Handler touch_handler() { return &touch; }
Handler extension_handler() { return &extension; }

}  // namespace drydock::hwmodel
