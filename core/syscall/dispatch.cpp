#include "core/socket/socket_space.h"
#include "core/syscall/syscall.h"

namespace drydock {

namespace {

// An interrupted call leaves one of these; the delivery of signals that follows turns it into EINTR
// or a restart. All others end the call.
constexpr u64 kLeastRestartError = static_cast<u64>(-static_cast<i64>(Errno::RestartBlock));
constexpr u64 kMostRestartError = static_cast<u64>(-static_cast<i64>(Errno::RestartSys));

// The one place where an error becomes a negative number.
u64 encode(Result<i64>& result)
{
    if (result.is_ok()) return static_cast<u64>(result.value());
    return static_cast<u64>(-static_cast<i64>(result.error()));
}

}  // namespace

void dispatch_syscall(UserThread& thread, System& system)
{
    UserContext& context = thread.context();
    Platform& platform = system.platform;
    // The number is the low half of rax (arch/x86/entry/common.c, do_syscall_64).
    u64 const number = static_cast<u32>(context.reg(Gpr::Rax));
    Call call{thread, number};
    thread.syscall_number = number;
    thread.in_syscall = true;
    thread.skip_result = false;
    platform.tell(EventKind::SyscallEnter, number, call[0], call[1]);

    Handler const handler = find_handler(number);
    u64 encoded = 0;
    if (handler != nullptr) {
        Result<i64> result = handler(call);
        encoded = encode(result);
        collect_sockets(system.vfs);
    } else {
        platform.tell(EventKind::UnknownSyscall, number, 0, 0);
        Result<i64> result{Errno::NoSys};
        encoded = encode(result);
    }
    platform.tell(EventKind::SyscallExit, number, encoded, 0);
    if (thread.skip_result) return;
    context.reg(Gpr::Rax) = encoded;
    if (encoded - kLeastRestartError > kMostRestartError - kLeastRestartError)
        thread.in_syscall = false;
}

}  // namespace drydock
