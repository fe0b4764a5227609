#pragma once

// The guest's first file tree: the host's BusyBox with its links, a folder or an archive of the
// user's, and the files that `--in` adds.

#include "core/base/integers.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct Import {
    std::string host{};
    std::string guest{};
};

struct RootArchive {
    std::vector<std::byte> bytes{};
    std::vector<std::string> notes{};  // For the user: what was left out.
};

// `root`: empty for the default tree, else a folder or a cpio archive (newc; also compressed by
// zstd). Throws std::runtime_error with one line that says what is wrong and what to do.
RootArchive build_root_archive(std::string const& root, std::vector<Import> const& imports);

}  // namespace drydock::sim
