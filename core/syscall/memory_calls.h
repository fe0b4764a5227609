#pragma once

// System calls on memory: mmap(2), brk(2) and their kin.

#include "core/syscall/syscall.h"

namespace drydock {

Result<i64> sys_mmap(Call& call);
Result<i64> sys_munmap(Call& call);
Result<i64> sys_mprotect(Call& call);
Result<i64> sys_brk(Call& call);
Result<i64> sys_mremap(Call& call);
Result<i64> sys_madvise(Call& call);
Result<i64> sys_mincore(Call& call);
Result<i64> sys_msync(Call& call);
Result<i64> sys_mlock(Call& call);
Result<i64> sys_mlock2(Call& call);
Result<i64> sys_munlock(Call& call);
Result<i64> sys_mlockall(Call& call);
Result<i64> sys_munlockall(Call& call);

}  // namespace drydock
