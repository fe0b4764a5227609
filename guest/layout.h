#pragma once

// Where things are. Physical addresses are those of the simulated machine (sim/machine_layout.h),
// so that both hand out the same frames in the same order.
//
//   physical                                   virtual, from PML4 entry
//   0          not used                        0..255  user space
//   1 MiB      the image                       256     direct map of memory from 2 MiB on
//   2 MiB      the kernel object, then         257     guarded kernel stacks
//              tables of guarded stacks,       511     the image at -2 GiB; device registers behind
//              the machine (guest/machine.h),
//              the program's strings
//   4 MiB - 16 KiB  the boot stack
//   4 MiB      initramfs, then free memory

#include "core/base/integers.h"

namespace drydock::guest {

inline constexpr u64 kKernelBase = 0xffff'ffff'8000'0000;
inline constexpr u64 kDirectMapBase = 0xffff'8000'0000'0000;
inline constexpr u64 kGuardedStacksBase = 0xffff'8080'0000'0000;
inline constexpr u64 kDevicesBase = kKernelBase + 0x4000'0000 - 0x20'0000;

inline constexpr u64 kImageAddress = 1 * kMiB;
inline constexpr u64 kKernelObjectAddress = 2 * kMiB;
inline constexpr u64 kInitramfsAddress = 4 * kMiB;
inline constexpr u64 kBootStackAddress = kInitramfsAddress - 16 * kKiB;
// Path, arguments and environment of the first program.
inline constexpr u64 kStringsSize = 64 * kKiB;
inline constexpr u64 kStringsAddress = kBootStackAddress - kStringsSize;
// Where the linker puts the object Machine (guest/image.ld).
inline constexpr u64 kMachineAddress = kStringsAddress - 128 * kKiB;

// What the boot tables map: everything that a loader leaves is below.
inline constexpr u64 kReach = 4 * kGiB;
// Memory from here on is not used: as far as the kernel's frame table goes.
inline constexpr u64 kMaximumAddress = 64 * kGiB;

// As on Linux (arch/x86/include/asm/segment.h): SYSRET takes the user selectors from one base.
inline constexpr u16 kKernelCode = 0x10;
inline constexpr u16 kKernelData = 0x18;
inline constexpr u16 kSysretBase = 0x23;
inline constexpr u16 kUserData = 0x2b;
inline constexpr u16 kUserCode = 0x33;
inline constexpr u16 kTaskState = 0x40;
inline constexpr u16 kProcessorNumber = 0x78;

inline constexpr u8 kFirstInterruptVector = 0x20;
inline constexpr u8 kTimerVector = 0x30;
inline constexpr u8 kSerialVector = 0x31;
inline constexpr u8 kSpuriousVector = 0x3f;
inline constexpr u8 kVectorCount = 0x40;

}  // namespace drydock::guest
