#pragma once

// Whom files tell by a signal: the commands of fcntl(2) and ioctl(2).

#include "core/syscall/syscall.h"

namespace drydock {

// F_SETOWN, SIOCSPGRP: a process, or a group if negative; 0: nobody. Errno::Inval, Srch, NoMem.
Result<void> set_file_owner(Call& call, File& file, i32 owner);
// F_GETOWN, SIOCGPGRP: 0 where there is none any more.
i32 file_owner(Call& call, File const& file);
// F_SETOWN_EX, F_GETOWN_EX, F_SETSIG, F_GETSIG.
Result<i64> set_file_owner_by_kind(Call& call, File& file);
Result<i64> report_file_owner(Call& call, File const& file);
Result<i64> set_file_signal(Call& call, File& file);
// O_ASYNC on or off, by the call's descriptor, for a file that can. Errno::NoMem.
Result<void> set_signals(Call& call, File& file, bool is_on);

}  // namespace drydock
