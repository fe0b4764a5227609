#pragma once

// Reads an archive in cpio's "newc" format (cpio(5)), entry by entry. Nothing in it is trusted:
// every number, length and offset is checked before it is used.
//
//     "070701" 13 fields of 8 hex digits | name, zero | to 4 | data | to 4 | next entry ...
//     "TRAILER!!!"

#include "core/base/result.h"
#include "core/base/span.h"

namespace drydock {

struct CpioEntry {
    u32 number = 0;
    u32 mode = 0;
    u32 uid = 0;
    u32 gid = 0;
    u32 links = 0;
    u32 modified_seconds = 0;
    u32 device_major = 0, device_minor = 0;                  // Of the file system it came from.
    u32 special_device_major = 0, special_device_minor = 0;  // Of a device node.
    StringView name{};
    ConstBytes contents{};
    u64 offset = 0;  // Of the entry in the archive.
};

class CpioReader {
public:
    explicit CpioReader(ConstBytes archive) : archive_(archive) {}

    // The next entry, or Errno::NoEnt behind the last. Errno::Inval if the archive is malformed:
    // then reason() and offset() say why and where.
    Result<CpioEntry> next();
    char const* reason() const { return reason_; }
    u64 offset() const { return offset_; }

private:
    Errno malformed(char const* reason, u64 offset)
    {
        reason_ = reason;
        offset_ = offset;
        return Errno::Inval;
    }
    Result<u32> field(u64 offset);
    Result<CpioEntry> parse_header(u64 start, u32& name_size, u32& size);

    ConstBytes archive_;
    u64 offset_ = 0;
    char const* reason_ = "";
};

}  // namespace drydock
