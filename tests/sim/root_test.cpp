// The file trees that a guest starts with.

#include "sim/applets.h"
#include "sim/cpio_writer.h"
#include "sim/file_bytes.h"
#include "sim/machine_layout.h"
#include "sim/named_root.h"
#include "sim/packed_tree.h"
#include "sim/root_archive.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

TEST(applets, are_found_in_the_binary)
{
    MappedFile const busybox("/bin/busybox");
    auto const names = find_applets(busybox.text());
    for (std::string_view const name : {"[", "ash", "sh", "true", "zcat", "grep"}) {
        EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    }
    EXPECT_EQ(folder_of_applet("sh"), "bin/");
    EXPECT_EQ(folder_of_applet("wc"), "usr/bin/");
    EXPECT_EQ(folder_of_applet("fdisk"), "sbin/");
    EXPECT_EQ(folder_of_applet("chroot"), "usr/sbin/");
    EXPECT_TRUE(find_applets("nothing of the kind").empty());
}

TEST(cpio_writer, aligns_and_ends_the_archive)
{
    CpioWriter writer;
    writer.add_file("a", "x");
    std::vector<std::byte> const bytes = writer.finish();
    std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    EXPECT_EQ(bytes.size() % 4, 0u);
    EXPECT_EQ(text.substr(0, 6), "070701");
    EXPECT_EQ(text.substr(110, 2), std::string_view("a\0", 2));
    EXPECT_EQ(text[112], 'x');
    EXPECT_NE(text.find("TRAILER!!!"), std::string_view::npos);
}

TEST(root_archive, is_the_same_each_time)
{
    EXPECT_EQ(build_root_archive({}, {}).bytes, build_root_archive({}, {}).bytes);
}

TEST(root_archive, damaged_archive_is_refused)
{
    RootArchive const archive = build_root_archive({}, {});
    std::string const path = "/tmp/drydock-root-test.cpio";
    std::string text(reinterpret_cast<char const*>(archive.bytes.data()), archive.bytes.size());
    write_file(path, text);
    EXPECT_EQ(build_root_archive(path, {}).bytes.size(), archive.bytes.size());
    write_file(path, text.substr(0, text.size() / 2));
    EXPECT_THROW(build_root_archive(path, {}), std::runtime_error);
    text[1000 * 1000] = 'x';
    text.replace(text.find("070701", 6), 6, "garbag");
    write_file(path, text);
    EXPECT_THROW(build_root_archive(path, {}), std::runtime_error);
    remove(path.c_str());
}

// A folder that goes with the test.
class Scratch {
public:
    Scratch() { EXPECT_NE(mkdtemp(path_), nullptr); }
    ~Scratch() { std::filesystem::remove_all(path_); }
    std::string operator/(char const* name) const { return std::string(path_) + "/" + name; }
    bool run(std::string const& command) const
    {
        return std::system(("cd " + std::string(path_) + " && " + command).c_str()) == 0;
    }

private:
    char path_[32] = "/tmp/drydock-root-XXXXXX";
};

// Name, mode, number of names and contents of what an archive holds.
std::string listing(std::vector<std::byte> const& bytes)
{
    std::string_view archive(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    auto const field = [&archive](usize number) {
        return std::stoul(std::string(archive.substr(6 + number * 8, 8)), nullptr, 16);
    };
    std::string text;
    for (;;) {
        if (!archive.starts_with("070701")) return text + "damaged";
        usize const name = field(11);
        usize const content_at = (110 + name + 3) & ~usize{3};
        std::string_view const path = archive.substr(110, name - 1);
        if (path == "TRAILER!!!") return text;
        std::string_view const content = archive.substr(content_at, field(6));
        text += fmt::format("{} {:o} {} {}\n", path, field(1), field(4), content);
        archive.remove_prefix((content_at + content.size() + 3) & ~usize{3});
    }
}

TEST(packed_tree, every_format_gives_the_same_tree)
{
    Scratch const scratch;
    ASSERT_TRUE(scratch.run("mkdir -p t/d && cd t && echo one > d/a && chmod 640 d/a && ln d/a d/b "
                            "&& ln -s a d/c && mkfifo p && chmod 755 . d && chmod 600 p"));
    std::string const names = " --sort=name -C t .";
    ASSERT_TRUE(scratch.run("tar cf r.tar" + names + " && tar czf r.tar.gz" + names +
                            " && tar cJf r.tar.xz" + names));
    std::string const wanted = ". 40755 1 \nd 40755 1 \nd/a 100640 2 one\n\nd/b 100640 2 \n"
                               "d/c 120777 1 a\np 10600 1 \n";
    for (char const* const name : {"r.tar", "r.tar.gz", "r.tar.xz"}) {
        EXPECT_EQ(listing(convert_packed_tree(scratch / name)), wanted) << name;
        EXPECT_NO_THROW(build_root_archive(scratch / name, {{"/etc/passwd", "/added"}})) << name;
    }
}

TEST(packed_tree, what_is_no_archive_or_cut_is_refused)
{
    Scratch const scratch;
    ASSERT_TRUE(scratch.run("head -c 200000 /bin/busybox > f && tar cJf whole f && "
                            "head -c 50000 whole > cut && : > empty"));
    EXPECT_THROW(build_root_archive(scratch / "f", {}), std::runtime_error);
    EXPECT_THROW(build_root_archive(scratch / "cut", {}), std::runtime_error);
    EXPECT_THROW(build_root_archive(scratch / "empty", {}), std::runtime_error);
    EXPECT_NO_THROW(build_root_archive(scratch / "whole", {}));
}

TEST(named_root, a_name_that_was_not_made_says_how_to_make_it)
{
    EXPECT_EQ(find_root(""), "");
    EXPECT_EQ(find_root("/nonexistent"), "/nonexistent");
    try {
        find_root("no-such-root");
        FAIL();
    } catch (std::runtime_error const& error) {
        EXPECT_NE(std::string(error.what()).find("tools/make_root no-such-root"),
                  std::string::npos);
    }
}

TEST(machine_layout, memory_grows_with_the_tree_unless_somebody_said_how_much)
{
    EXPECT_EQ(memory_for_tree(0, 2 * kMiB), kDefaultMemory);
    EXPECT_EQ(memory_for_tree(0, 64 * kMiB), kDefaultMemory);
    EXPECT_EQ(memory_for_tree(0, 64 * kMiB + 1), kGiB + 128 * kMiB);
    EXPECT_EQ(memory_for_tree(32 * kMiB, 300 * kMiB), 32 * kMiB);
}

}  // namespace
}  // namespace drydock::sim
