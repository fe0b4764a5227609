// eventfd(2) and epoll(7).

#include "core/event/epoll.h"
#include "core/event/event_counter.h"
#include "core/syscall/handlers.h"
#include "core/syscall/poll_set.h"

namespace drydock {

namespace {

constexpr u32 kSemaphore = 1;  // EFD_SEMAPHORE
constexpr u32 kControlAdd = 1, kControlRemove = 2, kControlModify = 3;
constexpr u32 kEventsMaximum = 0x7fff'ffff / sizeof(UserEpollEvent);
// What EPOLLEXCLUSIVE may stand beside (epoll_ctl(2)).
constexpr u32 kExclusiveCompanions = poll_events::kIn | poll_events::kOut | poll_events::kErr |
                                     poll_events::kHup | epoll_events::kWakeUp |
                                     epoll_events::kEdge | epoll_events::kExclusive;

Result<i64> make_counter(Call& call, u32 flags)
{
    u32 const known = kSemaphore | open_flags::kNonBlock | open_flags::kCloseOnExec;
    if ((flags & ~known) != 0) return Errno::Inval;
    Ref<File> file = TRY(
        EventCounter::create(call.system().vfs, call.word(0), (flags & kSemaphore) != 0, flags));
    return add_descriptor(call, std::move(file), flags);
}

Result<i64> make_epoll(Call& call, u32 flags)
{
    Ref<File> file = TRY(Epoll::create(call.system().vfs));
    return add_descriptor(call, std::move(file), flags);
}

Result<i64> wait_for_events(Call& call, Ticks deadline)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    u32 const most = call.word(2);
    if (call.integer(2) <= 0 || most > kEventsMaximum) return Errno::Inval;
    TRY(check_user_range(call.address(1), u64{most} * sizeof(UserEpollEvent)));
    if (file->kind() != FileKind::Epoll) return Errno::Inval;
    auto& epoll = static_cast<Epoll&>(*file);
    u32 const count = TRY(epoll.wait(call.space(), call.address(1), most, deadline));
    return i64{count};
}

// Milliseconds; below zero for ever.
Ticks deadline_of_milliseconds(Call& call, i32 timeout)
{
    constexpr i32 kPerSecond = 1000;
    constexpr u64 kNanosPerMilli = 1'000'000;
    if (timeout == 0) return 0;
    if (timeout < 0) return kNever;
    return deadline_after(call.system(),
                          timeout / kPerSecond,
                          static_cast<u64>(timeout % kPerSecond) * kNanosPerMilli);
}

Result<i64> wait_with_mask(Call& call, Ticks deadline)
{
    if (call.address(4).is_null()) return wait_for_events(call, deadline);
    TRY(change_mask(call, call.address(4), call[5]));
    Result<i64> result = wait_for_events(call, deadline);
    restore_mask(call, result.is_error() && result.error() == Errno::Intr);
    return result;
}

}  // namespace

Result<i64> sys_eventfd(Call& call) { return make_counter(call, 0); }
Result<i64> sys_eventfd2(Call& call) { return make_counter(call, call.word(1)); }

Result<i64> sys_epoll_create(Call& call)
{
    if (call.integer(0) <= 0) return Errno::Inval;
    return make_epoll(call, 0);
}

Result<i64> sys_epoll_create1(Call& call)
{
    if ((call.word(0) & ~open_flags::kCloseOnExec) != 0) return Errno::Inval;
    return make_epoll(call, call.word(0));
}

// The order of the checks is Linux's (fs/eventpoll.c, do_epoll_ctl).
Result<i64> sys_epoll_ctl(Call& call)
{
    u32 const operation = call.word(1);
    UserEpollEvent event;
    if (operation != kControlRemove) {
        event = TRY(call.space().read<UserEpollEvent>(call.address(3)));
    }
    Ref<File> const set = TRY(file_of(call, call.word(0)));
    u32 const descriptor = call.word(2);
    Ref<File> const file = TRY(file_of(call, descriptor));
    if (!file->can_poll()) return Errno::Perm;
    if (file == set || set->kind() != FileKind::Epoll) return Errno::Inval;
    bool const has_event = operation != kControlRemove;
    if (has_event && (event.events & epoll_events::kExclusive) != 0) {
        if (operation == kControlModify) return Errno::Inval;
        bool const is_nested = file->kind() == FileKind::Epoll;
        bool const is_mixed = (event.events & ~kExclusiveCompanions) != 0;
        if (operation == kControlAdd && (is_nested || is_mixed)) return Errno::Inval;
    }
    auto& epoll = static_cast<Epoll&>(*set);
    if (operation == kControlAdd) {
        TRY(epoll.add(*file, descriptor, event));
    } else if (operation == kControlModify) {
        TRY(epoll.modify(*file, descriptor, event));
    } else if (operation == kControlRemove) {
        TRY(epoll.remove(*file, descriptor));
    } else {
        return Errno::Inval;
    }
    return i64{0};
}

Result<i64> sys_epoll_wait(Call& call)
{
    return wait_for_events(call, deadline_of_milliseconds(call, call.integer(3)));
}

Result<i64> sys_epoll_pwait(Call& call)
{
    return wait_with_mask(call, deadline_of_milliseconds(call, call.integer(3)));
}

Result<i64> sys_epoll_pwait2(Call& call)
{
    Ticks deadline = kNever;
    if (!call.address(3).is_null()) {
        Timespec const timeout = TRY(call.space().read<Timespec>(call.address(3)));
        deadline = TRY(deadline_of(call, timeout));
    }
    return wait_with_mask(call, deadline);
}

}  // namespace drydock
