#pragma once

// Which physical memory is free to use: ranges of whole pages, ascending and apart. There is room
// for as many as the kernel's layout can name; what does not fit is the smallest, and is not used.

#include "core/base/integers.h"
#include "core/platform/platform.h"

namespace drydock::guest {

class MemoryMap {
public:
    static constexpr usize kMaximumRanges = MemoryLayout::kMaximumHoles + 1;

    // The whole pages from `first` to before `end`, joined with what touches them.
    void add(u64 first, u64 end);
    // Every page of which a byte is in [first, end).
    void remove(u64 first, u64 end);

    usize count() const { return count_; }
    MemoryRange const& operator[](usize index) const { return ranges_[index]; }
    u64 total_bytes() const;
    // Whether one range holds all of it; true if it is empty.
    bool holds(u64 first, u64 end) const;
    // The lowest page from which `size` bytes are free; 0 if there is none.
    u64 find(u64 size) const;

private:
    void insert(usize index, MemoryRange range);
    void erase(usize index);

    // One more than is kept, while the smallest is looked for.
    MemoryRange ranges_[kMaximumRanges + 1]{};
    usize count_ = 0;
};

}  // namespace drydock::guest
