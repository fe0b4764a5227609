#include "core/base/text.h"
#include "tests/support/fake_platform.h"

#include <gtest/gtest.h>
#include <string>

namespace drydock {
namespace {

using test::FakePlatform;

std::string string_of(Text const& text) { return {text.view().data(), text.view().size()}; }

class Texts : public testing::Test {
protected:
    FakePlatform machine{};
    FrameAllocator frames{machine, machine.layout()};
    Heap heap{frames};
};

TEST_F(Texts, writes_numbers_in_all_forms)
{
    Text text{heap};
    text << u64{0} << ' ' << ~u64{0} << ' ' << i64{-1} << ' ' << static_cast<i64>(u64{1} << 63);
    EXPECT_EQ(string_of(text), "0 18446744073709551615 -1 -9223372036854775808");
    text.clear();
    text.decimal(5, 3, '0').hex(255, 4).octal(18, 4) << '|';
    text.decimal(12345, 3, ' ');
    EXPECT_EQ(string_of(text), "00500ff0022|12345");
}

TEST_F(Texts, pads_to_columns)
{
    Text text{heap};
    text << "ab";
    text.pad(0, 5) << "c\n";
    text.left("x", 3) << '|';
    EXPECT_EQ(string_of(text), "ab   c\nx  |");
}

TEST_F(Texts, grows_and_keeps_what_it_has)
{
    Text text{heap};
    std::string expected;
    for (u64 i = 0; i < 5000; ++i) {
        text << i << ' ';
        expected += std::to_string(i) + " ";
    }
    EXPECT_EQ(string_of(text), expected);
    EXPECT_FALSE(text.failed());
}

TEST_F(Texts, says_when_memory_ran_out)
{
    Text text{heap};
    machine.fail_allocation(0);
    for (u64 i = 0; i < 5000 && !text.failed(); ++i) text << i;
    EXPECT_TRUE(text.failed());
    usize const size = text.size();
    text << "more";
    EXPECT_EQ(text.size(), size);
}

}  // namespace
}  // namespace drydock
