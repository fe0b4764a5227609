// The core's own memcpy and friends, called by other names: compared with the host's on every size
// and offset where a loop bound could be wrong.

#define memcpy core_memcpy
#define memmove core_memmove
#define memset core_memset
#define memcmp core_memcmp
#include "core/base/memory.cpp"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp

#include <cstring>
#include <gtest/gtest.h>
#include <vector>

namespace {

std::vector<u8> pattern(usize size)
{
    std::vector<u8> bytes(size);
    for (usize i = 0; i < size; ++i) bytes[i] = static_cast<u8>(i * 37 + 11);
    return bytes;
}

TEST(memory, copy_equals_the_hosts_for_every_size_and_alignment)
{
    for (usize size = 0; size <= 600; ++size) {
        for (usize offset = 0; offset < 9; ++offset) {
            std::vector<u8> const source = pattern(size + 32);
            std::vector<u8> ours(size + 32, 0xee);
            std::vector<u8> theirs = ours;
            EXPECT_EQ(core_memcpy(&ours[offset], &source[8], size), &ours[offset]);
            std::memcpy(&theirs[offset], &source[8], size);
            ASSERT_EQ(ours, theirs) << size << " at " << offset;
        }
    }
}

TEST(memory, move_equals_the_hosts_for_every_overlap)
{
    for (usize const size : {0u, 1u, 7u, 8u, 9u, 100u, 255u, 256u, 300u, 1000u}) {
        for (usize from = 0; from < 40; ++from) {
            for (usize to = 0; to < 40; to += 3) {
                std::vector<u8> ours = pattern(size + 64);
                std::vector<u8> theirs = ours;
                core_memmove(&ours[to], &ours[from], size);
                std::memmove(&theirs[to], &theirs[from], size);
                ASSERT_EQ(ours, theirs) << size << " from " << from << " to " << to;
            }
        }
    }
}

TEST(memory, set_equals_the_hosts)
{
    for (usize size = 0; size <= 600; ++size) {
        std::vector<u8> ours = pattern(size + 16);
        std::vector<u8> theirs = ours;
        core_memset(&ours[3], 0x1a5, size);
        std::memset(&theirs[3], 0x1a5, size);
        ASSERT_EQ(ours, theirs);
    }
}

TEST(memory, compare_has_the_sign_of_the_hosts)
{
    std::vector<u8> const left = pattern(100);
    for (usize i = 0; i < 100; ++i) {
        std::vector<u8> right = left;
        right[i] = static_cast<u8>(right[i] + 128);
        int const ours = core_memcmp(left.data(), right.data(), 100);
        int const theirs = std::memcmp(left.data(), right.data(), 100);
        EXPECT_EQ(ours < 0, theirs < 0);
        EXPECT_EQ(core_memcmp(left.data(), right.data(), i), 0);
        // The first difference counts, not the largest.
        if (i + 1 < 100) right[i + 1] = static_cast<u8>(right[i + 1] + 64);
        EXPECT_EQ(core_memcmp(left.data(), right.data(), 100) < 0, ours < 0);
    }
}

TEST(memory, compare_sees_no_byte_beyond_the_end)
{
    std::vector<u8> const left = pattern(64);
    for (usize size = 0; size < 40; ++size) {
        std::vector<u8> right = left;
        for (usize i = size; i < right.size(); ++i) right[i] = static_cast<u8>(~right[i]);
        EXPECT_EQ(core_memcmp(left.data(), right.data(), size), 0) << size;
    }
}

}  // namespace
