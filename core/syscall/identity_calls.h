#pragma once

// Calls about users, groups and the machine itself.

#include "core/syscall/syscall.h"

namespace drydock {

Result<i64> sys_getuid(Call& call);
Result<i64> sys_geteuid(Call& call);
Result<i64> sys_getgid(Call& call);
Result<i64> sys_getegid(Call& call);
Result<i64> sys_setuid(Call& call);
Result<i64> sys_setgid(Call& call);
Result<i64> sys_setreuid(Call& call);
Result<i64> sys_setregid(Call& call);
Result<i64> sys_setresuid(Call& call);
Result<i64> sys_getresuid(Call& call);
Result<i64> sys_setresgid(Call& call);
Result<i64> sys_getresgid(Call& call);
Result<i64> sys_setfsuid(Call& call);
Result<i64> sys_setfsgid(Call& call);
Result<i64> sys_getgroups(Call& call);
Result<i64> sys_setgroups(Call& call);
Result<i64> sys_capget(Call& call);
Result<i64> sys_capset(Call& call);
Result<i64> sys_uname(Call& call);
Result<i64> sys_sethostname(Call& call);
Result<i64> sys_setdomainname(Call& call);
Result<i64> sys_sysinfo(Call& call);
Result<i64> sys_getrandom(Call& call);
Result<i64> sys_syslog(Call& call);
Result<i64> sys_reboot(Call& call);
Result<i64> sys_getcpu(Call& call);
Result<i64> sys_membarrier(Call& call);
Result<i64> sys_rseq(Call& call);

}  // namespace drydock
