#include "sim/cpio_writer.h"

#include <stdexcept>
#include <sys/stat.h>

namespace drydock::sim {

namespace {

constexpr char const* kDigits = "0123456789abcdef";

}  // namespace

void CpioWriter::append(std::string_view text)
{
    auto const* const data = reinterpret_cast<std::byte const*>(text.data());
    bytes_.insert(bytes_.end(), data, data + text.size());
}

void CpioWriter::pad()
{
    while (bytes_.size() % 4 != 0) bytes_.push_back(std::byte{0});
}

void CpioWriter::add(CpioEntry const& entry)
{
    if (entry.content.size() > 0xffff'ffff) {
        throw std::runtime_error(entry.path + ": larger than 4 GiB, which the archive cannot hold");
    }
    u32 const fields[13] = {
        entry.inode != 0 ? entry.inode : next_inode_++,
        entry.mode,
        entry.uid,
        entry.gid,
        entry.links,
        entry.time,
        static_cast<u32>(entry.content.size()),
        0,
        0,
        entry.device_major,
        entry.device_minor,
        static_cast<u32>(entry.path.size() + 1),
        0,  // checksum
    };
    char header[6 + sizeof(fields) * 2] = {'0', '7', '0', '7', '0', '1'};
    char* at = header + 6;
    for (u32 const field : fields) {
        for (int shift = 28; shift >= 0; shift -= 4) *at++ = kDigits[(field >> shift) & 15];
    }
    append({header, sizeof(header)});
    append(entry.path);
    bytes_.push_back(std::byte{0});
    pad();
    append(entry.content);
    pad();
}

void CpioWriter::add_directory(std::string const& path, u32 permissions)
{
    CpioEntry entry;
    entry.path = path;
    entry.mode = S_IFDIR | permissions;
    entry.links = 2;
    add(entry);
}

void CpioWriter::add_file(std::string const& path, std::string_view content, u32 permissions)
{
    CpioEntry entry;
    entry.path = path;
    entry.mode = S_IFREG | permissions;
    entry.content = content;
    add(entry);
}

void CpioWriter::add_symlink(std::string const& path, std::string_view target)
{
    CpioEntry entry;
    entry.path = path;
    entry.mode = S_IFLNK | 0777;
    entry.content = target;
    add(entry);
}

std::vector<std::byte> CpioWriter::finish()
{
    CpioEntry trailer;
    trailer.path = "TRAILER!!!";
    trailer.time = 0;
    trailer.inode = 0;
    add(trailer);
    return std::move(bytes_);
}

}  // namespace drydock::sim
