#include "sim/packed_tree.h"

#include "sim/cpio_writer.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>

namespace drydock::sim {

namespace {

constexpr usize kBlockSize = 64 * kKiB;
// cpio's newc format has 32 bits for a file's size.
constexpr i64 kMaximumFileSize = 0xffff'ffff;

using Reader = std::unique_ptr<archive, int (*)(archive*)>;

Reader open_archive(std::string const& path)
{
    Reader reader(archive_read_new(), archive_read_free);
    if (reader == nullptr) throw std::bad_alloc();
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_cpio(reader.get());
    if (archive_read_open_filename(reader.get(), path.c_str(), kBlockSize) == ARCHIVE_OK) {
        return reader;
    }
    char const* const reason = archive_error_string(reader.get());
    throw std::runtime_error(fmt::format("{}: neither a folder nor an archive in cpio or tar "
                                         "format ({})",
                                         path,
                                         reason != nullptr ? reason : "unreadable"));
}

[[noreturn]] void fail(std::string const& path, Reader const& reader)
{
    char const* const reason = archive_error_string(reader.get());
    throw std::runtime_error(
        fmt::format("{}: not an archive in cpio or tar format, or damaged ({})",
                    path,
                    reason != nullptr ? reason : "no reason given"));
}

// The next entry, or null behind the last.
archive_entry* next_entry(std::string const& path, Reader const& reader)
{
    archive_entry* entry = nullptr;
    int const status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return nullptr;
    // A warning is about attributes that the host's character set cannot express.
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) fail(path, reader);
    return entry;
}

// Without the slashes and dots that some tools write in front; empty for the root.
std::string guest_path(char const* name)
{
    std::string path = name != nullptr ? name : "";
    while (path.starts_with("/") || path.starts_with("./")) path.erase(0, path[0] == '/' ? 1 : 2);
    while (path.ends_with("/")) path.pop_back();
    return path == "." ? std::string() : path;
}

struct Names {
    u32 number = 0;  // Of the file, in the archive that is written.
    u32 count = 1;
    u32 mode = 0;  // Of the first, with the type.
};

// Of files with several names: which, and how many.
std::map<std::string, Names> find_links(std::string const& path)
{
    std::map<std::string, Names> links;
    Reader const reader = open_archive(path);
    u32 next = 1;
    while (archive_entry* const entry = next_entry(path, reader)) {
        char const* const target = archive_entry_hardlink(entry);
        if (target == nullptr) continue;
        Names& names = links[guest_path(target)];
        if (names.number == 0) names.number = next++;
        ++names.count;
    }
    return links;
}

std::string read_content(std::string const& path, Reader const& reader, archive_entry* entry)
{
    i64 const size = archive_entry_size(entry);
    if (size < 0 || size > kMaximumFileSize) {
        throw std::runtime_error(
            fmt::format("{}: {} is larger than 4 GiB, which the guest's archive cannot hold",
                        path,
                        archive_entry_pathname(entry)));
    }
    // Sparse files say a size that their archive does not have; it grows with what is there.
    std::string content;
    while (content.size() < static_cast<usize>(size)) {
        usize const at = content.size();
        content.resize(std::min(at + 16 * kMiB, static_cast<usize>(size)));
        isize const got = archive_read_data(reader.get(), content.data() + at, content.size() - at);
        if (got <= 0) fail(path, reader);
        content.resize(at + static_cast<usize>(got));
    }
    return content;
}

}  // namespace

std::vector<std::byte> convert_packed_tree(std::string const& path)
{
    std::map<std::string, Names> links = find_links(path);
    Reader const reader = open_archive(path);
    CpioWriter writer;
    while (archive_entry* const entry = next_entry(path, reader)) {
        CpioEntry written;
        written.path = guest_path(archive_entry_pathname(entry));
        if (written.path.empty()) written.path = ".";
        written.mode = archive_entry_mode(entry);
        written.uid = static_cast<u32>(archive_entry_uid(entry));
        written.gid = static_cast<u32>(archive_entry_gid(entry));
        written.time = static_cast<u32>(archive_entry_mtime(entry));
        written.device_major = static_cast<u32>(archive_entry_rdevmajor(entry));
        written.device_minor = static_cast<u32>(archive_entry_rdevminor(entry));
        char const* const first_name = archive_entry_hardlink(entry);
        std::string content;
        if (S_ISLNK(written.mode)) {
            char const* const target = archive_entry_symlink(entry);
            content = target != nullptr ? target : "";
        } else if (S_ISREG(written.mode) && first_name == nullptr) {
            content = read_content(path, reader, entry);
        }
        auto const link = links.find(first_name != nullptr ? guest_path(first_name) : written.path);
        if (link != links.end()) {
            written.inode = link->second.number;
            written.links = link->second.count;
            // An archive may leave it out with the further names.
            if (first_name == nullptr) link->second.mode = written.mode;
            if ((written.mode & S_IFMT) == 0) written.mode = link->second.mode;
        }
        written.content = content;
        writer.add(written);
    }
    return writer.finish();
}

}  // namespace drydock::sim
