#include "hwmodel/features.h"
#include "sim/escape_key.h"
#include "sim/qemu_command.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

bool has_pair(std::vector<std::string> const& words,
              std::string const& name,
              std::string const& value)
{
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == name && words[i + 1] == value) return true;
    }
    return false;
}

bool has_word(std::vector<std::string> const& words, std::string const& word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

TEST(qemu_command, names_the_modelled_cpu_and_the_memory)
{
    QemuMachine machine;
    machine.image = "/an image";
    machine.memory_bytes = 64 * kMiB;
    std::vector<std::string> const words = qemu_command(machine);
    EXPECT_EQ(words[0], kQemuProgram);
    EXPECT_TRUE(has_pair(words, "-cpu", hwmodel::kQemuCpu));
    EXPECT_TRUE(has_pair(words, "-m", "64M"));
    EXPECT_TRUE(has_pair(words, "-accel", "tcg"));
    EXPECT_TRUE(has_pair(words, "-kernel", "/an image"));
    EXPECT_FALSE(has_word(words, "-icount"));
    EXPECT_FALSE(has_word(words, "-fw_cfg"));
}

TEST(qemu_command, takes_what_is_asked_for)
{
    QemuMachine machine;
    machine.uses_kvm = true;
    machine.counts_instructions = true;
    machine.has_program = true;
    machine.more = {"-d", "int"};
    std::vector<std::string> const words = qemu_command(machine);
    EXPECT_TRUE(has_pair(words, "-accel", "kvm"));
    EXPECT_TRUE(has_pair(words, "-icount", "shift=0,sleep=off"));
    EXPECT_TRUE(has_pair(words, "-fw_cfg", "name=opt/drydock/program,file=/proc/self/fd/7"));
    EXPECT_EQ(words.back(), "int");
}

std::string typed(EscapeKey& key, std::string const& text)
{
    std::string result;
    return key.filter(text, result) ? result : result + "(left)";
}

TEST(escape_key, x_leaves_in_one_read_or_two)
{
    EscapeKey key;
    EXPECT_EQ(typed(key, "ab\x01"), "ab");
    EXPECT_EQ(typed(key, "x"), "(left)");
    EXPECT_EQ(typed(key, std::string("c\x01") + "Xd"), "c(left)");
}

TEST(escape_key, other_keys_reach_the_guest)
{
    EscapeKey key;
    EXPECT_EQ(typed(key, "x"), "x");
    EXPECT_EQ(typed(key, "\x01\x01x"), "\x01x");
    EXPECT_EQ(typed(key, std::string("\x01") + "a"), "\x01");
    EXPECT_EQ(typed(key, std::string("\x01") + "e"), std::string("\x01") + "e");
    EXPECT_EQ(typed(key, "\x01"), "");
}

}  // namespace
}  // namespace drydock::sim
