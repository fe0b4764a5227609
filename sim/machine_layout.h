#pragma once

// Where things are. Host addresses are fixed per slot, so that pointers which the kernel keeps, and
// what an overflowing stack writes, are the same in every run.
//
//   host, from slot base                      physical memory
//   +0              direct map (<= 64 GiB)    0          reserved (the first MiB: legacy)
//   +128 GiB        guarded kernel stacks     2 MiB      the kernel object and the boot stack (the
//   +255 GiB        platform and report                  image's place)
//                   stacks                    4 MiB      initramfs, then free memory
//                                             3 GiB      the hole, if there is much memory

#include "core/base/integers.h"

namespace drydock::sim {

inline constexpr u64 kSlotBase = 0x2000'0000'0000;
inline constexpr u64 kSlotStride = 0x40'0000'0000;
inline constexpr unsigned kSlotCount = 64;
inline constexpr u64 kGuardedStacksOffset = 0x20'0000'0000;
inline constexpr u64 kHostStacksOffset = 0x3f'c000'0000;

constexpr u64 slot_base(unsigned slot) { return kSlotBase + slot * kSlotStride; }

inline constexpr u64 kMinimumMemory = 16 * kMiB;
// What QEMU is started with at least: its firmware, the image, a file tree and room to run.
inline constexpr u64 kMinimumImageMemory = 32 * kMiB;
// With the hole, as much as the kernel's frame table covers.
inline constexpr u64 kMaximumMemory = 63 * kGiB;
inline constexpr u64 kDefaultMemory = 512 * kMiB;

// What a machine has: `said` if that is not 0, else enough for the file tree, which is in memory.
constexpr u64 memory_for_tree(u64 said, u64 tree_bytes)
{
    constexpr u64 kStep = 64 * kMiB;
    if (said != 0) return said;
    if (tree_bytes <= kStep) return kDefaultMemory;
    return (tree_bytes + kGiB + kStep - 1) / kStep * kStep;
}

// The memory map of QEMU's PC (hw/i386/pc_piix.c): memory of 3.5 GiB and more goes on at 4 GiB once
// it has reached 3 GiB; in between are devices.
inline constexpr u64 kUncutMemory = 0xe000'0000;
inline constexpr u64 kHoleAddress = 3 * kGiB;
inline constexpr u64 kHoleEnd = 4 * kGiB;

// A move to CR3 has 12 bits for a tag (Intel SDM vol. 3, 4.10.1).
inline constexpr u64 kMaximumTagBits = 12;

// Where so much memory ends.
constexpr u64 memory_end(u64 size_bytes)
{
    return size_bytes < kUncutMemory ? size_bytes : size_bytes + (kHoleEnd - kHoleAddress);
}

inline constexpr u64 kKernelObjectAddress = 2 * kMiB;
inline constexpr u64 kInitramfsAddress = 4 * kMiB;
inline constexpr u64 kBootStackAddress = kInitramfsAddress - 16 * kKiB;

// 2026-01-01 00:00:00 UTC: the date of every run.
inline constexpr u64 kBootSeconds = 1'767'225'600;

}  // namespace drydock::sim
