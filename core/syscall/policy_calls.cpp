// sched_setscheduler(2) and its relatives, sched_setaffinity(2). Policies are kept and told, and
// all are scheduled alike.

#include "core/syscall/handlers.h"
#include "core/syscall/scheduling_support.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace sp = scheduling_policy;

namespace {

constexpr i32 kNiceLowest = 19, kNiceHighest = -20;
constexpr i32 kHighestPriority = 99;
constexpr u32 kResetOnFork = 0x40000000;

bool is_real_time(u32 policy) { return policy == sp::kFifo || policy == sp::kRoundRobin; }

bool is_usual(u32 policy)
{
    return policy == sp::kOther || policy == sp::kBatch || policy == sp::kIdle;
}

// Linux is_nice_reduction(): RLIMIT_NICE allows a user this value.
bool may_be_nice(UserThread const& thread, i32 nice)
{
    return static_cast<u64>(20 - nice) <= thread.process().limit(Resource::Nice).soft;
}

}  // namespace

Result<UserThread*> find_thread(Call& call, i32 tid)
{
    if (tid == 0) return &call.thread;
    UserThread* const thread = tid < 0 ? nullptr : seen_thread(call, static_cast<u32>(tid));
    if (thread == nullptr) return Errno::Srch;
    return thread;
}

bool may_schedule(Call& call, UserThread const& target)
{
    Credentials const& caller = call.thread.credentials;
    Credentials const& other = target.credentials;
    return caller.has(Capability::SysNice) || caller.euid == other.uid || caller.euid == other.euid;
}

i32 bounded_nice(i32 nice)
{
    if (nice < kNiceHighest) return kNiceHighest;
    return nice > kNiceLowest ? kNiceLowest : nice;
}

// The order of the checks is Linux's (kernel/sched/syscalls.c, __sched_setscheduler).
Result<void> check_policy(Call& call, UserThread const& thread, PolicyChange const& change)
{
    u32 const policy = change.policy;
    if (!is_usual(policy) && !is_real_time(policy) && policy != sp::kDeadline) return Errno::Inval;
    if (change.priority > kHighestPriority) return Errno::Inval;
    if (is_real_time(policy) != (change.priority != 0)) return Errno::Inval;
    if (!is_usual(policy)) return Errno::Perm;
    if (call.thread.credentials.has(Capability::SysNice)) return {};
    bool const is_fair = policy != sp::kIdle;
    bool const is_raised = is_fair && change.nice < thread.nice();
    if (is_raised && !may_be_nice(thread, change.nice)) return Errno::Perm;
    bool const leaves_idle = thread.policy == sp::kIdle && policy != sp::kIdle;
    if (leaves_idle && !may_be_nice(thread, thread.nice())) return Errno::Perm;
    if (!may_schedule(call, thread)) return Errno::Perm;
    if (thread.resets_on_fork && !change.resets_on_fork) return Errno::Perm;
    return {};
}

namespace {

Result<i64> change_policy(Call& call, UserThread& thread, PolicyChange change)
{
    change.nice = thread.nice();
    // It has parameters that these calls cannot give.
    if (change.policy == sp::kDeadline) return Errno::Inval;
    TRY(check_policy(call, thread, change));
    thread.policy = change.policy;
    thread.resets_on_fork = change.resets_on_fork;
    return i64{0};
}

}  // namespace

Result<i64> sys_sched_setscheduler(Call& call)
{
    if (call.integer(1) < 0 || call.address(2).is_null() || call.integer(0) < 0) {
        return Errno::Inval;
    }
    PolicyChange change;
    change.priority = TRY(call.space().read<u32>(call.address(2)));
    UserThread* const thread = TRY(find_thread(call, call.integer(0)));
    change.policy = call.word(1) & ~kResetOnFork;
    change.resets_on_fork = (call.word(1) & kResetOnFork) != 0;
    return change_policy(call, *thread, change);
}

Result<i64> sys_sched_setparam(Call& call)
{
    if (call.address(1).is_null() || call.integer(0) < 0) return Errno::Inval;
    PolicyChange change;
    change.priority = TRY(call.space().read<u32>(call.address(1)));
    UserThread* const thread = TRY(find_thread(call, call.integer(0)));
    change.policy = thread->policy;
    change.resets_on_fork = thread->resets_on_fork;
    return change_policy(call, *thread, change);
}

Result<i64> sys_sched_getscheduler(Call& call)
{
    if (call.integer(0) < 0) return Errno::Inval;
    UserThread const* const thread = TRY(find_thread(call, call.integer(0)));
    return i64{thread->policy | (thread->resets_on_fork ? kResetOnFork : 0)};
}

Result<i64> sys_sched_getparam(Call& call)
{
    if (call.address(1).is_null() || call.integer(0) < 0) return Errno::Inval;
    TRY(find_thread(call, call.integer(0)));
    i32 const priority = 0;
    TRY(call.space().write(call.address(1), priority));
    return i64{0};
}

Result<i64> sys_sched_get_priority_max(Call& call)
{
    u32 const policy = call.word(0);
    if (is_real_time(policy)) return i64{kHighestPriority};
    bool const is_known = is_usual(policy) || policy == sp::kDeadline;
    return is_known ? Result<i64>{i64{0}} : Result<i64>{Errno::Inval};
}

Result<i64> sys_sched_get_priority_min(Call& call)
{
    u32 const policy = call.word(0);
    if (is_real_time(policy)) return i64{1};
    bool const is_known = is_usual(policy) || policy == sp::kDeadline;
    return is_known ? Result<i64>{i64{0}} : Result<i64>{Errno::Inval};
}

Result<i64> sys_sched_rr_get_interval(Call& call)
{
    if (call.integer(0) < 0) return Errno::Inval;
    TRY(find_thread(call, call.integer(0)));
    i64 const interval[2] = {0, static_cast<i64>(kTickLength)};
    TRY(call.space().write(call.address(1), interval));
    return i64{0};
}

// There is one CPU.
Result<i64> sys_sched_setaffinity(Call& call)
{
    u64 mask = 0;
    usize const size = call[1] < sizeof(mask) ? static_cast<usize>(call[1]) : sizeof(mask);
    TRY(call.space().read_bytes({reinterpret_cast<std::byte*>(&mask), size}, call.address(2)));
    UserThread const* const thread = TRY(find_thread(call, call.integer(0)));
    if (!may_schedule(call, *thread)) return Errno::Perm;
    if ((mask & 1) == 0) return Errno::Inval;
    return i64{0};
}

Result<i64> sys_sched_getaffinity(Call& call)
{
    u64 const mask = 1;
    // As many bits as processors, counted in 32 bits (kernel/sched/syscalls.c).
    u32 const bits = call.word(1) * 8;
    if (bits == 0 || call.word(1) % sizeof(mask) != 0) return Errno::Inval;
    TRY(find_thread(call, call.integer(0)));
    TRY(call.space().write(call.address(2), mask));
    return static_cast<i64>(sizeof(mask));
}

}  // namespace drydock
