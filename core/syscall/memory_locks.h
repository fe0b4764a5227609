#pragma once

// Who may lock how much memory (mlock(2)).

#include "core/syscall/syscall.h"

namespace drydock {

// The space learns what the thread may lock, before something of it may grow.
inline void tell_lock_limit(UserThread& thread)
{
    AddressSpace& space = thread.space();
    if (!space.knows_locks()) return;
    bool const is_free = thread.credentials.has(Capability::IpcLock);
    space.set_lock_limit(is_free ? ~u64{0} : thread.process().limit(Resource::LockedMemory).soft);
}

// How a new mapping of `length` bytes is to be locked: as asked for (MAP_LOCKED), or as all that
// come (MCL_FUTURE). Errno::Perm, Again.
Result<Region::Lock> lock_for_mapping(Call& call, bool is_asked, u64 length);

}  // namespace drydock
