// What `drydock contracts` reads, compares and selects.

#include "sim/command_line.h"
#include "sim/contracts/contract_list.h"
#include "sim/contracts/contract_result.h"
#include "sim/contracts/contract_table.h"

#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

ContractResult sample() { return {"files/one", "exit 0", "a\nb\n", "", ""}; }

std::string difference(ContractResult const& right)
{
    return describe_contract_difference("linux", sample(), "sim", right);
}

ContractTable table_of(ContractResult const& simulated)
{
    ContractTable table({"files/one"}, {ContractPlace::Linux, ContractPlace::Simulator});
    table.add(ContractPlace::Linux, sample());
    table.add(ContractPlace::Simulator, simulated);
    return table;
}

TEST(contracts, records_are_read)
{
    auto const results =
        parse_contract_records("contract a/b exit 3 4 2\nx\ny\nzz\ncontract a/c signal 9 0 0\n\n");
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[0].name, "a/b");
    EXPECT_EQ(results[0].ending, "exit 3");
    EXPECT_EQ(results[0].output, "x\ny\n");
    EXPECT_EQ(results[0].errors, "zz");
    EXPECT_EQ(results[1].ending, "signal 9");
}

TEST(contracts, a_damaged_record_ends_the_list)
{
    std::string const whole = "contract a/b exit 0 1 0\nx\n";
    EXPECT_EQ(parse_contract_records(whole).size(), 1u);
    for (usize size = 0; size < whole.size(); ++size) {
        EXPECT_TRUE(parse_contract_records(whole.substr(0, size)).empty()) << size;
    }
    for (char const* const text : {"contract a/b exit 0 9 0\nx\n",
                                   "contract a/b exit -1 0 0\n\n",
                                   "contract a/b exit 0 99999999999999999999 0\n\n",
                                   "words a/b exit 0 0 0\n\n",
                                   "contract a/b exit 0 0 0 0\n\n"}) {
        EXPECT_TRUE(parse_contract_records(text).empty()) << text;
    }
}

TEST(contracts, a_result_survives_a_line_of_text)
{
    ContractResult const result{"a/b", "exit 1", std::string("\0\n\"\xff", 4), "\\", "why\nso"};
    std::string const line = print_contract_result(result);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    ContractResult const again = parse_contract_result(line);
    EXPECT_EQ(again.output, result.output);
    EXPECT_EQ(again.errors, result.errors);
    EXPECT_EQ(again.problem, result.problem);
    EXPECT_THROW(parse_contract_result(line + " more"), std::runtime_error);
    EXPECT_THROW(parse_contract_result("\"a\""), std::runtime_error);
}

TEST(contracts, output_errors_and_ending_all_count)
{
    EXPECT_EQ(difference(sample()), "");
    ContractResult other = sample();
    other.output = "a\nc\n";
    EXPECT_EQ(difference(other),
              "  standard output differs in line 2\n    linux:     b\n    sim:       c\n");
    other = sample();
    other.output = "a\n";
    EXPECT_NE(difference(other).find("(nothing more)"), std::string::npos);
    other = sample();
    other.errors = "oops\n";
    EXPECT_NE(difference(other).find("standard error differs in line 1"), std::string::npos);
    other = sample();
    other.ending = "signal 11";
    EXPECT_EQ(difference(other), "  linux: exit 0, sim: signal 11\n");
    other = sample();
    other.problem = "a stale translation";
    EXPECT_EQ(difference(other), "  sim: a stale translation\n");
}

TEST(contracts, the_status_tells_equal_from_different_from_nothing)
{
    EXPECT_EQ(table_of(sample()).status(), 0);
    ContractResult other = sample();
    other.ending = "timeout 20";
    EXPECT_EQ(table_of(other).status(), 1);
    ContractTable nothing({"files/one"}, {ContractPlace::Linux, ContractPlace::Simulator});
    nothing.lose(ContractPlace::Linux, "no namespaces");
    EXPECT_EQ(nothing.status(), 125);
    EXPECT_NE(nothing.describe_sums().find("not run on linux: no namespaces"), std::string::npos);
}

// Without Linux the simulator is what the image is compared with.
TEST(contracts, the_first_place_that_ran_is_the_reference)
{
    ContractTable table({"files/one"},
                        {ContractPlace::Linux, ContractPlace::Simulator, ContractPlace::Image});
    table.add(ContractPlace::Simulator, sample());
    table.add(ContractPlace::Image, sample());
    EXPECT_EQ(table.status(), 0);
    EXPECT_NE(table.describe_sums().find("linux: 1 not run; sim: 1 ran; image: 1 equal"),
              std::string::npos);
}

// A problem in the reference itself is not hidden by its being the reference.
TEST(contracts, an_oracles_finding_fails_even_alone)
{
    ContractTable table({"files/one"}, {ContractPlace::Simulator});
    ContractResult found = sample();
    found.problem = "a frame leaked";
    table.add(ContractPlace::Simulator, found);
    EXPECT_EQ(table.status(), 1);
}

TEST(contracts, names_families_and_globs_select)
{
    std::vector<std::string> const names = {"a/one", "a/two", "b/one"};
    using Names = std::vector<std::string>;
    EXPECT_EQ(select_contracts(names, {}), names);
    EXPECT_EQ(select_contracts(names, {"a"}), (Names{"a/one", "a/two"}));
    EXPECT_EQ(select_contracts(names, {"*/one"}), (Names{"a/one", "b/one"}));
    EXPECT_EQ(select_contracts(names, {"b/one", "a/two"}), (Names{"a/two", "b/one"}));
    EXPECT_THROW(select_contracts(names, {"a", "c"}), UsageError);
    EXPECT_THROW(select_contracts(names, {"one"}), UsageError);
}

}  // namespace
}  // namespace drydock::sim
