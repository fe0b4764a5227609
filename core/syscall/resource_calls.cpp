// Limits, priorities, scheduling and what else a process may set about itself.

#include "core/syscall/handlers.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

constexpr i32 kNiceLowest = 19, kNiceHighest = -20;
constexpr u32 kWhichProcess = 0, kWhichGroup = 1, kWhichUser = 2;

// Whose limits and priorities the caller may change (prlimit(2), setpriority(2)).
bool may_control(Credentials const& caller, Credentials const& target, Capability otherwise)
{
    return caller.has(otherwise) || caller.euid == target.uid || caller.euid == target.euid;
}

Result<Process*> find_target(Call& call, i32 pid)
{
    if (pid == 0) return &call.process();
    Process* const process =
        pid < 0 ? nullptr : seen_process_by_thread(call, static_cast<u32>(pid));
    if (process == nullptr || process->is_dead()) return Errno::Srch;
    return process;
}

Result<void> set_limit(Call& call, Process& target, u32 resource, ResourceLimit limit)
{
    if (limit.soft > limit.hard) return Errno::Inval;
    ResourceLimit& current = target.limits[resource];
    bool const is_files = resource == static_cast<u32>(Resource::OpenFiles);
    if (is_files && limit.hard > kMaximumDescriptors) return Errno::Perm;
    if (limit.hard > current.hard && !call.thread.credentials.has(Capability::SysResource))
        return Errno::Perm;
    current = limit;
    if (resource == static_cast<u32>(Resource::Cpu)) {
        // No time at all is taken as one second (kernel/sys.c, do_prlimit).
        if (current.soft == 0) current.soft = 1;
        target.system().processes.update_cpu_watch(target);
    }
    if (target.space) {
        target.space->set_limits(target.limit(Resource::Stack).soft,
                                 target.limit(Resource::AddressSpace).soft,
                                 target.limit(Resource::Data).soft);
    }
    return {};
}

// Calls `visit` for each thread that the pair of arguments of getpriority(2) names; how many.
template <typename Visitor>
u32 for_each_target(Call& call, u32 which, u32 who, Visitor visit)
{
    Process& caller = call.process();
    ProcessTable& table = call.system().processes;
    if (which == kWhichProcess) {
        // In Linux the number is a thread's, and 0 is the caller alone.
        UserThread* const thread = who == 0 ? &call.thread : seen_thread(call, who);
        if (thread == nullptr) return 0;
        visit(*thread);
        return 1;
    }
    u32 wanted = which == kWhichGroup ? caller.group_id : call.thread.credentials.uid;
    if (who != 0) wanted = which == kWhichGroup ? meant_number(call, who) : who;
    u32 count = 0;
    for (Process* process = table.next_at_or_above(1); process != nullptr;
         process = table.next_at_or_above(process->pid() + 1)) {
        if (!is_seen(call, *process)) continue;
        for (ThreadLink& link : process->threads) {
            bool const is_group = which == kWhichGroup;
            u32 const its = is_group ? process->group_id : link.thread->credentials.uid;
            if (its != wanted) continue;
            ++count;
            visit(*link.thread);
        }
    }
    return count;
}

}  // namespace

// --- limits
// ----------------------------------------------------------------------------------------

Result<i64> sys_getrlimit(Call& call)
{
    if (call.word(0) >= kResourceCount) return Errno::Inval;
    TRY(call.space().write(call.address(1), call.process().limits[call.word(0)]));
    return i64{0};
}

Result<i64> sys_setrlimit(Call& call)
{
    if (call.word(0) >= kResourceCount) return Errno::Inval;
    ResourceLimit const limit = TRY(call.space().read<ResourceLimit>(call.address(1)));
    TRY(set_limit(call, call.process(), call.word(0), limit));
    return i64{0};
}

Result<i64> sys_prlimit64(Call& call)
{
    // The order of the checks is Linux's (kernel/sys.c).
    u32 const resource = call.word(1);
    ResourceLimit changed;
    if (call[2] != 0) changed = TRY(call.space().read<ResourceLimit>(call.address(2)));
    Process* const target = TRY(find_target(call, call.integer(0)));
    bool const is_self = target == &call.process();
    if (!is_self &&
        !may_control(call.thread.credentials, target->credentials(), Capability::SysResource))
        return Errno::Perm;
    if (resource >= kResourceCount) return Errno::Inval;
    ResourceLimit const old = target->limits[resource];
    if (call[2] != 0) TRY(set_limit(call, *target, resource, changed));
    if (call[3] != 0) TRY(call.space().write(call.address(3), old));
    return i64{0};
}

