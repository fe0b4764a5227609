#pragma once

// Path arguments of system calls: the text from user memory, and where it starts from.

#include "core/abi/stat.h"
#include "core/syscall/syscall.h"

namespace drydock {

// A string from user memory, kept on the heap.
class PathArgument {
public:
    // Errno::Fault, NameTooLong, NoMem.
    static Result<PathArgument> read(Call& call, UserAddr address);
    StringView text() const { return storage_.text().first(size_); }
    bool is_empty() const { return size_ == 0; }

private:
    Buffer storage_{};
    usize size_ = 0;
};

// How the calling process looks up a path that starts at directory descriptor `directory`.
// Errno::BadF, NotDir; not asked for absolute paths.
Result<Resolver> resolver_for(Call& call, i32 directory, StringView text);

// The file that the *at() calls mean. `flags`: kAtSymlinkNoFollow, kAtEmptyPath. Errors as stat(2).
Result<Path> locate(Call& call, i32 directory, UserAddr address, u32 flags);
Result<Path> locate_with(
    Call& call, i32 directory, UserAddr address, u32 flags, Credentials const& credentials);

// The same for a path that has been read.
Result<Path> locate_text(
    Call& call, i32 directory, StringView text, u32 flags, Credentials const& credentials);

// The place of the file that a descriptor is open on. Errno::BadF, also for O_PATH.
Result<Path> place_of_descriptor(Call& call, u32 descriptor);

}  // namespace drydock
