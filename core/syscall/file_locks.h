#pragma once

// Advisory locks: fcntl(2) records, open file description records, flock(2). An inode that has been
// locked carries its list of locks; a file or descriptor table that holds some carries a holder,
// whose end gives them up.

#include "core/syscall/call_support.h"

namespace drydock {

// close(2): a process that closes any descriptor of a file loses its record locks on it.
void release_posix_locks(FileTable& files, File& file);

// F_GETLK, F_SETLK, F_SETLKW and the F_OFD_ forms.
Result<i64> control_record_lock(Call& call, Ref<File> const& file, u32 command);

}  // namespace drydock
