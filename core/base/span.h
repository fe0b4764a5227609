#pragma once

// A borrowed run of elements, and the two spans used everywhere: bytes and text.

#include "core/base/assert.h"
#include "core/base/integers.h"

#include <type_traits>

extern "C" {
void* memcpy(void* target, void const* source, drydock::usize size) noexcept;
void* memmove(void* target, void const* source, drydock::usize size) noexcept;
void* memset(void* target, int value, drydock::usize size) noexcept;
int memcmp(void const* left, void const* right, drydock::usize size) noexcept;
}

namespace drydock {

// Elements that may be written, seen as ones that may not.
template <typename U, typename T>
concept WritableFormOf = std::is_const_v<T> && std::is_same_v<U, std::remove_const_t<T>>;

template <typename T>
class Span {
public:
    constexpr Span() = default;
    constexpr Span(T* data, usize size) : data_(data), size_(size) {}
    template <usize kCount>
    // NOLINTNEXTLINE(google-explicit-constructor)
    constexpr Span(T (&array)[kCount]) : data_(array), size_(kCount)
    {}
    // A template, so that no compiler takes it for the copy constructor: spans travel in registers.
    template <WritableFormOf<T> U>
    constexpr Span(Span<U> const& other)  // NOLINT(google-explicit-constructor)
        : data_(other.data()), size_(other.size())
    {}
    Span(Span const&) = default;
    Span& operator=(Span const&) = default;

    constexpr T* data() const { return data_; }
    constexpr usize size() const { return size_; }
    constexpr bool is_empty() const { return size_ == 0; }
    constexpr T& operator[](usize index) const
    {
        ASSERT(index < size_);
        return data_[index];
    }
    constexpr T* begin() const { return data_; }
    constexpr T* end() const { return data_ + size_; }
    constexpr Span first(usize count) const
    {
        ASSERT(count <= size_);
        return {data_, count};
    }
    constexpr Span from(usize offset) const
    {
        ASSERT(offset <= size_);
        return {data_ + offset, size_ - offset};
    }

private:
    T* data_ = nullptr;
    usize size_ = 0;
};

using Bytes = Span<std::byte>;
using ConstBytes = Span<std::byte const>;
// Both sides of the seam pass them by value, whichever compiler built them.
static_assert(std::is_trivially_copyable_v<Bytes> && std::is_trivially_copyable_v<ConstBytes>);

// Text that someone else owns; not terminated by zero.
class StringView {
public:
    constexpr StringView() = default;
    constexpr StringView(char const* data, usize size) : data_(data), size_(size) {}
    template <usize kCount>
    constexpr StringView(char const (&literal)[kCount])  // NOLINT(google-explicit-constructor)
        : data_(literal), size_(kCount - 1)
    {}
    // Up to the first zero byte.
    static constexpr StringView from_c_string(char const* text)
    {
        usize size = 0;
        while (text[size] != '\0') ++size;
        return {text, size};
    }

    constexpr char const* data() const { return data_; }
    constexpr usize size() const { return size_; }
    constexpr bool is_empty() const { return size_ == 0; }
    constexpr char operator[](usize index) const
    {
        ASSERT(index < size_);
        return data_[index];
    }
    constexpr char const* begin() const { return data_; }
    constexpr char const* end() const { return data_ + size_; }
    constexpr StringView first(usize count) const
    {
        ASSERT(count <= size_);
        return {data_, count};
    }
    constexpr StringView from(usize offset) const
    {
        ASSERT(offset <= size_);
        return {data_ + offset, size_ - offset};
    }
    constexpr bool starts_with(StringView prefix) const
    {
        return size_ >= prefix.size_ && first(prefix.size_) == prefix;
    }
    friend constexpr bool operator==(StringView left, StringView right)
    {
        if (left.size_ != right.size_) return false;
        for (usize i = 0; i < left.size_; ++i) {
            if (left.data_[i] != right.data_[i]) return false;
        }
        return true;
    }

private:
    char const* data_ = "";
    usize size_ = 0;
};

}  // namespace drydock
