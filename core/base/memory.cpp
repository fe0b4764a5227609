// The four functions that compilers call by themselves. They stay local to the core's archive, so
// that both programs run the same bytes and no host library is reached from a kernel stack.

#include "core/base/integers.h"

using drydock::u64;
using drydock::u8;
using drydock::usize;

extern "C" {

// `rep movsb` is the one copy loop that is fast on every CPU since 2013 (Intel Optimization Manual,
// "Enhanced REP MOVSB"); the direction flag is clear in the kernel by the ABI.
void* memcpy(void* target, void const* source, usize size) noexcept
{
    void* cursor = target;
    if (size >= 256) {
        asm volatile("rep movsb" : "+D"(cursor), "+S"(source), "+c"(size) : : "memory");
        return target;
    }
    auto* to = static_cast<u8*>(target);
    auto const* from = static_cast<u8 const*>(source);
    while (size >= 8) {
        u64 word = 0;
        __builtin_memcpy(&word, from, 8);
        __builtin_memcpy(to, &word, 8);
        to += 8;
        from += 8;
        size -= 8;
    }
    while (size > 0) {
        *to++ = *from++;
        --size;
        asm volatile("" : : : "memory");  // Keeps the compiler from making this a call to itself.
    }
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
    void* cursor = target;
    if (size >= 128) {
        asm volatile("rep stosb" : "+D"(cursor), "+c"(size) : "a"(value) : "memory");
        return target;
    }
    auto* to = static_cast<u8*>(target);
    u64 const pattern = u64{0x0101'0101'0101'0101} * static_cast<u8>(value);
    while (size >= 8) {
        __builtin_memcpy(to, &pattern, 8);
        to += 8;
        size -= 8;
    }
    while (size > 0) {
        *to++ = static_cast<u8>(value);
        --size;
        asm volatile("" : : : "memory");
    }
    return target;
}

int memcmp(void const* left, void const* right, usize size) noexcept
{
    auto const* a = static_cast<u8 const*>(left);
    auto const* b = static_cast<u8 const*>(right);
    for (usize i = 0; i < size; ++i) {
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}
}
