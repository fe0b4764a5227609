#pragma once

// Roots by name: those that tools/make_root has made beside the build, in build/roots.

#include <string>

namespace drydock::sim {

// The path of what `--root` was given: the path itself if there is such a folder or file (also for
// an empty one), else the archive or folder of that name in build/roots. Throws std::runtime_error
// with one line that says how to make it.
std::string find_root(std::string const& given);

}  // namespace drydock::sim
