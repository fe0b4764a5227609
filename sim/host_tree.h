#pragma once

// Takes files and folders of the host into an archive for the guest, in an order and with
// attributes that do not depend on the host: sorted names, owner 0, a fixed time.

#include "sim/cpio_writer.h"
#include "sim/file_bytes.h"
#include "sim/root_archive.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace drydock::sim {

// How many bytes of a file a record of an import keeps as they are.
inline constexpr u64 kKeptFileBytes = 16 * kKiB;

class HostTree {
public:
    explicit HostTree(CpioWriter& writer) : writer_(writer) {}

    // The host's file or folder becomes `guest` (an absolute path; "/" takes a folder's contents).
    // Throws std::runtime_error.
    void add(std::string const& host, std::string const& guest);
    // Adds an entry that was kept, reading its bytes from the host if they were too many. Throws
    // std::runtime_error, also if they are not the same any more and must be.
    void add(TreeEntry const& entry, ChangedFiles changed);
    // From here on, notes down in `target` what is added. Borrowed.
    void keep_in(std::vector<TreeEntry>* target) { kept_ = target; }
    // What could not be taken (sockets, devices), a line each.
    std::vector<std::string> const& notes() const { return notes_; }

private:
    void add_entry(std::string const& host, std::string const& path, unsigned depth);
    void add_parents(std::string const& path);
    void add_directory(std::string const& path, u32 permissions);
    void write(CpioEntry const& entry, std::string const& host);

    CpioWriter& writer_;
    std::map<std::pair<u64, u64>, u32> links_;  // Host device and inode: number in the archive.
    std::map<std::string, bool> directories_;
    u32 next_link_ = 1;
    std::vector<std::string> notes_;
    std::vector<TreeEntry>* kept_ = nullptr;
};

}  // namespace drydock::sim
