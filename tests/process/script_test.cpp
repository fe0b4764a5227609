#include "core/process/script.h"

#include <gtest/gtest.h>
#include <string>

namespace drydock {
namespace {

struct Parsed {
    int error = 0;
    std::string interpreter{};
    std::string argument{};
};

Parsed parse(std::string line)
{
    line.resize(kScriptLineSize, '\0');
    Result<ScriptLine> result =
        parse_script_line({reinterpret_cast<std::byte const*>(line.data()), line.size()});
    Parsed parsed;
    if (result.is_error()) {
        parsed.error = static_cast<int>(result.error());
        return parsed;
    }
    ScriptLine const value = result.take();
    parsed.interpreter = {value.interpreter.data(), value.interpreter.size()};
    parsed.argument = {value.argument.data(), value.argument.size()};
    return parsed;
}

TEST(script, names_the_interpreter)
{
    EXPECT_EQ(parse("#!/bin/sh\n").interpreter, "/bin/sh");
    EXPECT_EQ(parse("#!/bin/sh\n").argument, "");
    EXPECT_EQ(parse("#! \t/bin/sh \t\nrest").interpreter, "/bin/sh");
    EXPECT_EQ(parse("#!/bin/sh").interpreter, "/bin/sh");
}

TEST(script, everything_else_is_one_argument)
{
    EXPECT_EQ(parse("#!/bin/awk -f x  y \n").argument, "-f x  y");
    EXPECT_EQ(parse("#!/bin/awk\t-f\n").argument, "-f");
    EXPECT_EQ(parse("#!/bin/awk -f").argument, "-f");
}

TEST(script, without_a_name_it_is_not_executable)
{
    int const expected = static_cast<int>(Errno::NoExec);
    EXPECT_EQ(parse("#!\n").error, expected);
    EXPECT_EQ(parse("#!").error, expected);
    EXPECT_EQ(parse("#!   \t \n/bin/sh\n").error, expected);
    EXPECT_EQ(parse("#!" + std::string(300, ' ')).error, expected);
}

// execve(2): 255 characters count; a name that is cut is refused, an argument is shortened.
TEST(script, long_lines)
{
    EXPECT_EQ(parse("#!/" + std::string(300, 'a')).error, static_cast<int>(Errno::NoExec));
    Parsed const cut = parse("#!/bin/sh " + std::string(300, 'a'));
    EXPECT_EQ(cut.error, 0);
    EXPECT_EQ(cut.interpreter, "/bin/sh");
    EXPECT_EQ(cut.argument, std::string(kScriptLineSize - 1 - 10, 'a'));
}

}  // namespace
}  // namespace drydock
