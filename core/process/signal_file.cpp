#include "core/process/signal_file.h"

namespace drydock {

namespace {

// How the union of siginfo_t is used (kernel/signal.c, siginfo_layout).
enum class Details : u8 { Sender, Timer, Value, Child, Fault };

Details details_of(SignalInfo const& info)
{
    bool const is_of_kernel = info.code > kSiUser && info.code < kSiKernel;
    auto const signal = static_cast<Signal>(info.number);
    if (is_of_kernel && signal == Signal::Chld) return Details::Child;
    if (is_of_kernel && (kSynchronousSignals & SignalSet::bit(signal)) != 0) return Details::Fault;
    if (info.code == kSiTimer) return Details::Timer;
    return info.code < 0 ? Details::Value : Details::Sender;
}

u32 low(u64 field) { return static_cast<u32>(field); }
u32 high(u64 field) { return static_cast<u32>(field >> 32); }

}  // namespace

SignalFileInfo describe_signal(SignalInfo const& info)
{
    SignalFileInfo result;
    result.number = static_cast<u32>(info.number);
    result.error = info.error;
    result.code = info.code;
    Details const details = details_of(info);
    if (details == Details::Fault) {
        result.address = info.fields[0];
        return result;
    }
    if (details == Details::Timer) {
        result.timer = low(info.fields[0]);
        result.overrun = high(info.fields[0]);
    } else {
        result.pid = low(info.fields[0]);
        result.uid = high(info.fields[0]);
    }
    if (details == Details::Child) {
        result.status = static_cast<i32>(low(info.fields[1]));
        result.user_time = info.fields[2];
        result.system_time = info.fields[3];
    } else if (details != Details::Sender) {
        result.pointer = info.fields[1];
        result.integer = static_cast<i32>(low(info.fields[1]));
    }
    return result;
}

Result<Ref<File>> SignalFile::create(System& system, SignalSet mask, u32 flags)
{
    Ref<Inode> inode = TRY(system.vfs.anonymous_inode());
    u32 const kept = open_flags::kReadWrite | (flags & open_flags::kNonBlock);
    Ref<SignalFile> file =
        TRY(system.heap.create_ref<SignalFile>(system, std::move(inode), mask, kept));
    return Ref<File>(file);
}

UserThread& SignalFile::reader() const
{
    Thread* const current = system_.scheduler.current();
    ASSERT(current != nullptr);
    return static_cast<UserThread&>(*current);
}

bool SignalFile::has_any(UserThread& thread) const
{
    u64 const pending = thread.pending.bits | thread.process().pending.bits;
    return (pending & mask_.bits) != 0;
}

void SignalFile::set_mask(SignalSet mask)
{
    mask_ = mask;
    reader().process().signalled.wake(system_.scheduler, poll_events::kIn);
}

Result<usize> SignalFile::read(IoBuffer& target)
{
    if (target.remaining() < sizeof(SignalFileInfo)) return Errno::Inval;
    UserThread& thread = reader();
    if (!has_any(thread)) {
        if (is_non_blocking()) return Errno::Again;
        TRY(system_.scheduler.wait_until(
            thread.process().signalled, "signalfd read", [&] { return has_any(thread); }));
    }
    usize total = 0;
    SignalInfo info;
    while (target.remaining() >= sizeof(SignalFileInfo) &&
           system_.processes.take_signal(thread, mask_.bits, info)) {
        SignalFileInfo const described = describe_signal(info);
        // As on Linux (fs/signalfd.c) what cannot be delivered is gone.
        Result<usize> moved =
            target.put({reinterpret_cast<std::byte const*>(&described), sizeof(described)});
        if (moved.is_error() || moved.value() < sizeof(described)) {
            thread.set_interrupted(system_.processes.has_pending(thread));
            if (total == 0) return Errno::Fault;
            return total;
        }
        total += sizeof(described);
    }
    thread.set_interrupted(system_.processes.has_pending(thread));
    ASSERT(total > 0);
    return total;
}

u32 SignalFile::poll(PollRegistration* registration)
{
    UserThread& thread = reader();
    if (registration != nullptr) registration->wait_on(thread.process().signalled);
    return has_any(thread) ? poll_events::kIn : 0;
}

}  // namespace drydock
