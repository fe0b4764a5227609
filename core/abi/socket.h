#pragma once

// Structures and constants of the socket calls on x86-64 (socket(2), unix(7), recvmsg(2)).

#include "core/base/integers.h"

namespace drydock {

inline constexpr u32 kAddressFamilyUnspecified = 0, kAddressFamilyUnix = 1;
inline constexpr u32 kAddressFamilyMaximum = 46;

// Flags of send(2) and recv(2).
namespace message_flags {
inline constexpr u32 kOutOfBand = 0x1, kPeek = 0x2, kControlTruncated = 0x8, kTruncated = 0x20;
inline constexpr u32 kDontWait = 0x40, kEndOfRecord = 0x80, kWaitAll = 0x100;
inline constexpr u32 kNoSignal = 0x4000, kWaitForOne = 0x10000;
inline constexpr u32 kCloseOnExec = 0x4000'0000;
}  // namespace message_flags

// struct msghdr.
struct UserMessage {
    u64 name = 0;
    u32 name_size = 0;
    u32 padding_0 = 0;
    u64 vector = 0;
    u64 vector_size = 0;
    u64 control = 0;
    u64 control_size = 0;
    u32 flags = 0;
    u32 padding_1 = 0;
};
static_assert(sizeof(UserMessage) == 56);

// struct mmsghdr.
struct UserMessageWithSize {
    UserMessage message{};
    u32 size = 0;
    u32 padding = 0;
};
static_assert(sizeof(UserMessageWithSize) == 64);

// struct cmsghdr; the data follows, and the next header at a multiple of eight bytes.
struct UserControl {
    u64 size = 0;
    i32 level = 0;
    i32 type = 0;
};
static_assert(sizeof(UserControl) == 16);
inline constexpr i32 kSocketLevel = 1;
inline constexpr i32 kControlRights = 1, kControlCredentials = 2;
// SCM_MAX_FD
inline constexpr u32 kPassedMaximum = 253;

// struct ucred.
struct UserCredentials {
    u32 pid = 0;
    u32 uid = ~0u;
    u32 gid = ~0u;
};
static_assert(sizeof(UserCredentials) == 12);

// struct sockaddr_un: a family of two bytes, then the name.
inline constexpr u32 kSocketNameOffset = 2;
inline constexpr u32 kSocketNameMaximum = 108;

}  // namespace drydock
