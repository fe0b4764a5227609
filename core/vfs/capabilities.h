#pragma once

// The parts that the superuser's rights are divided into (capabilities(7)). A set is one word, a
// check is one bit.

#include "core/base/integers.h"

namespace drydock {

// Numbers of the ABI.
enum class Capability : u8 {
    Chown,
    DacOverride,
    DacReadSearch,
    FileOwner,
    FileSetId,
    Kill,
    SetGid,
    SetUid,
    SetCapabilities,  // CAP_SETPCAP
    LinuxImmutable,
    NetBindService,
    NetBroadcast,
    NetAdmin,
    NetRaw,
    IpcLock,
    IpcOwner,
    SysModule,
    SysRawIo,
    SysChroot,
    SysPtrace,
    SysAccounting,
    SysAdmin,
    SysBoot,
    SysNice,
    SysResource,
    SysTime,
    SysTtyConfig,
    MakeNode,  // CAP_MKNOD
    Lease,
    AuditWrite,
    AuditControl,
    SetFileCapabilities,
    MacOverride,
    MacAdmin,
    Syslog,
    WakeAlarm,
    BlockSuspend,
    AuditRead,
    Perfmon,
    Bpf,
    CheckpointRestore,
};
inline constexpr u32 kCapabilityCount = 41;
static_assert(static_cast<u32>(Capability::CheckpointRestore) == kCapabilityCount - 1);

inline constexpr u64 bit_of(Capability capability) { return u64{1} << static_cast<u8>(capability); }
inline constexpr u64 kAllCapabilities = (u64{1} << kCapabilityCount) - 1;
// Those that follow the file system's user id (include/linux/capability.h, CAP_FS_SET).
inline constexpr u64 kFileCapabilities =
    bit_of(Capability::Chown) | bit_of(Capability::MakeNode) | bit_of(Capability::DacOverride) |
    bit_of(Capability::DacReadSearch) | bit_of(Capability::FileOwner) |
    bit_of(Capability::FileSetId) | bit_of(Capability::LinuxImmutable) |
    bit_of(Capability::MacOverride);

// prctl(2), PR_SET_SECUREBITS; each has its lock right above it.
namespace secure_bits {
inline constexpr u32 kNoRoot = 1, kNoSetUidFixup = 4, kKeepCapabilities = 16, kNoAmbientRaise = 64;
inline constexpr u32 kKeepLocked = 32;
inline constexpr u32 kBits = kNoRoot | kNoSetUidFixup | kKeepCapabilities | kNoAmbientRaise;
inline constexpr u32 kLocks = kBits << 1;
}  // namespace secure_bits

struct CapabilitySets {
    u64 permitted = kAllCapabilities;
    u64 effective = kAllCapabilities;
    u64 inheritable = 0;
    u64 ambient = 0;
    u64 bounding = kAllCapabilities;
};

}  // namespace drydock
