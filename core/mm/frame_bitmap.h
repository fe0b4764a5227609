#pragma once

// A set of frame numbers that finds its lowest member in a few steps: a bit per number, and above
// it levels in which a bit says that a word of 64 below it is not empty. Its memory is the
// caller's.

#include "core/base/assert.h"
#include "core/base/integers.h"

namespace drydock {

class FrameBitmap {
public:
    static constexpr u32 kNone = ~u32{0};

    // 64-bit words that a set of numbers below `size` takes.
    static constexpr usize words_for(u32 size)
    {
        usize total = 0;
        usize count = size;
        for (unsigned level = 0; level < kLevels; ++level) {
            count = (count + 63) / 64;
            total += count;
        }
        return total;
    }

    // `words` holds words_for(size) zeroed words and outlives the set.
    void attach(u64* words, u32 size)
    {
        size_ = size;
        usize count = size;
        for (u64*& level : levels_) {
            level = words;
            count = (count + 63) / 64;
            words += count;
        }
        ASSERT(count <= 1);
    }

    bool has(u32 number) const
    {
        return number < size_ && ((levels_[0][number / 64] >> (number % 64)) & 1) != 0;
    }
    void add(u32 number)
    {
        ASSERT(number < size_);
        for (u64* const level : levels_) {
            u64& word = level[number / 64];
            bool const was_empty = word == 0;
            word |= u64{1} << (number % 64);
            if (!was_empty) return;
            number /= 64;
        }
    }
    void remove(u32 number)
    {
        ASSERT(has(number));
        for (u64* const level : levels_) {
            u64& word = level[number / 64];
            word &= ~(u64{1} << (number % 64));
            if (word != 0) return;
            number /= 64;
        }
    }
    // The lowest member, or kNone.
    u32 lowest() const
    {
        if (size_ == 0 || levels_[kLevels - 1][0] == 0) return kNone;
        u32 number = 0;
        for (unsigned level = kLevels; level > 0; --level) {
            u64 const word = levels_[level - 1][number];
            ASSERT(word != 0);
            number = number * 64 + static_cast<u32>(__builtin_ctzll(word));
        }
        return number;
    }

private:
    // 64^4 frames of 4 KiB are 64 GiB.
    static constexpr unsigned kLevels = 4;
    u64* levels_[kLevels] = {};
    u32 size_ = 0;
};

}  // namespace drydock
