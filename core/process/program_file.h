#pragma once

// A file that exec runs or interprets: checked for the right to execute it, read through its page
// cache.

#include "core/vfs/vfs.h"

namespace drydock {

struct ProgramFile {
    Path path{};
    Ref<File> file{};  // Keeps it open and names it in /proc/PID/maps.
    Ref<FileCache> cache{};
    u64 size = 0;
    u32 permissions = 0;
    u32 uid = 0;
    u32 gid = 0;

    // execve(2): Acces for what is no regular file or not executable; NoEnt and the rest of
    // resolve().
    static Result<ProgramFile> open(Vfs& vfs,
                                    Resolver const& resolver,
                                    StringView name,
                                    bool follow);
    // Bytes from `offset` on; the count is short at the end of the file only. Errno::NoMem, Io.
    Result<usize> read(u64 offset, Bytes target) const;
};

}  // namespace drydock
