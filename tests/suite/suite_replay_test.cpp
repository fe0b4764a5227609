// A run of the suite leaves a trace like any other.

#include "tests/sim/program_support.h"

#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

test::Result shell(std::string const& arguments)
{
    return test::run_program(DRYDOCK_PROGRAM, arguments);
}

TEST(suite_trace, is_replayed)
{
    test::Folder const folder;
    std::string const file = folder / "t";
    std::string const options = " --quiet --order pipe,getpid,exec_true,getpid --seed 3 --trace ";
    ASSERT_EQ(shell("suite" + options + file).status, 0);
    test::Result const again = shell("replay " + file);
    EXPECT_EQ(again.status, 0) << again.output;
    EXPECT_NE(again.output.find(" events as recorded"), std::string::npos) << again.output;
    // The order can be read in the header, and the header is enough.
    test::Result const header = shell("trace --header " + file);
    EXPECT_NE(header.output.find("\"pipe\" \"getpid\" \"exec_true\" \"getpid\"\n"),
              std::string::npos)
        << header.output;
    shell("trace --header " + file + " > " + file + ".header");
    EXPECT_EQ(shell("replay " + file + ".header").output, again.output);
}

}  // namespace
}  // namespace drydock::sim
