#pragma once

// The trace of a run. A file is
//
//   drydock trace 1            readable lines "key: value", one empty line ends them
//   program: ...
//   <zstd frame>               fixed records of 48 bytes, little-endian
//   end HASH COUNT             one readable line
//
// The hash is XXH3-128 over the records alone; it names the run.

#include "core/platform/event.h"

#include <string>
#include <utility>
#include <vector>

namespace drydock::sim {

inline constexpr char const* kTraceMagic = "drydock trace 1";

// Records that are not events of the kernel, in TraceRecord::kind.
inline constexpr u32 kRecordChoice = 128;      // a: site, b: options, c: answer
inline constexpr u32 kRecordInput = 129;       // Terminal input. a: bytes, then kRecordInputBytes
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

// In file order; what reproduces the run.
using TraceHeader = std::vector<std::pair<std::string, std::string>>;

}  // namespace drydock::sim
