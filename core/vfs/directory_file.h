#pragma once

// An open directory of any file system: lists through Inode::list, keeps the position. And an open
// file that only names a place (open(2) O_PATH).

#include "core/vfs/vfs.h"

namespace drydock {

// What Inode::open of a directory returns. Errno::NoMem.
Result<Ref<File>> open_directory(Vfs& vfs, OpenRequest const& request);
Result<Ref<File>> open_place(Vfs& vfs, OpenRequest const& request);

// st_ino of "..", as seen from this directory: across mounts.
u64 parent_number(Path const& path);

}  // namespace drydock
