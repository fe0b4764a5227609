#pragma once

// Writes an archive in cpio's "newc" format (cpio(5)): what an initramfs is.

#include "core/base/integers.h"

#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

// The time of every file in an imported tree.
inline constexpr u32 kFileTime = 1'767'225'600;

struct CpioEntry {
    std::string path{};  // No leading slash.
    u32 mode = 0;        // With the file type, as st_mode.
    u32 inode = 0;       // 0: the writer numbers it.
    u32 links = 1;
    u32 uid = 0;
    u32 gid = 0;
    u32 time = kFileTime;
    u32 device_major = 0;
    u32 device_minor = 0;
    std::string_view content{};
};

class CpioWriter {
public:
    void add(CpioEntry const& entry);
    void add_directory(std::string const& path, u32 permissions = 0755);
    void add_file(std::string const& path, std::string_view content, u32 permissions = 0644);
    void add_symlink(std::string const& path, std::string_view target);
    // Ends the archive and gives it away.
    std::vector<std::byte> finish();

    void reserve(usize bytes) { bytes_.reserve(bytes); }

private:
    void append(std::string_view text);
    void pad();

    std::vector<std::byte> bytes_;
    u32 next_inode_ = 1'000'000;
};

}  // namespace drydock::sim
