// Random programs hold on Linux: this machine's, with the same BusyBox.

#include "sim/search/program_plan.h"
#include "sim/search/steps.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sys/wait.h>

namespace drydock::sim {
namespace {

std::string script_of(Steps const& lines)
{
    std::string script;
    for (std::string const& line : lines) script += line + "\n";
    return script;
}

class Folder {
public:
    Folder()
    {
        char name[] = "/tmp/drydock-test-XXXXXX";
        path_ = mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string const& path() const { return path_; }

private:
    std::string path_{};
};

// Exit status and output of a script.
std::pair<int, std::string> run_here(std::string const& script, Folder const& folder)
{
    std::string const file = folder.path() + "/script";
    std::ofstream(file) << script;
    std::string const command =
        fmt::format("D={} P={} busybox sh {} 2>&1", folder.path(), PROBE_PROGRAM, file);
    std::FILE* const pipe = popen(command.c_str(), "r");
    std::string output;
    for (int byte = std::fgetc(pipe); byte != EOF; byte = std::fgetc(pipe)) {
        output += static_cast<char>(byte);
    }
    int const status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

TEST(program_plan, programs_hold_on_linux)
{
    for (u64 number = 0; number < 24; ++number) {
        Folder const folder;
        std::string const script = script_of(random_program(1, number));
        auto const [status, output] = run_here(script, folder);
        EXPECT_EQ(status, 0) << script << output;
        EXPECT_EQ(output, "") << script;
    }
}

TEST(program_plan, every_line_stands_alone)
{
    std::set<std::string> seen;
    for (u64 number = 0; number < 60; ++number) {
        for (std::string const& line : random_program(2, number)) {
            if (!seen.insert(without_numbers(line)).second) continue;
            Folder const folder;
            auto const [status, output] = run_here(line + "\n", folder);
            EXPECT_EQ(status, 0) << line << output;
        }
    }
    EXPECT_GT(seen.size(), 30u);
}

// Each of its signals does something else.
TEST(program_plan, every_signal_ends_a_program_as_on_linux)
{
    std::set<std::string> signals;
    for (u64 number = 0; number < 2000; ++number) {
        for (std::string const& line : random_program(6, number)) {
            if (step_name(line) != "pass a status") continue;
            usize const at = line.find("kill -");
            if (!signals.insert(line.substr(at, line.find(' ', at + 6) - at)).second) continue;
            Folder const folder;
            EXPECT_EQ(run_here(line + "\n", folder), std::pair(0, std::string())) << line;
        }
    }
    EXPECT_EQ(signals.size(), 14u);
}

TEST(program_plan, a_line_whose_check_does_not_hold_ends_with_an_error)
{
    Folder const folder;
    std::string const line = random_program(3, 0).at(0);
    auto const [status, output] = run_here(
        "seq() { echo wrong; }\nP=false\n" + script_of(random_program(3, 1)) + line, folder);
    EXPECT_NE(status, 0) << output;
}

TEST(program_plan, programs_are_a_function_of_seed_and_number)
{
    EXPECT_EQ(random_program(4, 9), random_program(4, 9));
    EXPECT_NE(random_program(4, 9), random_program(4, 10));
    EXPECT_NE(random_program(4, 9), random_program(5, 9));
}

TEST(steps, a_line_of_several_checks_has_shorter_ones)
{
    std::string const line = "$P pipe 1 stop 22 pipe 3 || exit 1  # probe pipe stop pipe";
    Steps const shorter = shorter_steps(line);
    ASSERT_EQ(shorter.size(), 3u);
    EXPECT_EQ(shorter[1], "$P pipe 1 pipe 3 || exit 1  # probe pipe pipe");
    EXPECT_TRUE(shorter_steps("$P pipe 1 || exit 1  # probe pipe").empty());
    EXPECT_TRUE(shorter_steps("echo 1 2 3").empty());
    EXPECT_TRUE(shorter_steps("").empty());
}

TEST(steps, numbers_do_not_count)
{
    EXPECT_EQ(without_numbers("frame 0x837f00 of 12, md5sum w7"), "frame # of #, md5sum w7");
    EXPECT_EQ(without_numbers(""), "");
}

}  // namespace
}  // namespace drydock::sim
