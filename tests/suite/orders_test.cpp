// Orders of the suite: squares, seeds, texts.

#include "sim/suite/orders.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <utility>

namespace drydock::sim {
namespace {

bool is_permutation_of_all(Order order)
{
    std::sort(order.begin(), order.end());
    return order == suite_order();
}

std::string error_of(std::string const& text)
{
    try {
        parse_order(text, "the text");
    } catch (OrderError const& error) {
        return error.what();
    }
    return "accepted";
}

TEST(orders, every_ordered_pair_stands_side_by_side_once_in_the_square)
{
    std::set<std::pair<usize, usize>> pairs;
    for (u64 row = 0; row < kBenchmarkCount; ++row) {
        Order const order = square_row(row);
        EXPECT_TRUE(is_permutation_of_all(order)) << "row " << row;
        for (usize place = 1; place < order.size(); ++place) {
            EXPECT_TRUE(pairs.emplace(order[place - 1], order[place]).second) << "row " << row;
        }
    }
    EXPECT_EQ(pairs.size(), 1892u);
}

TEST(orders, every_column_of_the_square_has_each_benchmark_once)
{
    for (usize column = 0; column < kBenchmarkCount; ++column) {
        std::set<usize> seen;
        for (u64 row = 0; row < kBenchmarkCount; ++row) seen.insert(square_row(row)[column]);
        EXPECT_EQ(seen.size(), kBenchmarkCount) << "column " << column;
    }
}

TEST(orders, the_square_has_no_row_44)
{
    EXPECT_THROW(square_row(44), OrderError);
    EXPECT_THROW(square_row(~u64{0}), OrderError);
}

TEST(orders, a_seed_names_one_permutation)
{
    for (u64 seed = 0; seed < 100; ++seed) {
        EXPECT_TRUE(is_permutation_of_all(shuffled_order(seed)));
        EXPECT_EQ(shuffled_order(seed), shuffled_order(seed));
        EXPECT_NE(shuffled_order(seed), shuffled_order(seed + 1));
    }
}

TEST(orders, text_names_benchmarks_any_number_of_times)
{
    Order const expected = {0, 3, 0, 43};
    EXPECT_EQ(parse_order("getpid,pipe,getpid,tar_extract", "t"), expected);
    EXPECT_EQ(parse_order("# why\ngetpid\n\tpipe getpid # again: pipe\r\ntar_extract", "t"),
              expected);
    EXPECT_EQ(parse_order(",,getpid,\n pipe,getpid tar_extract#", "t"), expected);
}

TEST(orders, description_is_read_back)
{
    for (u64 row = 0; row < kBenchmarkCount; ++row) {
        EXPECT_EQ(parse_order(describe(square_row(row)), "t"), square_row(row));
    }
}

TEST(orders, what_is_wrong_with_a_text_is_told_in_one_line)
{
    EXPECT_EQ(error_of("getpid,nosuch"),
              "the text, line 1: no benchmark is called nosuch; drydock suite --list names them");
    EXPECT_NE(error_of("getpid\n\nGetpid\n").find("line 3"), std::string::npos);
    EXPECT_NE(error_of("").find("names no benchmark"), std::string::npos);
    EXPECT_NE(error_of("# getpid\n").find("names no benchmark"), std::string::npos);
    EXPECT_NE(error_of("getpid pi").find("called pi;"), std::string::npos);
    std::string const binary = error_of(std::string("\x7f\x45LF\x02\x00\xff", 7));
    EXPECT_NE(binary.find("called ?ELF???"), std::string::npos) << binary;
    std::string const wide = error_of(std::string(5000, 'x'));
    EXPECT_LT(wide.size(), 200u);
    EXPECT_EQ(wide.find('\n'), std::string::npos);
}

TEST(orders, too_long_an_order_is_refused)
{
    std::string text;
    for (usize i = 0; i < kMaximumOrder; ++i) text += "getpid ";
    EXPECT_EQ(parse_order(text, "t").size(), kMaximumOrder);
    EXPECT_NE(error_of(text + "pipe").find("more than 10000"), std::string::npos);
}

TEST(orders, only_keeps_order_and_repeats)
{
    EXPECT_EQ(only({5, 3, 5, 1}, {1, 5}), (Order{5, 5, 1}));
    EXPECT_EQ(only({5, 3}, {7}), Order{});
    EXPECT_EQ(repeated({2, 1}, 3), (Order{2, 1, 2, 1, 2, 1}));
    EXPECT_EQ(repeated(suite_order(), 227).size(), 227 * kBenchmarkCount);
    EXPECT_THROW(repeated(suite_order(), 228), OrderError);
    EXPECT_THROW(repeated(suite_order(), 0), OrderError);
    EXPECT_THROW(repeated(suite_order(), ~u64{0}), OrderError);
}

TEST(orders, labels_change_where_they_should)
{
    EXPECT_STREQ(ratio_label(0.90), "faster");
    EXPECT_STREQ(ratio_label(0.901), "OK");
    EXPECT_STREQ(ratio_label(1.00), "OK");
    EXPECT_STREQ(ratio_label(1.001), "marginal");
    EXPECT_STREQ(ratio_label(1.10), "marginal");
    EXPECT_STREQ(ratio_label(1.101), "REGRESSION");
}

}  // namespace
}  // namespace drydock::sim
