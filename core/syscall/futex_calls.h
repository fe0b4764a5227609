#pragma once

// futex(2).

#include "core/syscall/syscall.h"

namespace drydock {

Result<i64> sys_futex(Call& call);

}  // namespace drydock
