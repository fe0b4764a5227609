#pragma once

// Debian's kernel for virtual machines, fetched as a package by tools/linux_image.py and unpacked
// beside the build; nothing is installed.

#include <string>

namespace drydock::sim {

struct LinuxPackage {
    std::string kernel{};   // The path of the bzImage.
    std::string package{};  // Empty for a file of the user's own.
    std::string version{};

    std::string name() const { return package.empty() ? kernel : package + " " + version; }
};

// The package that was unpacked last, or the newest one. Throws std::runtime_error with one line:
// not there, no network.
LinuxPackage find_linux_package();
// A bzImage of the user's own. Throws std::runtime_error if it cannot be read.
LinuxPackage given_linux(std::string const& path);

}  // namespace drydock::sim