// --- priorities
// ------------------------------------------------------------------------------------

Result<i64> sys_getpriority(Call& call)
{
    if (call.word(0) > kWhichUser) return Errno::Inval;
    i32 best = kNiceLowest;
    u32 const count =
        for_each_target(call, call.word(0), call.word(1), [&best](UserThread& thread) {
            if (thread.nice() < best) best = thread.nice();
        });
    if (count == 0) return Errno::Srch;
    // As 20 - nice, which is never negative (getpriority(2), "C library/kernel differences").
    return i64{20 - best};
}

Result<i64> sys_setpriority(Call& call)
{
    if (call.word(0) > kWhichUser) return Errno::Inval;
    i32 nice = call.integer(2);
    if (nice < kNiceHighest) nice = kNiceHighest;
    if (nice > kNiceLowest) nice = kNiceLowest;
    Credentials const& caller = call.thread.credentials;
    Result<void> outcome;
    u32 const count = for_each_target(call, call.word(0), call.word(1), [&](UserThread& thread) {
        if (!may_control(caller, thread.credentials, Capability::SysNice)) {
            outcome = Result<void>{Errno::Perm};
            return;
        }
        if (nice < thread.nice() && !caller.has(Capability::SysNice)) {
            outcome = Result<void>{Errno::Acces};
            return;
        }
        thread.set_nice(nice);
    });
    if (count == 0) return Errno::Srch;
    TRY(std::move(outcome));
    return i64{0};
}

// --- scheduling
// ------------------------------------------------------------------------------------

Result<i64> sys_sched_yield(Call& call)
{
    call.system().scheduler.yield();
    return i64{0};
}

// --- a thread about itself
// -------------------------------------------------------------------------

Result<i64> sys_set_tid_address(Call& call)
{
    call.thread.clear_child_tid = call.address(0);
    return i64{call.thread.shown_tid};
}

Result<i64> sys_set_robust_list(Call& call)
{
    constexpr u64 kHeadSize = 24;
    if (call[1] != kHeadSize) return Errno::Inval;
    call.thread.robust_list = call.address(0);
    return i64{0};
}

Result<i64> sys_get_robust_list(Call& call)
{
    UserThread* target = &call.thread;
    if (call.integer(0) != 0) target = seen_thread(call, call.word(0));
    if (target == nullptr) return Errno::Srch;
    if (!may_control(call.thread.credentials, target->credentials, Capability::SysPtrace)) {
        return Errno::Perm;
    }
    u64 const size = 24;
    TRY(call.space().write(call.address(2), size));
    TRY(call.space().write(call.address(1), target->robust_list.value));
    return i64{0};
}

Result<i64> sys_arch_prctl(Call& call)
{
    constexpr u32 kSetGs = 0x1001, kSetFs = 0x1002, kGetFs = 0x1003, kGetGs = 0x1004;
    UserContext& context = call.thread.context();
    u32 const command = call.word(0);
    if (command == kSetFs || command == kSetGs) {
        if (call[1] >= kUserEnd) return Errno::Perm;
        // The base is no selector's any more (arch/x86/kernel/process_64.c, do_arch_prctl_64).
        bool const is_fs = command == kSetFs;
        (is_fs ? context.fs : context.gs) = 0;
        (is_fs ? context.fs_base : context.gs_base) = call[1];
        ++context.base_changes;
        return i64{0};
    }
    if (command != kGetFs && command != kGetGs) return Errno::Inval;
    u64 const base = command == kGetFs ? context.fs_base : context.gs_base;
    TRY(call.space().write(call.address(1), base));
    return i64{0};
}

Result<i64> sys_personality(Call& call)
{
    // Only the plain one exists; asking is allowed.
    constexpr u32 kAsk = 0xffffffff;
    if (call.word(0) != kAsk && call.word(0) != 0) return Errno::Inval;
    return i64{0};
}

Result<i64> sys_ptrace(Call&) { return Errno::NoSys; }

}  // namespace drydock
