#pragma once

// Control data of sendmsg(2) and recvmsg(2): files and credentials beside the bytes (unix(7)).

#include "core/syscall/socket_support.h"

namespace drydock {

// What the sender gave along. Errno::Inval, BadF, Perm, Srch, NoBufs, TooManyRefs, NoMem, Fault.
Result<void> read_control(Call& call, UserAddr control, u64 size, SendRequest& request);

// Gives the receiver what came with a message.
struct ControlResult {
    u64 size = 0;
    u32 flags = 0;  // MSG_CTRUNC
};
ControlResult write_control(
    Call& call, Socket& socket, UserAddr control, u64 size, bool close_on_exec, Received& received);

}  // namespace drydock
