#pragma once

// Archives of file trees in other formats than the guest takes: what libarchive reads as tar or
// cpio, plain or compressed (gzip, xz, zstd, bzip2, lz4).

#include "core/base/integers.h"

#include <string>
#include <vector>

namespace drydock::sim {

// The archive's entries as a cpio archive in newc format, in the same order, with its end record;
// owners, times and names of one file as the archive has them. Throws std::runtime_error with one
// line for people.
std::vector<std::byte> convert_packed_tree(std::string const& path);

}  // namespace drydock::sim
