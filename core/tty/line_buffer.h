#pragma once

// What has been typed and not read: a ring of 4096 bytes (N_TTY_BUF_SIZE), of which the part up to
// `canon_head` is whole lines. The end of each line is marked; a marked zero byte is an end of
// file.

#include "core/base/span.h"

namespace drydock {

class LineBuffer {
public:
    static constexpr u32 kSize = 4096;

    u32 count() const { return static_cast<u32>(head_ - tail_); }
    u32 unfinished() const { return static_cast<u32>(head_ - canon_head_); }
    bool has_lines() const { return canon_head_ != tail_; }
    // One place is kept free, so that a full line can still be ended.
    bool is_full() const { return count() >= kSize - 1; }

    void put(u8 byte)
    {
        ASSERT(count() < kSize);
        bytes_[head_ % kSize] = byte;
        set_mark(head_, false);
        ++head_;
    }
    // Ends the line with this byte.
    void end_line(u8 byte)
    {
        put(byte);
        set_mark(head_ - 1, true);
        canon_head_ = head_;
    }
    // The byte `back` places before the end, 1 for the last.
    u8 last(u32 back) const
    {
        ASSERT(back >= 1);
        ASSERT(back <= count());
        return bytes_[(head_ - back) % kSize];
    }
    void remove_last(u32 size)
    {
        ASSERT(size <= unfinished());
        head_ -= size;
    }
    void clear()
    {
        tail_ = head_;
        canon_head_ = head_;
    }

    u8 first() const
    {
        ASSERT(count() > 0);
        return bytes_[tail_ % kSize];
    }
    bool first_is_marked() const { return count() > 0 && mark(tail_); }
    // The bytes from the front on that lie next to each other in the ring, at most `limit`.
    ConstBytes run(u32 limit) const
    {
        u32 const start = static_cast<u32>(tail_ % kSize);
        u32 size = count() < kSize - start ? count() : kSize - start;
        if (size > limit) size = limit;
        return {reinterpret_cast<std::byte const*>(bytes_ + start), size};
    }
    void drop_first(u32 size)
    {
        ASSERT(size <= count());
        tail_ += size;
        if (canon_head_ < tail_) canon_head_ = tail_;
    }

    struct Line {
        u32 size = 0;             // Bytes to deliver.
        bool ends_here = false;   // A mark was found within the limit.
        bool has_marker = false;  // The mark is an end-of-file byte behind them, not delivered.
    };
    // The first line, as far as `limit` bytes go.
    Line next_line(u32 limit) const;
    // FIONREAD in canonical mode: bytes of whole lines, without end-of-file marks.
    u32 canonical_count() const;

    // Canonical mode was turned on or off (n_tty_set_termios): the old marks are meaningless.
    void change_mode(bool is_canonical);

private:
    bool mark(u64 position) const
    {
        u64 const index = position % kSize;
        return (marks_[index / 64] >> (index % 64) & 1) != 0;
    }
    void set_mark(u64 position, bool value)
    {
        u64 const index = position % kSize;
        u64 const bit = u64{1} << (index % 64);
        if (value) {
            marks_[index / 64] |= bit;
        } else {
            marks_[index / 64] &= ~bit;
        }
    }

    u8 bytes_[kSize] = {};
    u64 marks_[kSize / 64] = {};
    // Positions since the beginning of time: tail <= canon_head <= head.
    u64 tail_ = 0;
    u64 canon_head_ = 0;
    u64 head_ = 0;
};

}  // namespace drydock
