#pragma once

// Text that grows on the heap: what a file of procfs says.

#include "core/base/heap.h"

namespace drydock {

class Text {
public:
    explicit Text(Heap& heap) : heap_(heap) {}
    Text(Text const&) = delete;
    Text& operator=(Text const&) = delete;

    // Once memory runs out the text stays as it is, and failed() says so.
    Text& operator<<(StringView text);
    Text& operator<<(char letter);
    Text& operator<<(u64 number) { return decimal(number, 0, ' '); }
    Text& operator<<(u32 number) { return decimal(number, 0, ' '); }
    Text& operator<<(i64 number);
    Text& operator<<(i32 number) { return *this << i64{number}; }
    Text& decimal(u64 number, u32 width, char fill);
    Text& hex(u64 number, u32 width);
    Text& octal(u64 number, u32 width);
    // Spaces up to this column, counted from `start`, at least one.
    Text& pad(usize start, u32 column);
    // Text on the left of a field.
    Text& left(StringView text, u32 width);
    // Room for `size` more bytes, to be filled by the caller, who then calls advance().
    // Errno::NoMem.
    Result<Bytes> reserve(usize size);
    void advance(usize size) { size_ += size; }

    usize size() const { return size_; }
    StringView view() const { return buffer_.text().first(size_); }
    bool failed() const { return failed_; }
    void clear() { size_ = 0; }

private:
    Text& digits(u64 number, u32 base, u32 width, char fill);

    Heap& heap_;
    Buffer buffer_{};
    usize size_ = 0;
    bool failed_ = false;
};

}  // namespace drydock
