#pragma once

// The programs inside a BusyBox binary.

#include "core/base/integers.h"

#include <string_view>
#include <vector>

namespace drydock::sim {

// The applets of the binary, from its own table; empty if it has none. Views into `program`.
std::vector<std::string_view> find_applets(std::string_view program);

// "bin/", "usr/sbin/" and so on, as `busybox --install` would link it; "" for the root itself.
std::string_view folder_of_applet(std::string_view name);

}  // namespace drydock::sim
