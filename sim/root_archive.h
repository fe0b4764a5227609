#pragma once

// The guest's first file tree: the host's BusyBox with its links, a folder or an archive of the
// user's, and the files that `--in` adds.

#include "core/base/integers.h"
#include "sim/cpio_writer.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct Import {
    std::string host{};
    std::string guest{};
};

// One name that an import brings in, as the archive holds it.
struct TreeEntry {
    std::string path{};  // No leading slash.
    u32 mode = 0;        // As st_mode.
    u32 inode = 0;       // Other than 0 for a file with several names.
    u32 links = 1;
    // A file's bytes or a link's target. Where they are too many to be kept, `content` is empty,
    // and size, hash and the host's path tell what to read.
    std::string content{};
    u64 size = 0;
    std::string hash{};
    std::string host{};

    bool is_kept() const { return size == content.size(); }
    bool operator==(TreeEntry const&) const = default;
};

struct RootArchive {
    std::vector<std::byte> bytes{};
    std::string hash{};                // Of the bytes.
    std::vector<TreeEntry> imports{};  // What `--in` brought.
    std::vector<std::string> notes{};  // For the user: what was left out.
};

// The host's BusyBox, which the default tree has. Throws std::runtime_error if there is none.
std::string find_busybox();

// `root`: empty for the default tree, else a folder, a cpio archive (newc; also compressed by
// zstd), or what libarchive reads as tar or cpio. Throws std::runtime_error with one line that says
// what is wrong and what to do. `entries` go last.
RootArchive build_root_archive(std::string const& root,
                               std::vector<Import> const& imports,
                               std::vector<CpioEntry> const& entries = {});
// Of files that were recorded by name and hash alone, whether they may have other bytes now.
enum class ChangedFiles : u8 { Refused, Taken };
// The same with imports that were recorded: those that were not kept are read again.
RootArchive rebuild_root_archive(std::string const& root,
                                 std::vector<TreeEntry> const& imports,
                                 ChangedFiles changed = ChangedFiles::Refused);

}  // namespace drydock::sim
