// The file trees that a guest starts with.

#include "sim/applets.h"
#include "sim/cpio_writer.h"
#include "sim/file_bytes.h"
#include "sim/root_archive.h"

#include <algorithm>
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

}  // namespace
}  // namespace drydock::sim
