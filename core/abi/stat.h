#pragma once

// What stat(2), statx(2) and statfs(2) write to user memory on x86-64. Everything starts as zero,
// so that no byte of the kernel's own ever leaves with it.

#include "core/base/integers.h"

namespace drydock {

struct UserStat {
    u64 device = 0;
    u64 inode = 0;
    u64 links = 0;
    u32 mode = 0;
    u32 uid = 0;
    u32 gid = 0;
    u32 padding = 0;
    u64 special_device = 0;
    i64 size = 0;
    i64 block_size = 0;
    i64 blocks = 0;
    i64 accessed_seconds = 0;
    i64 accessed_nanoseconds = 0;
    i64 modified_seconds = 0;
    i64 modified_nanoseconds = 0;
    i64 changed_seconds = 0;
    i64 changed_nanoseconds = 0;
    i64 reserved[3] = {};
};
static_assert(sizeof(UserStat) == 144);

struct UserStatxTime {
    i64 seconds = 0;
    u32 nanoseconds = 0;
    i32 reserved = 0;
};
static_assert(sizeof(UserStatxTime) == 16);

struct UserStatx {
    u32 mask = 0;
    u32 block_size = 0;
    u64 attributes = 0;
    u32 links = 0;
    u32 uid = 0;
    u32 gid = 0;
    u16 mode = 0;
    u16 padding = 0;
    u64 inode = 0;
    u64 size = 0;
    u64 blocks = 0;
    u64 attributes_mask = 0;
    UserStatxTime accessed{};
    UserStatxTime born{};
    UserStatxTime changed{};
    UserStatxTime modified{};
    u32 special_device_major = 0;
    u32 special_device_minor = 0;
    u32 device_major = 0;
    u32 device_minor = 0;
    u64 mount_id = 0;
    u32 direct_memory_align = 0;
    u32 direct_offset_align = 0;
    u64 reserved[12] = {};
};
static_assert(sizeof(UserStatx) == 256);

// statx(2): bits of mask.
namespace statx_mask {
inline constexpr u32 kType = 0x1, kMode = 0x2, kLinks = 0x4, kUid = 0x8, kGid = 0x10;
inline constexpr u32 kAccessed = 0x20, kModified = 0x40, kChanged = 0x80, kInode = 0x100;
inline constexpr u32 kSize = 0x200, kBlocks = 0x400, kBasic = 0x7ff, kBorn = 0x800;
inline constexpr u32 kMountId = 0x1000;
}  // namespace statx_mask

struct UserStatfs {
    i64 type = 0;
    i64 block_size = 0;
    u64 blocks = 0;
    u64 blocks_free = 0;
    u64 blocks_available = 0;
    u64 files = 0;
    u64 files_free = 0;
    i32 id[2] = {};
    i64 name_length = 0;
    i64 fragment_size = 0;
    i64 flags = 0;
    i64 reserved[4] = {};
};
static_assert(sizeof(UserStatfs) == 120);

// The *at() family (open(2), stat(2)).
inline constexpr i32 kAtWorkingDirectory = -100;
inline constexpr u32 kAtSymlinkNoFollow = 0x100, kAtRemoveDirectory = 0x200,
                     kAtSymlinkFollow = 0x400;
inline constexpr u32 kAtNoAutomount = 0x800, kAtEmptyPath = 0x1000, kAtEffectiveAccess = 0x200;

}  // namespace drydock
