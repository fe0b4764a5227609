#pragma once

// The list of page mappings that exec replays for one executable, without looking anything up. It
// describes the file's cache at one generation and one way of mapping the file; at any other it is
// not used. Entries are read-only: what is private is copied when it is written.
//
// It holds no references: at its generation every frame that it names is still in the cache,
// because whatever leaves the cache advances the generation.

#include "core/mm/address_space.h"

namespace drydock {

// How one region maps the file.
struct PrefaultKey {
    u64 start = 0;
    u64 end = 0;
    u64 file_offset = 0;
    u64 file_bytes_end = 0;
    Rights rights{};
    bool operator==(PrefaultKey const&) const = default;
};

// Adjacent entries of one leaf table.
struct PrefaultRun {
    UserAddr start{};
    u32 first = 0;
    u32 count = 0;
};

// One block of heap memory: this header, then the runs, then the entries.
class PrefaultTemplate {
public:
    static constexpr usize kMaximumKeys = 8;

    u64 generation = 0;
    u32 key_count = 0;
    u32 run_count = 0;
    u32 entry_count = 0;
    PrefaultKey keys[kMaximumKeys] = {};

    bool is_for(Span<PrefaultKey const> layout) const
    {
        if (layout.size() != key_count) return false;
        for (u32 i = 0; i < key_count; ++i) {
            if (!(keys[i] == layout[i])) return false;
        }
        return true;
    }
    PrefaultRun* runs() { return reinterpret_cast<PrefaultRun*>(this + 1); }
    u64* entries() { return reinterpret_cast<u64*>(runs() + run_count); }
};

}  // namespace drydock
