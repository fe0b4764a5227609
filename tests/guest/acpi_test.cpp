#include "guest/acpi.h"
#include "tests/guest/low_memory.h"
#include "tests/support/random.h"

#include <gtest/gtest.h>
#include <string>

namespace drydock::guest {
namespace {

constexpr u64 kRoot = LowMemory::kAddress, kList = kRoot + 0x100, kFadt = kRoot + 0x200,
              kOther = kRoot + 0x400, kDsdt = kRoot + 0x500;

// Makes the sum of `size` bytes zero with the one at `place`.
void balance(u64 address, u64 size, u64 place)
{
    LowMemory::byte(place) = 0;
    u8 sum = 0;
    for (u64 i = 0; i < size; ++i) sum = static_cast<u8>(sum + LowMemory::byte(address + i));
    LowMemory::byte(place) = static_cast<u8>(-sum);
}

void finish_table(u64 address, char const* signature, u32 size)
{
    LowMemory::put_text(address, signature);
    LowMemory::put(address + 4, size);
    balance(address, size, address + 9);
}

void write_dsdt(std::string const& code)
{
    LowMemory::put_text(kDsdt + 36, code);
    finish_table(kDsdt, "DSDT", static_cast<u32>(36 + code.size()));
}

std::string sleep_package(char type)
{
    return std::string("\x08_S5_\x12\x07\x04\x0a") + type + std::string("\0\0\0\0\0\0\0\0", 8);
}

void write_tables(bool is_new)
{
    LowMemory::put_text(kRoot, "RSD PTR ");
    LowMemory::put(kRoot + 15, static_cast<u8>(is_new ? 2 : 0));
    LowMemory::put(kRoot + 16, static_cast<u32>(is_new ? 0 : kList));
    if (is_new) LowMemory::put(kRoot + 24, kList);
    balance(kRoot, 20, kRoot + 8);
    finish_table(kOther, "APIC", 50);
    if (is_new) {
        LowMemory::put(kList + 36, kOther);
        LowMemory::put(kList + 44, kFadt);
    } else {
        LowMemory::put(kList + 36, static_cast<u32>(kOther));
        LowMemory::put(kList + 40, static_cast<u32>(kFadt));
    }
    finish_table(kList, is_new ? "XSDT" : "RSDT", is_new ? 52 : 44);
    LowMemory::put(kFadt + 40, static_cast<u32>(kDsdt));
    LowMemory::put(kFadt + 48, u32{0xb2});
    LowMemory::put(kFadt + 52, u8{2});
    LowMemory::put(kFadt + 64, u32{0xb004});
    finish_table(kFadt, "FACP", is_new ? 244 : 116);
    write_dsdt("\x5b\x80 some code _S5_ " + sleep_package('\x05'));
}

TEST(acpi, finds_how_to_switch_off)
{
    for (bool const is_new : {false, true}) {
        LowMemory const memory;
        write_tables(is_new);
        SoftOff way;
        ASSERT_TRUE(find_soft_off(kRoot, way));
        EXPECT_EQ(way.control_port, 0xb004);
        EXPECT_EQ(way.value, 1u << 13 | 5u << 10);
        EXPECT_EQ(way.command_port, 0xb2);
        EXPECT_EQ(way.enable_command, 2);
    }
}

TEST(acpi, sleep_types_as_bytes_and_as_constants)
{
    struct Case {
        std::string code;
        int type;
    };
    std::string const rest(8, '\0');
    Case const cases[] = {
        {sleep_package('\x07'), 7},
        {sleep_package('\x08'), -1},
        {std::string("\x08\\_S5_\x12\x06\x04") + std::string("\0", 1) + rest, 0},
        {std::string("\x08_S5_\x12\x06\x04\x01") + rest, 1},
        {std::string("\x08_S5_\x12\x47\x01\x04\x0a\x03") + rest, 3},
        {std::string("\x08_S5_\x12\x06\x04\x0c\x03") + rest, -1},
        {std::string("_S5_\x12\x06\x04\x0a\x03") + rest, -1},
        {std::string("\x08_S5_\x10\x06\x04\x0a\x03") + rest, -1},
        {"\x08_S5_\x12\x06", -1},
        {"\x08_S5_", -1},
        {"", -1},
    };
    for (Case const& sample : cases) {
        LowMemory const memory;
        write_tables(true);
        write_dsdt(sample.code);
        SoftOff way;
        EXPECT_EQ(find_soft_off(kRoot, way), sample.type >= 0) << sample.type;
        if (sample.type >= 0) {
            EXPECT_EQ(way.value >> 10 & 7, sample.type);
        }
    }
}

TEST(acpi, damaged_tables_are_not_believed)
{
    for (u64 const place : {kRoot + 3, kList + 20, kFadt + 70, kDsdt + 40}) {
        LowMemory const memory;
        write_tables(true);
        LowMemory::byte(place) ^= 0x10;
        SoftOff way{1, 2, 3, 4};
        EXPECT_FALSE(find_soft_off(kRoot, way)) << place;
        EXPECT_EQ(way.value, 2);
    }
    SoftOff way;
    EXPECT_FALSE(find_soft_off(0, way));
    EXPECT_FALSE(find_soft_off(~u64{0}, way));
    for (u64 seed = 1; seed <= 2000; ++seed) {
        LowMemory const memory;
        test::Random random(seed);
        write_tables(seed % 2 == 0);
        // The sums are right again, so that what follows is read.
        LowMemory::byte(kDsdt + 36 + random.below(30)) = static_cast<u8>(random.next());
        LowMemory::byte(kFadt + 40) = static_cast<u8>(random.next());
        finish_table(kDsdt, "DSDT", static_cast<u32>(36 + random.below(40)));
        finish_table(kFadt, "FACP", seed % 2 == 0 ? 244 : 116);
        find_soft_off(kRoot, way);
    }
}

}  // namespace
}  // namespace drydock::guest
