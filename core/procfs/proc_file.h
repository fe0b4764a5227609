#pragma once

// An open file of /proc: its text is made when it is read from the start, and stays as it is until
// then.

#include "core/procfs/proc_inode.h"

namespace drydock {

Result<Ref<File>> open_proc_file(ProcInode& inode, OpenRequest const& request);

}  // namespace drydock
