// The four functions that compilers call by themselves. They stay local to the core's archive, so
// that both programs run the same bytes and no host library is reached from a kernel stack.

#include "core/base/integers.h"

using drydock::u64;
using drydock::u8;
using drydock::usize;

namespace {

constexpr usize kWord = sizeof(u64);
// From here on a string instruction is worth its start.
constexpr usize kLongCopy = 128, kLongSet = 128;

u64 load_word(u8 const* from)
{
    u64 word = 0;
    __builtin_memcpy(&word, from, kWord);
    return word;
}

void store_word(u8* to, u64 word) { __builtin_memcpy(to, &word, kWord); }

// Less than a word.
void copy_few(u8* to, u8 const* from, usize size)
{
    while (size > 0) {
        *to++ = *from++;
        --size;
        asm volatile("" : : : "memory");  // Keeps the compiler from making this a call to memcpy.
    }
}

}  // namespace

extern "C" {

// Words, not bytes: `rep movsq` is fast on every CPU, `rep movsb` only on those that announce it
// (Intel Optimization Manual, "Enhanced REP MOVSB"). What is left of a word goes with the last
// whole word, again: nothing overlaps. The direction flag is clear in the kernel by the ABI.
void* memcpy(void* target, void const* source, usize size) noexcept
{
    auto* to = static_cast<u8*>(target);
    auto const* from = static_cast<u8 const*>(source);
    if (size < kWord) {
        copy_few(to, from, size);
        return target;
    }
    u64 const last = load_word(from + size - kWord);
    u8* const last_target = to + size - kWord;
    if (size >= kLongCopy) {
        usize words = size / kWord;
        asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
    } else {
        for (; size > 4 * kWord; size -= 4 * kWord) {
            for (usize i = 0; i < 4; ++i) store_word(to + i * kWord, load_word(from + i * kWord));
            to += 4 * kWord;
            from += 4 * kWord;
            asm volatile("" : : : "memory");
        }
        for (; size > kWord; size -= kWord) {
            store_word(to, load_word(from));
            to += kWord;
            from += kWord;
            asm volatile("" : : : "memory");
        }
    }
    store_word(last_target, last);
    return target;
}

void* memmove(void* target, void const* source, usize size) noexcept
{
    auto* to = static_cast<u8*>(target);
    auto const* from = static_cast<u8 const*>(source);
    if (to == from || size == 0) return target;
    if (to < from || to >= from + size) {
        if (to + size <= from || to >= from + size) return memcpy(target, source, size);
        while (size > 0) {
            *to++ = *from++;
            --size;
            asm volatile("" : : : "memory");
        }
        return target;
    }
    while (size > 0) {
        --size;
        to[size] = from[size];
        asm volatile("" : : : "memory");
    }
    return target;
}

void* memset(void* target, int value, usize size) noexcept
{
    auto* to = static_cast<u8*>(target);
    u64 const pattern = u64{0x0101'0101'0101'0101} * static_cast<u8>(value);
    if (size < kWord) {
        for (; size > 0; --size) {
            *to++ = static_cast<u8>(value);
            asm volatile(""
                         :
                         :
                         : "memory");  // Keeps the compiler from making this a call to itself.
        }
        return target;
    }
    u8* const last_target = to + size - kWord;
    if (size >= kLongSet) {
        usize words = size / kWord;
        asm volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(pattern) : "memory");
    } else {
        for (; size > 4 * kWord; size -= 4 * kWord) {
            for (usize i = 0; i < 4; ++i) store_word(to + i * kWord, pattern);
            to += 4 * kWord;
            asm volatile("" : : : "memory");
        }
        for (; size > kWord; size -= kWord) {
            store_word(to, pattern);
            to += kWord;
            asm volatile("" : : : "memory");
        }
    }
    store_word(last_target, pattern);
    return target;
}

int memcmp(void const* left, void const* right, usize size) noexcept
{
    auto const* a = static_cast<u8 const*>(left);
    auto const* b = static_cast<u8 const*>(right);
    usize i = 0;
    while (size - i >= kWord && load_word(a + i) == load_word(b + i)) i += kWord;
    for (; i < size; ++i) {
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}
}
