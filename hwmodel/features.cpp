#include "hwmodel/features.h"

namespace drydock::hwmodel {

namespace {

constexpr u32 bit(unsigned index) { return u32{1} << index; }

// Four characters as CPUID packs them.
constexpr u32 letters(char const* text)
{
    u32 value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= static_cast<u32>(static_cast<u8>(text[i])) << (8 * i);
    return value;
}

// Family 15, model 107, stepping 1.
constexpr u32 kSignature = 0x00060fb1;
// fpu tsc msr cx8 cmov clflush mmx fxsr sse sse2 (Intel SDM vol. 2, CPUID, table 3-11).
constexpr u32 kFeaturesEdx =
    bit(0) | bit(4) | bit(5) | bit(8) | bit(15) | bit(19) | bit(23) | bit(24) | bit(25) | bit(26);
// sse3 cx16 popcnt (table 3-10).
constexpr u32 kFeaturesEcx = bit(0) | bit(13) | bit(23);
// The AMD copies of the first list, with syscall nx lm.
constexpr u32 kExtendedEdx =
    bit(0) | bit(4) | bit(5) | bit(8) | bit(11) | bit(15) | bit(20) | bit(23) | bit(24) | bit(29);
constexpr u32 kExtendedEcx = bit(0);

// Deterministic cache parameters (Intel SDM vol. 2, CPUID leaf 4): 64-byte lines, one thread.
CpuidResult cache_level(u32 type, u32 level, u32 ways, u32 sets)
{
    u32 const self_initializing = bit(8);
    return {type | (level << 5) | self_initializing, 63 | ((ways - 1) << 22), sets - 1, 0};
}

CpuidResult cache_parameters(u32 subleaf)
{
    switch (subleaf) {
    case 0: return cache_level(1, 1, 8, 64);      // 32 KiB of data.
    case 1: return cache_level(2, 1, 8, 64);      // 32 KiB of instructions.
    case 2: return cache_level(3, 2, 16, 512);    // 512 KiB.
    case 3: return cache_level(3, 3, 16, 16384);  // 16 MiB.
    default: return {};
    }
}

CpuidResult brand(u32 leaf)
{
    constexpr char kBrand[49] =
        "Drydock modelled CPU\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    char const* const part = kBrand + (leaf - 0x80000002) * 16;
    return {letters(part), letters(part + 4), letters(part + 8), letters(part + 12)};
}

}  // namespace

CpuidResult cpuid(u32 leaf, u32 subleaf)
{
    switch (leaf) {
    case 0: return {0xd, letters("Auth"), letters("cAMD"), letters("enti")};
    case 1: return {kSignature, (8u << 8) | (1u << 16), kFeaturesEcx, kFeaturesEdx};
    case 2: return {0x00000001, 0, 0x0000004d, 0x002c307d};  // The cache descriptors of qemu64.
    case 4: return cache_parameters(subleaf);
    case 0x80000000: return {0x80000008, letters("Auth"), letters("cAMD"), letters("enti")};
    case 0x80000001: return {kSignature, 0, kExtendedEcx, kExtendedEdx};
    case 0x80000002:
    case 0x80000003:
    case 0x80000004: return brand(leaf);
    // L1 and TLBs, L2 and L3 in AMD's form (AMD manual vol. 3, E.4.4): the sizes of leaf 4.
    case 0x80000005: return {0x01ff01ff, 0x01ff01ff, 0x20080140, 0x20080140};
    case 0x80000006: return {0, 0x42004200, 0x02008140, 0x00808140};
    case 0x80000008: return {0x3000 | 40, 0, 0, 0};  // 48 virtual bits, 40 physical bits.
    default: return {};
    }
}

}  // namespace drydock::hwmodel
