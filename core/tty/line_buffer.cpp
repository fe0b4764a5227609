#include "core/tty/line_buffer.h"

namespace drydock {

LineBuffer::Line LineBuffer::next_line(u32 limit) const
{
    Line line;
    u64 position = tail_;
    while (position < canon_head_) {
        bool const is_marked = mark(position);
        if (is_marked && bytes_[position % kSize] == 0) {
            line.ends_here = true;
            line.has_marker = true;
            return line;
        }
        if (line.size == limit) return line;
        ++line.size;
        ++position;
        if (is_marked) {
            line.ends_here = true;
            return line;
        }
    }
    return line;
}

u32 LineBuffer::canonical_count() const
{
    u32 total = 0;
    for (u64 position = tail_; position < canon_head_; ++position) {
        if (!(mark(position) && bytes_[position % kSize] == 0)) ++total;
    }
    return total;
}

void LineBuffer::change_mode(bool is_canonical)
{
    for (u64& word : marks_) word = 0;
    canon_head_ = tail_;
    if (!is_canonical || count() == 0) return;
    // What was typed before counts as a line.
    set_mark(head_ - 1, true);
    canon_head_ = head_;
}

}  // namespace drydock
