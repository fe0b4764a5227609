// What the suite prints, read in pieces and with mistakes in it.

#include "sim/suite/result_parser.h"

#include <gtest/gtest.h>
#include <string>

namespace drydock::sim {
namespace {

constexpr char const* kSound = "BENCH_START\n"
                               "BENCH getpid 10 705 70\n"
                               "sh: hello\n"
                               "BENCH_SKIP pipe /bin/sh: ENOENT\n"
                               "BENCH_END\n";

ResultParser parsed(std::string const& text)
{
    ResultParser parser({0, 3});
    parser.take(text);
    return parser;
}

TEST(result_parser, reads_times_skips_and_other_output)
{
    ResultParser const parser = parsed(kSound);
    EXPECT_TRUE(parser.is_complete()) << parser.problem();
    ASSERT_EQ(parser.results().size(), 2u);
    BenchmarkResult const& first = parser.results()[0];
    EXPECT_EQ(first.benchmark, 0u);
    EXPECT_FALSE(first.is_skipped);
    EXPECT_EQ(first.iterations, 10u);
    EXPECT_EQ(first.total_ns, 705u);
    EXPECT_EQ(first.ns_per_iteration, 70u);
    BenchmarkResult const& second = parser.results()[1];
    EXPECT_TRUE(second.is_skipped);
    EXPECT_EQ(second.reason, "/bin/sh: ENOENT");
    EXPECT_EQ(second.output, "sh: hello\n");
}

TEST(result_parser, pieces_may_be_of_any_size)
{
    std::string const text = kSound;
    for (usize size = 1; size <= text.size(); ++size) {
        ResultParser parser({0, 3});
        usize results = 0;
        for (usize at = 0; at < text.size(); at += size)
            results += parser.take(text.substr(at, size));
        EXPECT_EQ(results, 2u) << "pieces of " << size;
        EXPECT_TRUE(parser.is_complete()) << "pieces of " << size;
    }
}

TEST(result_parser, a_text_that_ends_early_is_not_complete)
{
    std::string const text = kSound;
    for (usize size = 0; size < text.size(); ++size) {
        EXPECT_FALSE(parsed(text.substr(0, size)).is_complete()) << size;
    }
}

TEST(result_parser, a_wrong_line_is_a_problem)
{
    char const* const wrong[] = {
        "BENCH getpid 10 705 70\n",                               // Before the start.
        "BENCH_START\nBENCH_START\n",                             //
        "BENCH_START\nBENCH_END\n",                               // Results are missing.
        "BENCH_START\nBENCH pipe 10 705 70\n",                    // It was getpid's turn.
        "BENCH_START\nBENCH getpid 10 705 71\n",                  // Not the quotient.
        "BENCH_START\nBENCH getpid 0 0 0\n",                      //
        "BENCH_START\nBENCH getpid 10 705\n",                     //
        "BENCH_START\nBENCH getpid 10 705 70 1\n",                //
        "BENCH_START\nBENCH getpid -10 705 70\n",                 //
        "BENCH_START\nBENCH getpid 10 99999999999999999999 1\n",  //
        "BENCH_START\nBENCH getpid  10 705 70\n",                 //
        "BENCH_START\nBENCH nosuch 10 705 70\n",                  //
        "BENCH_START\nBENCH\n",                                   //
        "BENCH_START\nBENCH_SKIP getpid\n",                       // No reason.
        "BENCH_START\nBENCH_SKIP\n",                              //
        "BENCH_END\n",
    };
    for (char const* const text : wrong) {
        ResultParser const parser = parsed(text);
        EXPECT_FALSE(parser.problem().empty()) << text;
        EXPECT_FALSE(parser.is_complete()) << text;
    }
}

TEST(result_parser, more_results_than_asked_for_are_a_problem)
{
    ResultParser const parser =
        parsed("BENCH_START\nBENCH getpid 1 1 1\nBENCH pipe 1 1 1\nBENCH pipe 1 1 1\nBENCH_END\n");
    EXPECT_NE(parser.problem().find("not the benchmark whose turn it was"), std::string::npos);
}

TEST(result_parser, a_line_without_end_is_other_output)
{
    ResultParser parser({0});
    parser.take("BENCH_START\n" + std::string(100'000, 'x') + "\nBENCH getpid 1 1 1\nBENCH_END\n");
    EXPECT_TRUE(parser.is_complete());
    EXPECT_EQ(parser.results()[0].output.size(), 100'001u);
}

}  // namespace
}  // namespace drydock::sim
