#pragma once

// Structures and constants of the descriptor calls on x86-64.

#include "core/base/integers.h"

namespace drydock {

// readv(2).
struct UserIovec {
    u64 address = 0;
    u64 size = 0;
};
static_assert(sizeof(UserIovec) == 16);
inline constexpr u64 kIovecMaximum = 1024;
// A single read or write moves at most this much (MAX_RW_COUNT: INT_MAX rounded down to a page).
inline constexpr u64 kTransferMaximum = 0x7fff'f000;

// poll(2).
struct UserPollfd {
    i32 descriptor = 0;
    u16 events = 0;
    u16 returned = 0;
};
static_assert(sizeof(UserPollfd) == 8);

// The fixed part of struct linux_dirent64 (getdents64(2)); the name follows at once.
inline constexpr usize kDirent64NameOffset = 19;
inline constexpr usize kDirentNameOffset = 18;

// fcntl(2) F_GETLK and friends.
struct UserFlock {
    i16 type = 0;
    i16 whence = 0;
    i32 padding_0 = 0;
    i64 start = 0;
    i64 length = 0;
    i32 pid = 0;
    i32 padding_1 = 0;
};
static_assert(sizeof(UserFlock) == 32);

// epoll_event is packed on x86-64 only.
struct [[gnu::packed]] UserEpollEvent {
    u32 events = 0;
    u64 data = 0;
};
static_assert(sizeof(UserEpollEvent) == 12);

}  // namespace drydock
