#include "hwmodel/x87_native.h"

#include <array>
#include <cstring>
#include <utility>

namespace drydock::hwmodel {
namespace {

constexpr u32 kHostMxcsr = 0x1f80;

// FXRSTOR and FXSAVE touch every vector register and MXCSR, so the image carries the host's MXCSR.
using RegisterForm = void (*)(FxState& image, u64& flags);
using MemoryForm = void (*)(FxState& image, void* buffer);

template <usize kCode>
void register_form(FxState& image, u64& flags)
{
    // AH carries the flags as SAHF and LAHF know them.
    u64 rax = (flags & 0xff) << 8;
    asm volatile("fxrstor64 %0\n\t"
                 "sahf\n\t"
                 ".byte %c2, %c3\n\t"
                 "lahf\n\t"
                 "fxsave64 %0\n\t"
                 "fninit"
                 : "+m"(image), "+a"(rax)
                 : "i"(0xd8 + (kCode >> 8)), "i"(kCode & 0xff)
                 : "cc",
                   "memory",
                   "st",
                   "st(1)",
                   "st(2)",
                   "st(3)",
                   "st(4)",
                   "st(5)",
                   "st(6)",
                   "st(7)",
                   "xmm0",
                   "xmm1",
                   "xmm2",
                   "xmm3",
                   "xmm4",
                   "xmm5",
                   "xmm6",
                   "xmm7",
                   "xmm8",
                   "xmm9",
                   "xmm10",
                   "xmm11",
                   "xmm12",
                   "xmm13",
                   "xmm14",
                   "xmm15");
    flags = (flags & ~u64{0xff}) | ((rax >> 8) & 0xff);
}

// ModRM with mod = 0 and rm = 0 addresses [rax].
template <usize kCode>
void memory_form(FxState& image, void* buffer)
{
    asm volatile("fxrstor64 %0\n\t"
                 ".byte %c2, %c3\n\t"
                 "fxsave64 %0\n\t"
                 "fninit"
                 : "+m"(image)
                 : "a"(buffer), "i"(0xd8 + (kCode >> 3)), "i"((kCode & 7) << 3)
                 : "cc",
                   "memory",
                   "st",
                   "st(1)",
                   "st(2)",
                   "st(3)",
                   "st(4)",
                   "st(5)",
                   "st(6)",
                   "st(7)",
                   "xmm0",
                   "xmm1",
                   "xmm2",
                   "xmm3",
                   "xmm4",
                   "xmm5",
                   "xmm6",
                   "xmm7",
                   "xmm8",
                   "xmm9",
                   "xmm10",
                   "xmm11",
                   "xmm12",
                   "xmm13",
                   "xmm14",
                   "xmm15");
}

template <usize kCode>
void short_memory_form(FxState& image, void* buffer)
{
    asm volatile("fxrstor64 %0\n\t"
                 ".byte 0x66, %c2, %c3\n\t"
                 "fxsave64 %0\n\t"
                 "fninit"
                 : "+m"(image)
                 : "a"(buffer), "i"(0xd8 + (kCode >> 3)), "i"((kCode & 7) << 3)
                 : "cc",
                   "memory",
                   "st",
                   "st(1)",
                   "st(2)",
                   "st(3)",
                   "st(4)",
                   "st(5)",
                   "st(6)",
                   "st(7)",
                   "xmm0",
                   "xmm1",
                   "xmm2",
                   "xmm3",
                   "xmm4",
                   "xmm5",
                   "xmm6",
                   "xmm7",
                   "xmm8",
                   "xmm9",
                   "xmm10",
                   "xmm11",
                   "xmm12",
                   "xmm13",
                   "xmm14",
                   "xmm15");
}

// Register forms by opcode and ModRM - 0xc0, 64 for each opcode.
template <usize... kIndices>
constexpr std::array<RegisterForm, sizeof...(kIndices)> register_forms(
    std::index_sequence<kIndices...>)
{
    return {register_form<(kIndices / 64) << 8 | 0xc0 | kIndices % 64>...};
}

template <usize... kIndices>
constexpr std::array<MemoryForm, sizeof...(kIndices)> memory_forms(std::index_sequence<kIndices...>)
{
    return {memory_form<kIndices>...};
}

template <usize... kIndices>
constexpr std::array<MemoryForm, sizeof...(kIndices)> short_memory_forms(
    std::index_sequence<kIndices...>)
{
    return {short_memory_form<kIndices>...};
}

constexpr auto kRegisterForms = register_forms(std::make_index_sequence<8 * 64>{});
constexpr auto kMemoryForms = memory_forms(std::make_index_sequence<8 * 8>{});
constexpr auto kShortMemoryForms = short_memory_forms(std::make_index_sequence<8 * 8>{});

FxState host_image(FxState const& fx)
{
    FxState image = fx;
    image.mxcsr = kHostMxcsr;
    image.fop = 0;
    image.fip = 0;
    image.fdp = 0;
    return image;
}

// Takes over what the instruction can have changed, and nothing that could tell of the host: not
// its addresses in FIP and FDP.
void adopt_outcome(FxState& fx, FxState const& image)
{
    fx.fcw = image.fcw;
    fx.fsw = image.fsw;
    fx.ftw = image.ftw;
    for (usize i = 0; i < 8; ++i) std::memcpy(fx.st[i], image.st[i], 10);
}

}  // namespace

void run_x87_register(FxState& fx, u16 code, u64& flags)
{
    FxState image = host_image(fx);
    kRegisterForms[static_cast<usize>((code >> 8) * 64 + (code & 0x3f))](image, flags);
    adopt_outcome(fx, image);
}

void run_x87_memory(FxState& fx, u16 code, void* buffer, bool short_format)
{
    FxState image = host_image(fx);
    usize const index = static_cast<usize>((code >> 8) * 8 + ((code >> 3) & 7));
    (short_format ? kShortMemoryForms : kMemoryForms)[index](image, buffer);
    adopt_outcome(fx, image);
}

}  // namespace drydock::hwmodel
