#pragma once

// The trace of a run. A file is
//
//   drydock trace 2, events follow     readable lines "key: value" (sim/recipe_text.h);
//   ...                                the last one is a checksum of those before it
//   checksum: 0123456789abcdef
//                                      an empty line
//   <zstd frame>                       fixed records of 48 bytes, little-endian
//   end COUNT 0123456789abcdef         one readable line; the hash is of the frame's bytes
//
// or the readable lines alone, which then start with "drydock trace 2, header". The hash of a run
// is XXH3-128 over its records; it stands in the header.

#include "core/platform/event.h"

#include <string>
#include <vector>

namespace drydock::sim {

inline constexpr char const* kTraceMagic = "drydock trace 2, events follow";
inline constexpr char const* kHeaderMagic = "drydock trace 2, header";

// Records that are not events of the kernel, in TraceRecord::kind.
// a: site in the low 8 bits, options above; b: which call of the site; c: answer
inline constexpr u32 kRecordChoice = 128;
// Terminal input, or its end. a: bytes, b: virtual time in ps; then kRecordInputBytes
inline constexpr u32 kRecordInput = 129;
inline constexpr u32 kRecordInputBytes = 130;  // a, b, c: up to 24 bytes
inline constexpr u32 kRecordHalt = 131;        // a: exit status
inline constexpr u32 kRecordFailed = 132;      // The image's last when its kernel gave up

struct TraceRecord {
    u32 kind = 0;
    u32 pid = 0;
    u32 tid = 0;
    u32 reserved = 0;
    u64 a = 0;
    u64 b = 0;
    u64 c = 0;
    u64 time_ns = 0;
    bool operator==(TraceRecord const&) const = default;
};
static_assert(sizeof(TraceRecord) == 48, "the record has no padding: every byte is hashed");

// Hashes of the run's beginnings, so that two runs can be compared without their events: the n-th
// (from 0) is of the first (n + 1) * spacing records.
struct EventMarks {
    static constexpr u64 kFirstSpacing = 1024;
    static constexpr usize kMaximum = 32;
    u64 spacing = kFirstSpacing;
    std::vector<u64> hashes{};
    bool operator==(EventMarks const&) const = default;
};

}  // namespace drydock::sim
