#pragma once

// execve(2): everything is reserved before the old program is touched; a failure leaves the caller
// as it was.

#include "core/process/user_thread.h"

namespace drydock {

// Argument and environment strings, zero-terminated one after the other, in kernel memory.
struct ExecStrings {
    Buffer storage{};  // Capacity; grows by steps up to the limit (Linux: RLIMIT_STACK / 4).
    usize used = 0;
    u32 argument_count = 0;
    u32 environment_count = 0;
};

// Strings of one program: at most a quarter of the stack and this much; one string at most 128 KiB
// (execve(2), "Limits on size of arguments and environment").
inline constexpr u64 kStringsMaximum = 3 * kMiB;
inline constexpr u64 kStringMaximum = 128 * kKiB;

// What the strings and their pointers may take, for this stack limit.
u64 strings_limit(u64 stack_limit);
// Adds one string at the end; the caller counts it. Errno::TooBig, NoMem.
Result<void> append_string(Heap& heap, ExecStrings& strings, StringView text, u64 limit);
// Replaces argv[0] by an interpreter's vector: interpreter, argument if any, script.
Result<ExecStrings> with_interpreter(Heap& heap,
                                     ExecStrings const& strings,
                                     StringView interpreter,
                                     StringView argument,
                                     StringView script,
                                     u64 limit);

// Copies argv and envp from user memory. Errno::Fault, TooBig, NoMem.
Result<ExecStrings> collect_strings(UserThread& thread, UserAddr argv, UserAddr envp);

// Replaces the program of the calling thread's process. On success the thread's registers are those
// of the new program's entry. Errors as execve(2).
Result<void> execute(UserThread& thread, StringView path, ExecStrings strings);

// execveat(2): from a directory, or with an empty path the file itself.
struct ExecTarget {
    StringView path{};
    Path base{};              // Empty: the working directory.
    StringView shown_path{};  // AT_EXECFN, and what a script is told of itself.
    bool follow_last = true;
    bool is_out_of_reach = false;  // Its descriptor is closed by exec: no script can be read there.
    bool is_base_itself = false;   // Without a path: what `base` is (AT_EMPTY_PATH).
};
// Only whether there is such a file and it may be executed.
Result<void> check_target(UserThread& thread, ExecTarget const& target);
Result<void> execute_target(UserThread& thread, ExecTarget const& target, ExecStrings strings);

}  // namespace drydock
