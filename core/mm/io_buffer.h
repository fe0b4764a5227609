#pragma once

// Where the bytes of a read or write come from or go to: user memory, which may fault half-way, or
// kernel memory. It remembers how far it got; a retry goes on from there.

#include "core/mm/address_space.h"

namespace drydock {

class IoBuffer {
public:
    // One element of readv(2)/writev(2).
    struct Segment {
        UserAddr address{};
        u64 size = 0;
    };
    static IoBuffer user(AddressSpace& space, UserAddr address, usize size)
    {
        IoBuffer buffer;
        buffer.space_ = &space;
        buffer.single_ = {address, size};
        buffer.remaining_ = size;
        return buffer;
    }
    // The segments must outlive the buffer.
    static IoBuffer vector(AddressSpace& space, Span<Segment const> segments);
    static IoBuffer kernel(Bytes bytes)
    {
        IoBuffer buffer;
        buffer.kernel_ = bytes.data();
        buffer.remaining_ = bytes.size();
        return buffer;
    }

    usize remaining() const { return remaining_; }
    // Bytes moved so far.
    usize moved() const { return moved_; }

    // Copies into the buffer (a read(2) delivers) and advances. The count is short only where user
    // memory faulted or the buffer is full; Errno::Fault if nothing could be copied.
    Result<usize> put(ConstBytes source);
    Result<usize> put_zeros(usize size);
    // Copies out of the buffer (a write(2) collects) and advances; otherwise as put().
    Result<usize> take(Bytes target);
    // All of `target` (no more than what is left), or Errno::Fault and nothing has moved.
    Result<void> take_whole(Bytes target);
    // Faults in what the next `size` bytes need, so that the copy that follows at once moves them
    // all, as far as user memory allows: that many bytes (0: Errno::Fault). `for_put`: will be
    // written to.
    Result<usize> prepare(usize size, bool for_put);
    // Limits what is left to `size` bytes.
    void shorten(usize size);
    // The reader went away half-way: SIGPIPE is due although some bytes were moved.
    void mark_broken() { is_broken_ = true; }
    bool is_broken() const { return is_broken_; }

private:
    IoBuffer() = default;

    Segment next_run(usize limit);
    void advance(usize size);
    Result<usize> moved_at_once(usize wanted, usize moved);
    template <typename Move>
    Result<usize> for_each_run(usize size, Move move);

    AddressSpace* space_ = nullptr;
    std::byte* kernel_ = nullptr;
    Segment single_{};
    Span<Segment const> segments_{};
    usize segment_index_ = 0;
    u64 segment_offset_ = 0;
    usize remaining_ = 0;
    usize moved_ = 0;
    bool is_broken_ = false;
};

}  // namespace drydock
