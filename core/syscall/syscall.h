#pragma once

// The system call interface: number to handler, and the one place where errors become negative
// numbers.

#include "core/process/process_table.h"

namespace drydock {

// One call being executed: who makes it and its six arguments, which are where the user has put
// them (syscall(2): rdi rsi rdx r10 r8 r9) until the call changes them itself (execve, sigreturn).
struct Call {
    static constexpr Gpr kArguments[6] = {Gpr::Rdi, Gpr::Rsi, Gpr::Rdx, Gpr::R10, Gpr::R8, Gpr::R9};

    UserThread& thread;
    u64 number = 0;

    System& system() const { return thread.system(); }
    Process& process() const { return thread.process(); }
    AddressSpace& space() const { return thread.space(); }
    u64 operator[](usize index) const { return thread.context().reg(kArguments[index]); }
    UserAddr address(usize index) const { return {(*this)[index]}; }
    u32 word(usize index) const { return static_cast<u32>((*this)[index]); }
    i32 integer(usize index) const { return static_cast<i32>((*this)[index]); }
};

// What a call with a timeout returns: when a signal has interrupted it and no handler runs, it goes
// on by `go_on` and still ends at `deadline` (restart_syscall(2)). Other results stay as they are.
Result<i64> restartable(Call& call, Result<i64> result, RestartBlock::GoOn go_on, Ticks deadline);

using Handler = Result<i64> (*)(Call& call);

inline constexpr usize kSyscallTableSize = 512;

// Null where the kernel has no such call.
Handler find_handler(u64 number);
// "openat", or null for a number that x86-64 Linux does not have.
char const* syscall_name(u64 number);

// Executes the call that the thread trapped with; the result goes to rax.
void dispatch_syscall(UserThread& thread, System& system);

}  // namespace drydock
