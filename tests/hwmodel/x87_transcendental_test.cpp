// The software functions of the x87 unit against the host's: the special operands to the bit, the
// rest to the last place.

#include "tests/hwmodel/simd_oracle.h"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

namespace drydock::hwmodel {
namespace {

struct Function {
    u8 modrm;
    char const* name;
};

constexpr Function kFunctions[] = {
    {0xf0, "f2xm1"},
    {0xf1, "fyl2x"},
    {0xf2, "fptan"},
    {0xf3, "fpatan"},
    {0xf9, "fyl2xp1"},
    {0xfb, "fsincos"},
    {0xfe, "fsin"},
    {0xff, "fcos"},
};

long double value_of(u8 const* bytes)
{
    long double value = 0;
    std::memcpy(&value, bytes, 10);
    return value;
}

// Distance in units of the last place; large if sign or exponent differ.
u64 distance(u8 const* a, u8 const* b)
{
    u64 first = 0;
    u64 second = 0;
    std::memcpy(&first, a, 8);
    std::memcpy(&second, b, 8);
    if (std::memcmp(a + 8, b + 8, 2) != 0) return ~u64{0};
    return first < second ? second - first : first - second;
}

// Results may differ in the last place; brings the host's to the model's where they do, and the
// flags that follow from it.
void forgive_last_place(OracleCase& native, OracleCase const& model, u64 limit)
{
    for (usize i = 0; i < 8; ++i) {
        u8* const a = native.state.fx.st[i];
        u8 const* const b = model.state.fx.st[i];
        if (distance(a, b) <= limit) std::memcpy(a, b, 10);
    }
    // Hardware calls even an exact logarithm inexact, and so an exact denormal an underflow.
    constexpr u16 kRoundedUp = 1u << 9;
    constexpr u16 kPrecision = 1u << 5;
    constexpr u16 kUnderflow = 1u << 4;
    u16& fsw = native.state.fx.fsw;
    u16 const expected = model.state.fx.fsw;
    u16 forgiven = kRoundedUp;
    if ((expected & kPrecision) == 0) forgiven |= kPrecision | kUnderflow;
    fsw = static_cast<u16>((fsw & ~forgiven) | (expected & forgiven));
}

// Beyond the first octant the host's reduction, with a pi of 66 bits, is not the model's.
bool is_comparable(u8 modrm, FxState const& fx)
{
    long double const x = std::fabs(value_of(fx.st[0]));
    bool const is_angle = modrm == 0xf2 || modrm >= 0xfb;
    if (is_angle) return !(x > 0.78L && x < 0x1p63L);
    if (modrm == 0xf0) return !(x > 1) || std::isinf(x) || std::isnan(x);
    if (modrm == 0xf9) return x < 0.29L || std::isnan(x);
    return true;
}

}  // namespace

TEST(x87, functions_agree_with_the_host)
{
    Random random(2);
    NativeCode native_code;
    for (Function const& function : kFunctions) {
        u8 const bytes[16] = {0xd9, function.modrm};
        Decoded decoded;
        ASSERT_TRUE(decode(bytes, decoded));
        native_code.set_instruction(std::span(bytes, 2));
        int failures = 0;
        for (int round = 0; round < 20'000 && failures < 4; ++round) {
            OracleCase native;
            randomize(random, native);
            native.state.fx.fcw |= 0x3f;
            native.state.fx.fcw = static_cast<u16>(native.state.fx.fcw & ~0x0c00);
            OracleCase const before = native;
            if (!is_comparable(function.modrm, before.state.fx)) continue;
            OracleCase model = native;
            FakeMemory memory(model, 0);
            ExtensionResult const result =
                decoded.extension.handler(model.state, memory, decoded.extension, 0);
            EXPECT_EQ(result, ExtensionResult::Done);
            native_code.run(native);
            forgive_last_place(native, model, 2);
            std::string const message = difference(native, model);
            if (message.empty()) continue;
            ADD_FAILURE() << function.name << " " << message << "\nbefore:\n" << describe(before);
            ++failures;
        }
    }
}

// The host's C library reduces angles exactly, as the model does.
TEST(x87, large_angles_are_reduced_exactly)
{
    Random random(3);
    u8 const bytes[16] = {0xd9, 0xfb};
    Decoded fsincos;
    ASSERT_TRUE(decode(bytes, fsincos));
    for (int round = 0; round < 20'000; ++round) {
        long double const angle = std::ldexp(static_cast<long double>(random.next() | u64{1} << 63),
                                             -static_cast<int>(random.below(64)) - 1);
        OracleCase model;
        model.state.fx.ftw = 0x01;
        std::memcpy(model.state.fx.st[0], &angle, 10);
        FakeMemory memory(model, 0);
        fsincos.extension.handler(model.state, memory, fsincos.extension, 0);
        long double const sine = std::sin(angle);
        long double const cosine = std::cos(angle);
        u8 expected[2][16] = {};
        std::memcpy(expected[0], &cosine, 10);
        std::memcpy(expected[1], &sine, 10);
        EXPECT_LE(distance(model.state.fx.st[0], expected[0]), 1u);
        EXPECT_LE(distance(model.state.fx.st[1], expected[1]), 1u);
    }
}

// The same function in all four rounding modes: adjacent values that enclose the result.
TEST(x87, directed_roundings_enclose_the_result)
{
    Random random(4);
    u8 const bytes[16] = {0xd9, 0xff};
    Decoded fcos;
    ASSERT_TRUE(decode(bytes, fcos));
    for (int round = 0; round < 5'000; ++round) {
        OracleCase before;
        before.state.fx.ftw = 0x01;
        long double const angle = static_cast<long double>(random.next() >> 11) * 0x1p-53L;
        std::memcpy(before.state.fx.st[0], &angle, 10);
        u64 results[4] = {};
        for (unsigned mode = 0; mode < 4; ++mode) {
            OracleCase model = before;
            model.state.fx.fcw = static_cast<u16>(0x037f | mode << 10);
            FakeMemory memory(model, 0);
            fcos.extension.handler(model.state, memory, fcos.extension, 0);
            std::memcpy(&results[mode], model.state.fx.st[0], 8);
        }
        if (angle == 0) continue;
        // Nearest, down, up, toward zero; the cosine is positive here.
        if (results[2] > results[1]) {
            EXPECT_EQ(results[2] - results[1], 1u);
        }
        EXPECT_EQ(results[3], results[1]);
        EXPECT_TRUE(results[0] == results[1] || results[0] == results[2]);
    }
}

}  // namespace drydock::hwmodel
