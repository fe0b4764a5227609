#pragma once

// Files that share their blocks with another one (ioctl_ficlone(2)), which no file system here can.

#include "core/syscall/syscall.h"

namespace drydock {

inline constexpr u32 kFiClone = 0x40049409, kFiCloneRange = 0x4020940d;

// FICLONE and FICLONERANGE on `target`: the errors in Linux's order, at best Errno::OpNotSupp.
Result<i64> clone_file(Call& call, u32 command, File& target);

}  // namespace drydock
