#pragma once

// What a program on this host's Linux gets to itself: namespaces, and a file tree in memory that is
// the root for it and for whatever it starts. For the processes of a sandbox, which have nobody to
// throw to.

#include "core/base/span.h"

#include <string>
#include <vector>

namespace drydock::sim {

// Says up a pipe, in one line, what could not be set up, and ends this process.
class Problems {
public:
    static constexpr int kNotSetUp = 125;

    explicit Problems(int descriptor) : descriptor_(descriptor) {}

    // With what errno says if it is not done.
    void require(bool is_done, std::string const& what) const;
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

struct SandboxFile {
    std::string guest{};  // Absolute.
    std::string host{};
};

struct SandboxTree {
    // What a guest's root is made of (sim/root_archive.h); may be empty.
    ConstBytes archive{};
    std::vector<SandboxFile> files{};  // Executable, mode 0755.
};

// An empty folder of the host that the tree is mounted on. Made before the processes are.
class MountPoint {
public:
    // Throws std::runtime_error.
    MountPoint();
    ~MountPoint();
    MountPoint(MountPoint const&) = delete;
    MountPoint& operator=(MountPoint const&) = delete;
    std::string const& path() const { return path_; }

private:
    std::string path_;
};

// Children of this process are in namespaces of their own afterwards. As root, or as a user who may
// make user namespaces (user_namespaces(7)): root inside is the user then.
void leave_namespaces(Problems const& problems);
// Makes the tree at `folder`, with the devices and /proc that a guest has, and enters it. Of a
// process inside the namespaces.
void enter_tree(std::string const& folder, SandboxTree const& tree, Problems const& problems);
// Signals as a first program finds them: default actions, none blocked.
void reset_signals();

}  // namespace drydock::sim
