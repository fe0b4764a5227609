#pragma once

// memfd_create(2): a file in memory that no directory names. It goes with its last user.

#include "core/vfs/vfs.h"

namespace drydock {

// The longest name, without the zero: with its prefix it is as long as any name may be.
inline constexpr usize kMemoryFilePrefix = 6;  // "memfd:"
inline constexpr usize kMemoryFileNameMaximum = kNameMaximum - kMemoryFilePrefix;

struct MemoryFileOptions {
    bool can_be_sealed = false;     // MFD_ALLOW_SEALING
    bool is_never_program = false;  // MFD_NOEXEC_SEAL: not executable for ever; can be sealed.
};

// Open for reading and writing. Errno::NoMem.
Result<Ref<File>> create_memory_file(Vfs& vfs,
                                     StringView name,
                                     MemoryFileOptions options,
                                     Credentials const& credentials);

}  // namespace drydock
