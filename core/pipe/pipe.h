#pragma once

// Pipes (pipe(7)): a ring of zeroed frames, at first 16 (64 KiB), two ends. Writes of up to
// PIPE_BUF (4096) bytes are atomic. The ring is never built anywhere but in its frames.

#include "core/vfs/vfs.h"

namespace drydock {

// What F_SETPIPE_SZ gives to the unprivileged (fs.pipe-max-size), in bytes.
inline constexpr usize kPipeMaximum = kMiB;

struct PipeEnds {
    Ref<File> reader{};
    Ref<File> writer{};
};

// pipe2(2); `flags` may hold O_NONBLOCK, and O_DIRECT for the writer. Errno::Inval, NoMem.
Result<PipeEnds> create_pipe(Vfs& vfs, u32 flags, Credentials const& credentials);

// Opens a FIFO; the inode keeps the shared state between opens through `slot` (a pipe or null).
class PipeState;
Result<Ref<File>> open_fifo(Vfs& vfs, Ref<PipeState>& slot, OpenRequest const& request);

}  // namespace drydock
