#include "core/base/text.h"

namespace drydock {

namespace {

constexpr usize kFirstCapacity = 1008;

}  // namespace

Result<Bytes> Text::reserve(usize size)
{
    if (size > buffer_.size() - size_) {
        usize capacity = buffer_.size() == 0 ? kFirstCapacity : buffer_.size() * 2;
        if (capacity - size_ < size) capacity = size_ + size;
        Buffer larger = TRY(Buffer::create(heap_, capacity));
        if (size_ > 0) memcpy(larger.data(), buffer_.data(), size_);
        buffer_ = std::move(larger);
    }
    return buffer_.bytes().from(size_).first(size);
}

Text& Text::operator<<(StringView text)
{
    if (failed_ || text.is_empty()) return *this;
    Result<Bytes> room = reserve(text.size());
    if (room.is_error()) {
        failed_ = true;
        return *this;
    }
    memcpy(room.value().data(), text.data(), text.size());
    size_ += text.size();
    return *this;
}

Text& Text::operator<<(char letter) { return *this << StringView(&letter, 1); }

Text& Text::operator<<(i64 number)
{
    if (number >= 0) return *this << static_cast<u64>(number);
    return *this << '-' << (~static_cast<u64>(number) + 1);
}

Text& Text::digits(u64 number, u32 base, u32 width, char fill)
{
    char letters[64];
    usize position = sizeof(letters);
    do {
        letters[--position] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    while (sizeof(letters) - position < width && position > 0) letters[--position] = fill;
    return *this << StringView(letters + position, sizeof(letters) - position);
}

Text& Text::decimal(u64 number, u32 width, char fill) { return digits(number, 10, width, fill); }
Text& Text::hex(u64 number, u32 width) { return digits(number, 16, width, '0'); }
Text& Text::octal(u64 number, u32 width) { return digits(number, 8, width, '0'); }

Text& Text::pad(usize start, u32 column)
{
    do {
        *this << ' ';
    } while (!failed_ && size_ - start < column);
    return *this;
}

Text& Text::left(StringView text, u32 width)
{
    *this << text;
    for (usize i = text.size(); i < width; ++i) *this << ' ';
    return *this;
}

}  // namespace drydock
