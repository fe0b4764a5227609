#pragma once

// Calls that make, end and describe processes: clone(2), execve(2), wait(2), credentials(7),
// getrlimit(2), sched(7).

#include "core/syscall/syscall.h"

namespace drydock {

Result<i64> sys_clone(Call& call);
Result<i64> sys_clone3(Call& call);
Result<i64> sys_fork(Call& call);
Result<i64> sys_vfork(Call& call);
Result<i64> sys_execve(Call& call);
Result<i64> sys_execveat(Call& call);
Result<i64> sys_exit(Call& call);
Result<i64> sys_exit_group(Call& call);
Result<i64> sys_wait4(Call& call);
Result<i64> sys_waitid(Call& call);
Result<i64> sys_getpid(Call& call);
Result<i64> sys_getppid(Call& call);
Result<i64> sys_gettid(Call& call);
Result<i64> sys_getpgid(Call& call);
Result<i64> sys_setpgid(Call& call);
Result<i64> sys_getpgrp(Call& call);
Result<i64> sys_getsid(Call& call);
Result<i64> sys_setsid(Call& call);
Result<i64> sys_prctl(Call& call);
Result<i64> sys_arch_prctl(Call& call);
Result<i64> sys_set_tid_address(Call& call);
Result<i64> sys_set_robust_list(Call& call);
Result<i64> sys_get_robust_list(Call& call);
Result<i64> sys_getrusage(Call& call);
Result<i64> sys_times(Call& call);
Result<i64> sys_getrlimit(Call& call);
Result<i64> sys_setrlimit(Call& call);
Result<i64> sys_prlimit64(Call& call);
Result<i64> sys_getpriority(Call& call);
Result<i64> sys_setpriority(Call& call);
Result<i64> sys_sched_yield(Call& call);
Result<i64> sys_sched_getaffinity(Call& call);
Result<i64> sys_sched_setaffinity(Call& call);
Result<i64> sys_sched_setparam(Call& call);
Result<i64> sys_sched_getparam(Call& call);
Result<i64> sys_sched_setscheduler(Call& call);
Result<i64> sys_sched_getscheduler(Call& call);
Result<i64> sys_sched_get_priority_max(Call& call);
Result<i64> sys_sched_get_priority_min(Call& call);
Result<i64> sys_sched_rr_get_interval(Call& call);
Result<i64> sys_personality(Call& call);
Result<i64> sys_ptrace(Call& call);

}  // namespace drydock
