#include "core/fs/cpio.h"

namespace drydock {

namespace {

constexpr u64 kHeaderSize = 110;
constexpr u64 kMagicSize = 6;
constexpr u64 kFieldSize = 8;
// limits.h PATH_MAX, the zero included.
constexpr u32 kNameMaximum = 4096;

constexpr u64 align_four(u64 value) { return (value + 3) & ~u64{3}; }

}  // namespace

Result<u32> CpioReader::field(u64 offset)
{
    u32 value = 0;
    for (u64 i = 0; i < kFieldSize; ++i) {
        char const digit = static_cast<char>(archive_[offset + i]);
        u32 nibble = 0;
        if (digit >= '0' && digit <= '9') {
            nibble = static_cast<u32>(digit - '0');
        } else if (digit >= 'a' && digit <= 'f') {
            nibble = static_cast<u32>(digit - 'a') + 10;
        } else if (digit >= 'A' && digit <= 'F') {
            nibble = static_cast<u32>(digit - 'A') + 10;
        } else {
            return malformed("a header field is not a hexadecimal number", offset + i);
        }
        value = value << 4 | nibble;
    }
    return value;
}

Result<CpioEntry> CpioReader::parse_header(u64 start, u32& name_size, u32& size)
{
    u32 fields[13] = {};
    for (u64 i = 0; i < 13; ++i) fields[i] = TRY(field(start + kMagicSize + i * kFieldSize));
    CpioEntry entry;
    entry.number = fields[0];
    entry.mode = fields[1];
    entry.uid = fields[2];
    entry.gid = fields[3];
    entry.links = fields[4];
    entry.modified_seconds = fields[5];
    size = fields[6];
    entry.device_major = fields[7];
    entry.device_minor = fields[8];
    entry.special_device_major = fields[9];
    entry.special_device_minor = fields[10];
    name_size = fields[11];
    entry.offset = start;
    return entry;
}

Result<CpioEntry> CpioReader::next()
{
    u64 const end = archive_.size();
    u64 const start = offset_;
    if (start >= end || end - start < kHeaderSize) {
        return malformed("the archive ends inside a header", end);
    }
    auto const* const letters = reinterpret_cast<char const*>(archive_.data());
    if (!(StringView(letters + start, kMagicSize) == StringView("070701"))) {
        return malformed("an entry does not start with 070701", start);
    }
    u32 name_size = 0;
    u32 size = 0;
    CpioEntry entry = TRY(parse_header(start, name_size, size));
    constexpr u64 kNameSizeField = kMagicSize + 11 * kFieldSize;
    constexpr u64 kSizeField = kMagicSize + 6 * kFieldSize;
    if (name_size < 2 || name_size > kNameMaximum) {
        return malformed("the length of a name is out of range", start + kNameSizeField);
    }
    u64 const name_start = start + kHeaderSize;
    if (end - name_start < name_size) return malformed("the archive ends inside a name", end);
    entry.name = StringView(letters + name_start, name_size - 1);
    for (usize i = 0; i < entry.name.size(); ++i) {
        if (entry.name[i] == '\0') return malformed("a zero byte inside a name", name_start + i);
    }
    if (letters[name_start + name_size - 1] != '\0') {
        return malformed("a name does not end with a zero byte", name_start + name_size - 1);
    }
    if (entry.name == StringView("TRAILER!!!")) {
        offset_ = align_four(name_start + name_size);
        return Errno::NoEnt;
    }
    u64 const contents_start = align_four(name_start + name_size);
    if (contents_start > end) return malformed("the archive ends behind a name", end);
    if (end - contents_start < size) {
        return malformed("a file is longer than the rest of the archive", start + kSizeField);
    }
    entry.contents = archive_.from(contents_start).first(size);
    offset_ = align_four(contents_start + size);
    return entry;
}

}  // namespace drydock
