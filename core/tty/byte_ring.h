#pragma once

// A ring of bytes of a fixed capacity.

#include "core/base/span.h"

namespace drydock {

template <u32 Capacity>
class ByteRing {
public:
    u32 count() const { return static_cast<u32>(head_ - tail_); }
    u32 room() const { return Capacity - count(); }
    bool is_empty() const { return head_ == tail_; }

    // As many as there is room for; how many that were.
    u32 put(ConstBytes bytes)
    {
        u32 const size = bytes.size() < room() ? static_cast<u32>(bytes.size()) : room();
        for (u32 i = 0; i < size; ++i) bytes_[(head_ + i) % Capacity] = bytes[i];
        head_ += size;
        return size;
    }
    // The bytes from the front on that lie next to each other, at most `limit`.
    ConstBytes run(usize limit) const
    {
        u32 const start = static_cast<u32>(tail_ % Capacity);
        usize size = count() < Capacity - start ? count() : Capacity - start;
        if (size > limit) size = limit;
        return {bytes_ + start, size};
    }
    void drop_first(usize size)
    {
        ASSERT(size <= count());
        tail_ += size;
    }
    void clear() { tail_ = head_; }

private:
    std::byte bytes_[Capacity] = {};
    // Positions since the beginning of time.
    u64 tail_ = 0;
    u64 head_ = 0;
};

}  // namespace drydock
