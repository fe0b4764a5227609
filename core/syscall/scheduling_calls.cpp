// sched_setattr(2), sched_getattr(2), ioprio_set(2), ioprio_get(2).

#include "core/syscall/handlers.h"
#include "core/syscall/scheduling_support.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

// struct sched_attr, <linux/sched/types.h>.
struct SchedulingAttributes {
    u32 size = 0;
    u32 policy = 0;
    u64 flags = 0;
    i32 nice = 0;
    u32 priority = 0;
    u64 runtime = 0;
    u64 deadline = 0;
    u64 period = 0;
    u32 least_use = 0;
    u32 most_use = 0;
};
static_assert(sizeof(SchedulingAttributes) == 56);
constexpr u32 kFirstSize = 48;
constexpr u64 kKnownFlags = 0x7f, kResetOnFork = 1, kKeepPolicy = 8, kKeepParameters = 0x10;

// A caller of another version is told the size that this one knows (sched_setattr(2), E2BIG).
Result<SchedulingAttributes> read_attributes(Call& call, UserAddr source)
{
    SchedulingAttributes attributes;
    u32 size = TRY(call.space().read<u32>(source));
    if (size == 0) size = kFirstSize;
    bool is_known = size >= kFirstSize && size <= kPageSize;
    for (u32 at = sizeof(attributes); is_known && at < size; ++at) {
        u8 const byte = TRY(call.space().read<u8>(source + at));
        is_known = byte == 0;
    }
    if (!is_known) {
        u32 const own_size = sizeof(attributes);
        static_cast<void>(call.space().write(source, own_size).is_ok());
        return Errno::TooBig;
    }
    usize const known = size < sizeof(attributes) ? size : sizeof(attributes);
    TRY(call.space().read_bytes({reinterpret_cast<std::byte*>(&attributes), known}, source));
    return attributes;
}

}  // namespace

Result<i64> sys_sched_setattr(Call& call)
{
    if (call.address(1).is_null() || call.integer(0) < 0 || call.word(2) != 0) return Errno::Inval;
    SchedulingAttributes attributes = TRY(read_attributes(call, call.address(1)));
    if (static_cast<i32>(attributes.policy) < 0) return Errno::Inval;
    UserThread* const thread = TRY(find_thread(call, call.integer(0)));
    if ((attributes.flags & kKeepPolicy) != 0) attributes.policy = thread->policy;
    if ((attributes.flags & ~kKnownFlags) != 0) return Errno::Inval;
    PolicyChange change;
    change.policy = attributes.policy;
    change.priority = attributes.priority;
    change.nice = bounded_nice(attributes.nice);
    change.resets_on_fork = (attributes.flags & kResetOnFork) != 0;
    bool const keeps = (attributes.flags & kKeepParameters) != 0;
    if (keeps) change.nice = thread->nice();
    TRY(check_policy(call, *thread, change));
    thread->policy = change.policy;
    thread->resets_on_fork = change.resets_on_fork;
    if (change.policy != scheduling_policy::kIdle) thread->set_nice(change.nice);
    return i64{0};
}

Result<i64> sys_sched_getattr(Call& call)
{
    u32 const size = call.word(2);
    bool const is_bad = call.address(1).is_null() || call.integer(0) < 0 || call.word(3) != 0;
    if (is_bad || size < kFirstSize || size > kPageSize) return Errno::Inval;
    UserThread* const thread = TRY(find_thread(call, call.integer(0)));
    SchedulingAttributes attributes;
    attributes.size = size < sizeof(attributes) ? size : sizeof(attributes);
    attributes.policy = thread->policy;
    attributes.flags = thread->resets_on_fork ? kResetOnFork : 0;
    attributes.nice = thread->nice();
    attributes.most_use = 1024;
    TRY(call.space().write_bytes(
        call.address(1),
        {reinterpret_cast<std::byte const*>(&attributes), static_cast<usize>(attributes.size)}));
    // A newer caller's structure ends in zeros.
    usize const rest = size - attributes.size;
    if (call.space().zero_out(call.address(1) + attributes.size, rest) < rest) return Errno::Fault;
    return i64{0};
}

namespace {

constexpr u32 kWhichProcess = 1, kWhichGroup = 2, kWhichUser = 3;
// ioprio_set(2): the class is above bit 13, hints and three bits of level are below.
constexpr u32 kPriorityMask = 0xffff;  // What is kept of it.
constexpr u32 kClassShift = 13, kClassNone = 0, kClassRealTime = 1, kClassBest = 2, kClassIdle = 3;

Result<void> check_io_priority(Call& call, u32 priority)
{
    constexpr u32 kLevelMask = 7;
    constexpr u32 kClassMask = 7;
    switch (priority >> kClassShift & kClassMask) {
    case kClassNone:
        return (priority & kLevelMask) == 0 ? Result<void>{} : Result<void>{Errno::Inval};
    case kClassRealTime:
        if (!call.thread.credentials.has_any(bit_of(Capability::SysAdmin) |
                                             bit_of(Capability::SysNice))) {
            return Errno::Perm;
        }
        return {};
    case kClassBest:
    case kClassIdle: return {};
    default: return Errno::Inval;
    }
}

// Calls `visit` for each thread that the arguments name. Errno::Inval, Srch.
template <typename Visitor>
Result<void> for_each_thread(Call& call, Visitor visit)
{
    u32 const which = call.word(0);
    u32 const who = call.word(1);
    if (which == kWhichProcess) {
        UserThread* const thread = TRY(find_thread(call, call.integer(1)));
        visit(*thread);
        return {};
    }
    if (which != kWhichGroup && which != kWhichUser) return Errno::Inval;
    Process& caller = call.process();
    ProcessTable& table = call.system().processes;
    u32 wanted = which == kWhichGroup ? caller.group_id : call.thread.credentials.uid;
    if (who != 0) wanted = which == kWhichGroup ? meant_number(call, who) : who;
    bool has_found = false;
    for (Process* process = table.next_at_or_above(1); process != nullptr;
         process = table.next_at_or_above(process->pid() + 1)) {
        if (!is_seen(call, *process)) continue;
        for (ThreadLink& link : process->threads) {
            bool const is_group = which == kWhichGroup;
            u32 const its = is_group ? process->group_id : link.thread->credentials.uid;
            if (its != wanted) continue;
            has_found = true;
            visit(*link.thread);
        }
    }
    if (!has_found) return Errno::Srch;
    return {};
}

}  // namespace

Result<i64> sys_ioprio_set(Call& call)
{
    u32 const priority = call.word(2);
    TRY(check_io_priority(call, priority));
    bool is_refused = false;
    TRY(for_each_thread(call, [&](UserThread& thread) {
        Credentials const& caller = call.thread.credentials;
        u32 const uid = thread.credentials.uid;
        bool const may = caller.has(Capability::SysNice) || uid == caller.euid || uid == caller.uid;
        if (may) thread.io_priority = priority & kPriorityMask;
        is_refused |= !may;
    }));
    if (is_refused) return Errno::Perm;
    return i64{0};
}

// The best of several: the lowest number, with none counting as the middle of the usual class.
Result<i64> sys_ioprio_get(Call& call)
{
    constexpr u32 kUsual = kClassBest << kClassShift | 4;
    u32 best = ~0u;
    bool const is_one = call.word(0) == kWhichProcess;
    TRY(for_each_thread(call, [&](UserThread& thread) {
        bool const is_none = thread.io_priority >> kClassShift == kClassNone;
        u32 const its = is_none && !is_one ? kUsual : thread.io_priority;
        if (its < best) best = its;
    }));
    return i64{best};
}

}  // namespace drydock
