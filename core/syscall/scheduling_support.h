#pragma once

// What the calls about scheduling share (sched(7)).

#include "core/syscall/syscall.h"

namespace drydock {

namespace scheduling_policy {
inline constexpr u32 kOther = 0, kFifo = 1, kRoundRobin = 2, kBatch = 3, kIdle = 5, kDeadline = 6;
}  // namespace scheduling_policy

// What a call wants of a thread's policy.
struct PolicyChange {
    u32 policy = 0;
    u32 priority = 0;
    i32 nice = 0;
    bool resets_on_fork = false;
};

// By its number; 0 is the caller. Errno::Srch.
Result<UserThread*> find_thread(Call& call, i32 tid);
// setpriority(2), sched_setscheduler(2): root, or the same user.
bool may_schedule(Call& call, UserThread const& target);
// Errno::Inval, Perm: whether the caller may do it. Real-time ranks, of which there are none here,
// are refused as to a user without the right.
Result<void> check_policy(Call& call, UserThread const& thread, PolicyChange const& change);
// From -20 to 19.
i32 bounded_nice(i32 nice);

}  // namespace drydock
