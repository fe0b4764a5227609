#pragma once

// Calls about clocks and sleeping: time(7).

#include "core/syscall/syscall.h"

namespace drydock {

Result<i64> sys_time(Call& call);
Result<i64> sys_gettimeofday(Call& call);
Result<i64> sys_settimeofday(Call& call);
Result<i64> sys_clock_gettime(Call& call);
Result<i64> sys_clock_settime(Call& call);
Result<i64> sys_clock_getres(Call& call);
Result<i64> sys_nanosleep(Call& call);
Result<i64> sys_clock_nanosleep(Call& call);
Result<i64> sys_adjtimex(Call& call);
Result<i64> sys_clock_adjtime(Call& call);

}  // namespace drydock
