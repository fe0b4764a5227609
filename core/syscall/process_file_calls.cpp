// pidfd_open(2), pidfd_send_signal(2), pidfd_getfd(2).

#include "core/process/process_file.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/inspection.h"
#include "core/syscall/signal_support.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

// Errno::BadF where the descriptor stands for no process.
Result<Ref<Process>> process_behind(Call& call, u32 descriptor)
{
    Ref<File> const file = TRY(file_of(call, descriptor));
    if (file->kind() != FileKind::Process) return Errno::BadF;
    return static_cast<ProcessFile&>(*file).process_ref();
}

}  // namespace

Result<i64> sys_pidfd_open(Call& call)
{
    u32 const flags = call.word(1);
    if ((flags & ~open_flags::kNonBlock) != 0 || call.integer(0) <= 0) return Errno::Inval;
    Process* const process = seen_process(call, call.word(0));
    if (process == nullptr) {
        // A thread that is not the first of its process has none to give.
        if (seen_thread(call, call.word(0)) != nullptr) return Errno::NoEnt;
        return Errno::Srch;
    }
    Ref<File> file = TRY(ProcessFile::create(call.system(), Ref<Process>(process), flags));
    return add_descriptor(call, std::move(file), open_flags::kCloseOnExec);
}

// The order of the checks is Linux's (kernel/signal.c).
Result<i64> sys_pidfd_send_signal(Call& call)
{
    // PIDFD_SIGNAL_THREAD, _THREAD_GROUP, _PROCESS_GROUP: one of them at most.
    constexpr u32 kThread = 1, kThreadGroup = 2, kProcessGroup = 4;
    u32 const flags = call.word(3);
    if ((flags & ~(kThread | kThreadGroup | kProcessGroup)) != 0) return Errno::Inval;
    if ((flags & (flags - 1)) != 0) return Errno::Inval;
    Ref<Process> const target = TRY(process_behind(call, call.word(0)));
    i32 const signal = call.integer(1);
    bool const is_to_thread = (flags & kThread) != 0;
    SignalInfo info = signal_of_caller(call, signal, is_to_thread ? kSiTkill : kSiUser);
    if (!call.address(2).is_null()) {
        info = TRY(call.space().read<SignalInfo>(call.address(2)));
        if (info.number != signal) return Errno::Inval;
        bool const is_of_kernel = info.code >= 0 || info.code == kSiTkill;
        if (is_of_kernel && target.get() != &call.process()) return Errno::Perm;
    }
    if (target->state == Process::State::Reaped) return Errno::Srch;
    // Only into the caller's own namespace or one within it.
    if (!is_seen(call, *target)) return Errno::Inval;
    if ((flags & kProcessGroup) != 0) return send_many(call, target->pid(), info);
    if (is_to_thread && target->main_thread != nullptr) {
        TRY(send_to_thread(call, *target->main_thread, info));
    } else {
        TRY(send_checked(call, *target, info, nullptr));
    }
    return i64{0};
}

Result<i64> sys_pidfd_getfd(Call& call)
{
    if (call.word(2) != 0) return Errno::Inval;
    Ref<Process> const target = TRY(process_behind(call, call.word(0)));
    if (target->state == Process::State::Reaped) return Errno::Srch;
    UserThread const& owner = *target->main_thread;
    if (!may_inspect(call.thread, owner)) return Errno::Perm;
    if (!owner.files) return Errno::Srch;
    Ref<File> file = TRY(owner.files->get(call.word(1)));
    return add_descriptor(call, std::move(file), open_flags::kCloseOnExec);
}

}  // namespace drydock
