#pragma once

// Makes the files of a cpio archive ("newc", cpio(5)) on this host, as a kernel unpacks its
// initramfs.

#include "core/base/span.h"
#include "sim/host/sandbox_tree.h"

#include <string>

namespace drydock::sim {

// Into `folder`. Modes and times are the archive's, owners too where this user may give files away;
// devices and sockets are left out: a sandbox brings its own.
void unpack_archive(ConstBytes archive, std::string const& folder, Problems const& problems);

}  // namespace drydock::sim
