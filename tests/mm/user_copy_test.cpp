#include "core/mm/io_buffer.h"
#include "tests/mm/mm_fixture.h"

#include <vector>

namespace drydock {
namespace {

using UserCopyTest = test::MmTest;
using IoBufferTest = test::MmTest;
using test::PatternSource;

constexpr UserAddr kBase{0x10000000};
constexpr u64 kPage = kPageSize;

std::vector<std::byte> pattern(usize size)
{
    std::vector<std::byte> bytes(size);
    for (usize i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + 1);
    return bytes;
}

Bytes span(std::vector<std::byte>& bytes) { return {bytes.data(), bytes.size()}; }

TEST_F(UserCopyTest, copies_across_pages_and_faults_them_in)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(4))));
    auto bytes = pattern(3 * kPage);
    EXPECT_EQ(space->copy_out(kBase + 100, span(bytes)), bytes.size());
    std::vector<std::byte> back(bytes.size());
    EXPECT_EQ(space->copy_in(span(back), kBase + 100), bytes.size());
    EXPECT_EQ(back, bytes);
    EXPECT_EQ(platform.last(EventKind::UserCopy).a, bytes.size());
    EXPECT_EQ(space->zero_out(kBase + 101, kPage), kPage);
    EXPECT_EQ(read_user(*space, kBase + 100), 1);
    EXPECT_EQ(read_user(*space, kBase + 101), 0);
    expect_sound(*space);
}

TEST_F(UserCopyTest, stops_exactly_at_a_hole)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(1))));
    MUST(space->map(at(kBase + 2 * kPage, anonymous(1))));
    auto bytes = pattern(3 * kPage);
    for (u64 offset : {u64{0}, u64{1}, kPage - 1}) {
        EXPECT_EQ(space->copy_out(kBase + offset, span(bytes)), kPage - offset);
        EXPECT_EQ(space->copy_in(span(bytes), kBase + offset), kPage - offset);
        EXPECT_EQ(space->zero_out(kBase + offset, 3 * kPage), kPage - offset);
    }
    EXPECT_EQ(space->copy_in(span(bytes), kBase + kPage), 0u);
    EXPECT_EQ(space->read<u64>(kBase + (kPage - 4)).error(), Errno::Fault);
    EXPECT_EQ(space->write(kBase + (kPage - 4), u64{1}).error(), Errno::Fault);
    EXPECT_TRUE(space->read<u32>(kBase + (kPage - 4)).is_ok());
}

TEST_F(UserCopyTest, checks_rights_and_the_end_of_user_space)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(1, kRead))));
    MUST(space->map(at(kBase + kPage, anonymous(1, kNone))));
    MUST(space->map(at({kUserEnd - kPage}, anonymous(1))));
    EXPECT_TRUE(space->read<u8>(kBase).is_ok());
    EXPECT_EQ(space->write(kBase, u8{1}).error(), Errno::Fault);
    EXPECT_EQ(space->read<u8>(kBase + kPage).error(), Errno::Fault);
    auto bytes = pattern(2 * kPage);
    EXPECT_EQ(space->copy_out({kUserEnd - 10}, span(bytes)), 10u);
    EXPECT_EQ(space->copy_out({kUserEnd}, span(bytes)), 0u);
    EXPECT_EQ(space->copy_out({~u64{0} - 5}, span(bytes)), 0u);
    EXPECT_EQ(space->copy_in(span(bytes), {0xffff'8000'0000'0000}), 0u);
    EXPECT_EQ(space->copy_in(span(bytes), {0}), 0u);
    // Nothing to copy is never an error.
    EXPECT_TRUE(space->read_bytes({}, {~u64{0}}).is_ok());
    EXPECT_EQ(platform.count(EventKind::Fault), 0u);
}

TEST_F(UserCopyTest, writes_of_the_kernel_break_copy_on_write)
{
    PatternSource source;
    auto cache = make_cache(&source);
    auto space = make_space();
    MUST(space->map(at(kBase, of_file(cache, 1, kReadWrite))));
    EXPECT_EQ(read_user(*space, kBase), 1);
    MUST(space->write(kBase, u8{9}));
    EXPECT_EQ(read_user(*space, kBase), 9);
    EXPECT_EQ(static_cast<int>(*frames.data(MUST(cache->find(0)))), 1);
    expect_sound(*space);
}

TEST_F(UserCopyTest, reads_strings_up_to_the_border)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(2))));
    char const text[] = "across the border";
    UserAddr const place = kBase + (kPage - 6);
    MUST(space->write_bytes(place, {reinterpret_cast<std::byte const*>(text), sizeof(text)}));
    char buffer[32];
    EXPECT_EQ(MUST(space->read_string(buffer, place)), sizeof(text) - 1);
    EXPECT_STREQ(buffer, text);
    EXPECT_EQ(space->read_string({buffer, sizeof(text) - 1}, place).error(), Errno::NameTooLong);
    EXPECT_EQ(MUST(space->read_string({buffer, sizeof(text)}, place)), sizeof(text) - 1);
    // The string that ends with the last byte of memory, and the one that does not end.
    UserAddr const last = kBase + (2 * kPage - 3);
    MUST(space->write_bytes(last, {reinterpret_cast<std::byte const*>("ab"), 3}));
    EXPECT_EQ(MUST(space->read_string(buffer, last)), 2u);
    MUST(space->write(last + 2, 'c'));
    EXPECT_EQ(space->read_string(buffer, last).error(), Errno::Fault);
    EXPECT_EQ(space->read_string({buffer, 3}, last).error(), Errno::NameTooLong);
    EXPECT_EQ(space->read_string(buffer, {0}).error(), Errno::Fault);
}

