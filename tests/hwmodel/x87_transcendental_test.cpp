// The software functions of the x87 unit against the host's: the special operands to the bit, the rest
// to the last place.

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
    {0xf0, "f2xm1"},   {0xf1, "fyl2x"},   {0xf2, "fptan"}, {0xf3, "fpatan"},
    {0xf9, "fyl2xp1"}, {0xfb, "fsincos"}, {0xfe, "fsin"},  {0xff, "fcos"},
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

// Results may differ in the last place; brings the host's to the model's where they do, and the flags
// that follow from it.
void forgive_last_place(OracleCase& native, OracleCase const& model, u64 limit)
{
    for (usize i = 0; i < 8; ++i) {
        u8* const a = native.state.fx.st[i];
        u8 const* const b = model.state.fx.st[i];
        if (distance(a, b) <= limit) std::memcpy(a, b, 10);
    }
    constexpr u16 kRoundedUp = 1u << 9;
    u16& fsw = native.state.fx.fsw;
    fsw = static_cast<u16>((fsw & ~kRoundedUp) | (model.state.fx.fsw & kRoundedUp));
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

}  // namespace drydock::hwmodel
