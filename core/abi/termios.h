#pragma once

// Terminal settings as the kernel's ioctls pass them (asm-generic/termbits.h; termios(3),
// ioctl_tty(2)).

#include "core/base/integers.h"

namespace drydock {

inline constexpr usize kControlCharacters = 19;

// struct termios of the kernel, not libc's.
struct UserTermios {
    u32 input = 0;
    u32 output = 0;
    u32 control = 0;
    u32 local = 0;
    u8 line = 0;
    u8 characters[kControlCharacters] = {};
};
static_assert(sizeof(UserTermios) == 36);

struct UserTermios2 {
    UserTermios base{};
    u32 input_speed = 0;
    u32 output_speed = 0;
};
static_assert(sizeof(UserTermios2) == 44);

// struct termio of TCGETA.
struct UserTermio {
    u16 input = 0;
    u16 output = 0;
    u16 control = 0;
    u16 local = 0;
    u8 line = 0;
    u8 characters[8] = {};
    u8 padding = 0;
};
static_assert(sizeof(UserTermio) == 18);

struct UserWindowSize {
    u16 rows = 0;
    u16 columns = 0;
    u16 width = 0;
    u16 height = 0;
};
static_assert(sizeof(UserWindowSize) == 8);

namespace termios {
// Input modes.
inline constexpr u32 kIgnBrk = 01, kBrkInt = 02, kIgnPar = 04, kParMrk = 010, kInPck = 020;
inline constexpr u32 kIStrip = 040, kINlCr = 0100, kIgnCr = 0200, kICrNl = 0400, kIUcLc = 01000;
inline constexpr u32 kIXOn = 02000, kIXAny = 04000, kIXOff = 010000, kIMaxBel = 020000;
inline constexpr u32 kIUtf8 = 040000;
// Output modes.
inline constexpr u32 kOPost = 01, kOLcUc = 02, kONlCr = 04, kOCrNl = 010, kONoCr = 020;
inline constexpr u32 kONlRet = 040, kTabDelay = 014000, kXTabs = 014000;
// Control modes.
inline constexpr u32 kB38400 = 017, kCs8 = 060, kCRead = 0200, kHupCl = 02000;
// Local modes.
inline constexpr u32 kISig = 01, kICanon = 02, kEcho = 010, kEchoE = 020, kEchoK = 040;
inline constexpr u32 kEchoNl = 0100, kNoFlsh = 0200, kToStop = 0400, kEchoCtl = 01000;
inline constexpr u32 kEchoPrt = 02000, kEchoKe = 04000, kFlushO = 010000, kPendIn = 040000;
inline constexpr u32 kIExten = 0100000;

// Indices into the control characters.
enum Character : u8 {
    kVIntr,
    kVQuit,
    kVErase,
    kVKill,
    kVEof,
    kVTime,
    kVMin,
    kVSwtc,
    kVStart,
    kVStop,
    kVSusp,
    kVEol,
    kVReprint,
    kVDiscard,
    kVWErase,
    kVLNext,
    kVEol2,
};
}  // namespace termios

// ioctl_tty(2), and the generic ones of ioctl_list(2).
namespace ioctls {
inline constexpr u32 kTcGets = 0x5401, kTcSets = 0x5402, kTcSetsW = 0x5403, kTcSetsF = 0x5404;
inline constexpr u32 kTcGetA = 0x5405, kTcSetA = 0x5406, kTcSetAW = 0x5407, kTcSetAF = 0x5408;
inline constexpr u32 kTcSbrk = 0x5409, kTcXonc = 0x540a, kTcFlsh = 0x540b;
inline constexpr u32 kTiocExcl = 0x540c, kTiocNxcl = 0x540d, kTiocScTty = 0x540e;
inline constexpr u32 kTiocGpgrp = 0x540f, kTiocSpgrp = 0x5410, kTiocOutQ = 0x5411;
inline constexpr u32 kTiocSti = 0x5412, kTiocGwinSz = 0x5413, kTiocSwinSz = 0x5414;
inline constexpr u32 kFionRead = 0x541b, kFionBio = 0x5421, kTiocNotTty = 0x5422;
inline constexpr u32 kTiocSetD = 0x5423, kTiocGetD = 0x5424, kTcSbrkP = 0x5425;
inline constexpr u32 kTiocGptN = 0x80045430, kTiocSptLck = 0x40045431, kTiocSig = 0x40045436;
inline constexpr u32 kTiocGptLck = 0x80045439, kTiocGptPeer = 0x5441;
inline constexpr u32 kTiocGsid = 0x5429, kTcGets2 = 0x802c542a, kTcSets2 = 0x402c542b;
inline constexpr u32 kTcSetsW2 = 0x402c542c, kTcSetsF2 = 0x402c542d;
inline constexpr u32 kFionClex = 0x5450, kFioClex = 0x5451, kFioAsync = 0x5452, kFioQSize = 0x5460;
}  // namespace ioctls

}  // namespace drydock
