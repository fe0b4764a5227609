#pragma once

// Calls about signals: signal(7).

#include "core/syscall/syscall.h"

namespace drydock {

Result<i64> sys_rt_sigaction(Call& call);
Result<i64> sys_rt_sigprocmask(Call& call);
Result<i64> sys_rt_sigpending(Call& call);
Result<i64> sys_rt_sigsuspend(Call& call);
Result<i64> sys_rt_sigtimedwait(Call& call);
Result<i64> sys_rt_sigqueueinfo(Call& call);
Result<i64> sys_rt_tgsigqueueinfo(Call& call);
Result<i64> sys_rt_sigreturn(Call& call);
Result<i64> sys_sigaltstack(Call& call);
Result<i64> sys_kill(Call& call);
Result<i64> sys_tkill(Call& call);
Result<i64> sys_tgkill(Call& call);
Result<i64> sys_pause(Call& call);
Result<i64> sys_alarm(Call& call);
Result<i64> sys_setitimer(Call& call);
Result<i64> sys_getitimer(Call& call);
Result<i64> sys_restart_syscall(Call& call);

}  // namespace drydock
