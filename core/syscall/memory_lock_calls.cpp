// mlock(2), mlock2(2), mlockall(2) and their opposites. Memory is never paged out: what they change
// is what is brought in, what is counted, and what it is counted against (mm/mlock.c).

#include "core/syscall/handlers.h"
#include "core/syscall/memory_locks.h"

namespace drydock {

namespace {

using Lock = Region::Lock;

// Errno::Perm.
Result<void> check_right(Call& call)
{
    if (call.process().limit(Resource::LockedMemory).soft != 0) return {};
    if (call.thread.credentials.has(Capability::IpcLock)) return {};
    return Errno::Perm;
}

// Whether the thread may have `bytes` locked in all.
bool has_room(Call& call, u64 bytes)
{
    u64 const limit = call.process().limit(Resource::LockedMemory).soft;
    return bytes >> kPageShift <= limit >> kPageShift ||
           call.thread.credentials.has(Capability::IpcLock);
}

struct Pages {
    UserAddr start{};
    u64 length = 0;
};

// Those that the arguments touch. A length that rounding up makes 0 means none, as on Linux.
Pages pages_of(Call& call)
{
    u64 const offset = call[0] & kPageMask;
    return {call.address(0).page(), page_ceil(call[1] + offset)};
}

Result<i64> lock_pages(Call& call, Lock lock)
{
    TRY(check_right(call));
    Pages const pages = pages_of(call);
    AddressSpace& space = call.space();
    u64 wanted = pages.length + space.locked_bytes();
    // What is locked already does not count twice.
    if (!has_room(call, wanted)) {
        wanted -= space.locked_in(pages.start, pages.start + pages.length);
    }
    if (!has_room(call, wanted)) return Errno::NoMem;
    TRY(space.set_lock(pages.start, pages.length, lock));
    TRY(space.bring_in(pages.start, pages.length));
    return i64{0};
}

}  // namespace

Result<Lock> lock_for_mapping(Call& call, bool is_asked, u64 length)
{
    AddressSpace& space = call.space();
    if (is_asked) TRY(check_right(call));
    Lock lock = space.future_lock();
    if (lock == Lock::None && is_asked) lock = Lock::Now;
    if (lock != Lock::None && !has_room(call, length + space.locked_bytes())) return Errno::Again;
    return lock;
}

Result<i64> sys_mlock(Call& call) { return lock_pages(call, Lock::Now); }

Result<i64> sys_mlock2(Call& call)
{
    constexpr u32 kOnFault = 1;
    u32 const flags = call.word(2);
    if ((flags & ~kOnFault) != 0) return Errno::Inval;
    return lock_pages(call, flags == kOnFault ? Lock::OnFault : Lock::Now);
}

Result<i64> sys_munlock(Call& call)
{
    Pages const pages = pages_of(call);
    TRY(call.space().set_lock(pages.start, pages.length, Lock::None));
    return i64{0};
}

Result<i64> sys_mlockall(Call& call)
{
    constexpr u32 kCurrent = 1, kFuture = 2, kOnFault = 4;
    u32 const flags = call.word(0);
    if (flags == 0 || (flags & ~(kCurrent | kFuture | kOnFault)) != 0 || flags == kOnFault)
        return Errno::Inval;
    TRY(check_right(call));
    AddressSpace& space = call.space();
    bool const is_current = (flags & kCurrent) != 0;
    if (is_current && !has_room(call, space.mapped_bytes())) return Errno::NoMem;
    Lock const lock = (flags & kOnFault) != 0 ? Lock::OnFault : Lock::Now;
    space.set_future_lock((flags & kFuture) != 0 ? lock : Lock::None);
    if (!is_current) return i64{0};
    space.set_all_locks(lock);
    space.populate({0}, kUserEnd);
    return i64{0};
}

Result<i64> sys_munlockall(Call& call)
{
    call.space().set_future_lock(Lock::None);
    call.space().set_all_locks(Lock::None);
    return i64{0};
}

}  // namespace drydock