TEST_F(IoBufferTest, goes_on_where_it_stopped)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(3))));
    auto bytes = pattern(kPage);
    IoBuffer buffer = IoBuffer::user(*space, kBase + 10, 2 * kPage);
    EXPECT_EQ(MUST(buffer.put(span(bytes))), kPage);
    EXPECT_EQ(buffer.remaining(), kPage);
    EXPECT_EQ(MUST(buffer.put_zeros(5)), 5u);
    EXPECT_EQ(MUST(buffer.put(span(bytes))), kPage - 5);
    EXPECT_EQ(buffer.moved(), 2 * kPage);
    EXPECT_EQ(MUST(buffer.put(span(bytes))), 0u);
    EXPECT_EQ(read_user(*space, kBase + 10 + kPage + 5), 1);
}

TEST_F(IoBufferTest, gathers_and_scatters_segments)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(3))));
    IoBuffer::Segment const segments[] = {
        {kBase, 3}, {{0}, 0}, {kBase + (kPage - 2), 5}, {{~u64{0}}, 0}, {kBase + 2 * kPage, 4}};
    auto bytes = pattern(12);
    IoBuffer put = IoBuffer::vector(*space, segments);
    EXPECT_EQ(put.remaining(), 12u);
    EXPECT_EQ(MUST(put.prepare(100, true)), 12u);
    EXPECT_EQ(MUST(put.put(span(bytes).first(4))), 4u);
    EXPECT_EQ(MUST(put.put(span(bytes).from(4))), 8u);
    std::vector<std::byte> back(12);
    IoBuffer take = IoBuffer::vector(*space, segments);
    EXPECT_EQ(MUST(take.take(span(back))), 12u);
    EXPECT_EQ(back, bytes);
    IoBuffer some = IoBuffer::vector(*space, segments);
    some.shorten(5);
    EXPECT_EQ(MUST(some.take(span(back))), 5u);
    EXPECT_EQ(some.remaining(), 0u);
}

TEST_F(IoBufferTest, is_short_at_bad_memory_and_then_an_error)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(1))));
    auto bytes = pattern(100);
    IoBuffer buffer = IoBuffer::user(*space, kBase + (kPage - 40), 100);
    EXPECT_EQ(MUST(buffer.prepare(100, true)), 40u);
    EXPECT_EQ(MUST(buffer.put(span(bytes))), 40u);
    EXPECT_EQ(buffer.put(span(bytes)).error(), Errno::Fault);
    EXPECT_EQ(buffer.prepare(1, false).error(), Errno::Fault);
    EXPECT_EQ(buffer.moved(), 40u);
}

TEST_F(IoBufferTest, kernel_memory_never_fails)
{
    std::vector<std::byte> target(10);
    auto bytes = pattern(100);
    IoBuffer buffer = IoBuffer::kernel(span(target));
    EXPECT_EQ(MUST(buffer.prepare(100, true)), 10u);
    EXPECT_EQ(MUST(buffer.put(span(bytes).first(4))), 4u);
    EXPECT_EQ(MUST(buffer.put(span(bytes).from(4))), 6u);
    EXPECT_EQ(target[9], bytes[9]);
}

}  // namespace
}  // namespace drydock
