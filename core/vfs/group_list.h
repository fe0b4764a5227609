#pragma once

// The supplementary groups of a thread (credentials(7)): in order, never changed, and shared by all
// who have the same.

#include "core/base/heap.h"

namespace drydock {

// NGROUPS_MAX.
inline constexpr u32 kMaximumGroups = 65536;

class GroupList final : public RefCounted {
public:
    // Puts in order what the caller has written to what allocate() gave.
    explicit GroupList(Buffer storage);
    // Errno::NoMem.
    static Result<Buffer> allocate(Heap& heap, u32 count)
    {
        return Buffer::create(heap, usize{count} * sizeof(u32));
    }

    Span<u32 const> all() const
    {
        return {reinterpret_cast<u32 const*>(storage_.data()), storage_.size() / sizeof(u32)};
    }
    bool has(u32 group) const;

private:
    Buffer storage_;
};

}  // namespace drydock
