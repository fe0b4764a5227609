#pragma once

// Linux error numbers for x86-64 (errno(3)).

#include "core/base/integers.h"

namespace drydock {

enum class Errno : u16 {
    // clang-format off
    Perm = 1, NoEnt = 2, Srch = 3, Intr = 4, Io = 5, Nxio = 6, TooBig = 7, NoExec = 8, BadF = 9,
    Child = 10, Again = 11, NoMem = 12, Acces = 13, Fault = 14, NotBlk = 15, Busy = 16, Exist = 17,
    Xdev = 18, NoDev = 19, NotDir = 20, IsDir = 21, Inval = 22, Nfile = 23, Mfile = 24, NotTty = 25,
    TxtBsy = 26, Fbig = 27, NoSpc = 28, Spipe = 29, RoFs = 30, Mlink = 31, Pipe = 32, Dom = 33,
    Range = 34, DeadLk = 35, NameTooLong = 36, NoLck = 37, NoSys = 38, NotEmpty = 39, Loop = 40,
    NoMsg = 42, NoData = 61, Time = 62, Overflow = 75, BadMsg = 74, LibBad = 80, UserS = 87,
    NotSock = 88, DestAddrReq = 89, MsgSize = 90, Prototype = 91, NoProtoOpt = 92,
    ProtoNoSupport = 93, SockTNoSupport = 94, OpNotSupp = 95, AfNoSupport = 97, AddrInUse = 98,
    AddrNotAvail = 99, ConnReset = 104, NoBufs = 105, IsConn = 106, NotConn = 107,
    TooManyRefs = 109, TimedOut = 110,
    ConnRefused = 111, Already = 114, InProgress = 115, Stale = 116, DQuot = 122, Canceled = 125,
    OwnerDead = 130, NotRecoverable = 131,
    // clang-format on
    // Never seen by user space: how an interrupted call goes on after the signal (signal(7)).
    RestartSys = 512,     // Restart if the handler has SA_RESTART, else EINTR.
    RestartNoIntr = 513,  // Always restart.
    RestartNoHand = 514,  // Restart only if no handler ran, else EINTR.
    RestartBlock = 516,   // As RestartNoHand, but through restart_syscall with the remaining time.
};

}  // namespace drydock
