#pragma once

// execve(2): everything is reserved before the old program is touched; a failure leaves the caller as
// it was.

#include "core/process/user_thread.h"

namespace drydock {

// Argument and environment strings, zero-terminated one after the other, in kernel memory.
struct ExecStrings {
    Buffer storage{};          // Capacity; grows by steps up to the limit (Linux: RLIMIT_STACK / 4).
    usize used = 0;
    u32 argument_count = 0;
    u32 environment_count = 0;
};

// Copies argv and envp from user memory. Errno::Fault, TooBig, NoMem.
Result<ExecStrings> collect_strings(UserThread& thread, UserAddr argv, UserAddr envp);

// Replaces the program of the calling thread's process. On success the thread's registers are those of
// the new program's entry. Errors as execve(2).
Result<void> execute(UserThread& thread, StringView path, ExecStrings strings);

}  // namespace drydock
