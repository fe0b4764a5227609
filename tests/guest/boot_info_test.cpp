#include "guest/boot_info.h"
#include "tests/guest/low_memory.h"
#include "tests/support/random.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace drydock::guest {
namespace {

constexpr u64 kInfo = LowMemory::kAddress;

std::string text_of(StringView text) { return {text.data(), text.size()}; }
std::string command_line_of(BootInfo const& info)
{
    return {info.command_line, info.command_line_size};
}

// Writes Multiboot2 information, tag by tag.
class MultibootInfo {
public:
    template <typename... Words>
    void add(u32 type, Words... words)
    {
        start(type);
        ((LowMemory::put(end_, words), end_ += sizeof(words)), ...);
        finish();
    }
    void add_text(u32 type, std::string const& text)
    {
        start(type);
        LowMemory::put_text(end_, text);
        end_ += text.size() + 1;
        finish();
    }
    void add_memory()
    {
        add(6,
            u32{24},
            u32{0},
            u64{0},
            u64{0x9'f000},
            u64{1},
            u64{0x10'0000},
            u64{0x3ff0'0000},
            u64{1});
    }
    void close()
    {
        add(0);
        LowMemory::put(kInfo, static_cast<u32>(end_ - kInfo));
    }
    u64 end() const { return end_; }

private:
    void start(u32 type)
    {
        tag_ = end_;
        LowMemory::put(tag_, type);
        end_ += 8;
    }
    void finish()
    {
        LowMemory::put(tag_ + 4, static_cast<u32>(end_ - tag_));
        end_ = (end_ + 7) & ~u64{7};
    }

    u64 tag_ = 0;
    u64 end_ = kInfo + 8;
};

struct Reading {
    LowMemory memory{};
    std::unique_ptr<BootInfo> info = std::make_unique<BootInfo>();

    std::string multiboot() { return text_of(read_multiboot_info(kInfo, *info)); }
    std::string start_info() { return text_of(read_start_info(kInfo, *info)); }
};

TEST(multiboot_info, says_all_that_is_asked)
{
    Reading reading;
    MultibootInfo written;
    written.add_text(2, "GRUB");
    written.add_text(1, "drydock.tty=0 -- sh -c 'a b'");
    written.add(3, u32{0x20'0000}, u32{0x20'1234}, u64{0});
    written.add(3, u32{0x30'0000}, u32{0x30'0010}, u64{0});
    written.add_memory();
    written.add(14, u64{1}, u64{2}, u32{3});
    u64 const acpi = written.end() + 8;
    written.add(15, u64{1}, u64{2}, u64{3}, u64{4}, u32{5});
    written.close();
    EXPECT_EQ(reading.multiboot(), "");
    EXPECT_EQ(command_line_of(*reading.info), "drydock.tty=0 -- sh -c 'a b'");
    EXPECT_EQ(reading.info->initramfs, 0x20'0000u);
    EXPECT_EQ(reading.info->initramfs_size, 0x1234u);
    EXPECT_EQ(reading.info->memory.count(), 2u);
    EXPECT_TRUE(reading.info->memory.holds(0x10'0000, 0x4000'0000));
    EXPECT_EQ(reading.info->acpi, acpi);
}

TEST(multiboot_info, what_is_damaged_is_refused)
{
    auto const damaged = "the multiboot information is damaged";
    {
        Reading reading;
        MultibootInfo written;
        written.close();
        EXPECT_EQ(reading.multiboot(), "there is no memory map");
        LowMemory::put(kInfo, u32{8});
        EXPECT_EQ(reading.multiboot(), damaged);
        LowMemory::put(kInfo, u32{0});
        EXPECT_EQ(reading.multiboot(), damaged);
        LowMemory::put(kInfo, ~u32{0});
        EXPECT_EQ(reading.multiboot(), damaged);
        EXPECT_EQ(text_of(read_multiboot_info(kInfo + 4, *reading.info)),
                  "the multiboot information is out of reach");
        EXPECT_EQ(text_of(read_multiboot_info(~u64{7}, *reading.info)),
                  "the multiboot information is out of reach");
    }
    {
        Reading reading;
        MultibootInfo written;
        written.add(3, u32{0x20'0000}, u32{0x10'0000});
        written.close();
        EXPECT_EQ(reading.multiboot(), damaged);
    }
    for (u32 const stride : {0u, 8u, 23u, 28u}) {
        Reading reading;
        MultibootInfo written;
        written.add(6, stride, u32{0}, u64{0}, u64{0}, u64{0}, u64{0});
        written.close();
        EXPECT_EQ(reading.multiboot(), damaged) << stride;
    }
    for (u32 const size : {0u, 7u, 1000u}) {
        Reading reading;
        MultibootInfo written;
        written.add_memory();
        written.close();
        LowMemory::put(kInfo + 12, size);
        EXPECT_EQ(reading.multiboot(), damaged) << size;
    }
    {
        Reading reading;
        MultibootInfo written;
        written.add_text(1, std::string(BootInfo::kMaximumCommandLine + 1, 'x'));
        written.close();
        EXPECT_EQ(reading.multiboot(), "the command line is too long");
    }
}

// Whatever the bytes are, they are read inside of their limits and an answer comes back.
TEST(multiboot_info, random_damage_ends)
{
    for (u64 seed = 1; seed <= 2000; ++seed) {
        Reading reading;
        test::Random random(seed);
        MultibootInfo written;
        written.add_text(1, "a command line");
        written.add(3, u32{0x20'0000}, u32{0x20'1234}, u64{0});
        written.add_memory();
        written.close();
        for (u64 i = 0; i < 1 + random.below(4); ++i) {
            LowMemory::byte(kInfo + 8 + random.below(written.end() - kInfo - 8)) =
                static_cast<u8>(random.next());
        }
        reading.multiboot();
    }
}

TEST(start_info, says_all_that_is_asked)
{
    Reading reading;
    u64 const modules = kInfo + 0x100, text = kInfo + 0x200, map = kInfo + 0x300;
    LowMemory::put_words(kInfo,
                         {u64{1} << 32 | 0x336e'c578, u64{1} << 32, modules, text, 77, map, 3});
    LowMemory::put_words(modules, {0x20'0000, 0x1234, 0, 0});
    LowMemory::put_text(text, "env='A=1 2'");
    LowMemory::put_words(map, {0, 0x9'fc00, 1, 0x10'0000, 0x1fff'0000, 1, 0x80'0000, 0x1000, 4});
    EXPECT_EQ(reading.start_info(), "");
    EXPECT_EQ(command_line_of(*reading.info), "env='A=1 2'");
    EXPECT_EQ(reading.info->initramfs, 0x20'0000u);
    EXPECT_EQ(reading.info->initramfs_size, 0x1234u);
    EXPECT_EQ(reading.info->acpi, 77u);
    EXPECT_TRUE(reading.info->memory.holds(0x10'0000, 0x80'0000));
    EXPECT_FALSE(reading.info->memory.holds(0x80'0000, 0x80'1000));
    EXPECT_TRUE(reading.info->memory.holds(0x80'1000, 0x200f'0000));

    LowMemory::put(kInfo + 32, ~u64{0});
    LowMemory::put_words(modules, {~u64{0}, 0x1234});
    EXPECT_EQ(reading.start_info(), "the initramfs is out of reach");
    LowMemory::put(kInfo + 48, u32{0});
    EXPECT_EQ(reading.start_info(), "there is no memory map");
    LowMemory::put(kInfo + 48, u32{2000});
    EXPECT_EQ(reading.start_info(), "the memory map is too long");
    LowMemory::put(kInfo, u32{1});
    EXPECT_EQ(reading.start_info(), "there is no PVH start info");
}

}  // namespace
}  // namespace drydock::guest
