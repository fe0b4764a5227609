#pragma once

// A host stream that is no terminal, seen from inside: a pipe whose other end is outside the
// machine.

#include "core/vfs/vfs.h"

namespace drydock {

Result<Ref<File>> open_stream_file(Vfs& vfs, Platform& platform, ConsoleStream stream);

}  // namespace drydock
