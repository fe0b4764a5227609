#pragma once

// Takes files and folders of the host into an archive for the guest, in an order and with
// attributes that do not depend on the host: sorted names, owner 0, a fixed time.

#include "sim/cpio_writer.h"
#include "sim/file_bytes.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace drydock::sim {

class HostTree {
public:
    explicit HostTree(CpioWriter& writer) : writer_(writer) {}

    // The host's file or folder becomes `guest` (an absolute path; "/" takes a folder's contents).
    // Throws std::runtime_error.
    void add(std::string const& host, std::string const& guest);
    // What could not be taken (sockets, devices), a line each.
    std::vector<std::string> const& notes() const { return notes_; }

private:
    void add_entry(std::string const& host, std::string const& path, unsigned depth);
    void add_parents(std::string const& path);

    CpioWriter& writer_;
    std::map<std::pair<u64, u64>, u32> links_;  // Host device and inode: number in the archive.
    std::map<std::string, bool> directories_;
    u32 next_link_ = 1;
    std::vector<std::string> notes_;
};

}  // namespace drydock::sim
