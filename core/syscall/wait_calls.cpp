// wait4(2), waitid(2), getrusage(2), times(2): children and what was used.

#include "core/process/process_file.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

constexpr u32 kNoHang = 1, kUntraced = 2, kExited = 4, kContinued = 8, kNoWait = 0x1000000;
constexpr u32 kNoThread = 0x20000000, kWaitAll = 0x40000000, kWaitClone = 0x80000000;
constexpr u32 kIdAll = 0, kIdPid = 1, kIdGroup = 2, kIdDescriptor = 3;
constexpr u64 kNanosPerMicro = 1000;

struct TimeValue {
    i64 seconds = 0;
    i64 microseconds = 0;
};

TimeValue time_value(u64 nanoseconds)
{
    TimeValue value;
    value.seconds = static_cast<i64>(nanoseconds / kNanosPerSecond);
    value.microseconds = static_cast<i64>(nanoseconds % kNanosPerSecond / kNanosPerMicro);
    return value;
}

// struct rusage, getrusage(2).
struct Usage {
    TimeValue user{};
    TimeValue system{};
    i64 maximum_resident = 0;
    i64 unused_sizes[3] = {};
    i64 minor_faults = 0;
    i64 major_faults = 0;
    i64 unused_counts[8] = {};
};
static_assert(sizeof(Usage) == 144);

Usage usage_of(WaitOutcome const& outcome)
{
    Usage usage;
    usage.user = time_value(outcome.user_time);
    usage.system = time_value(outcome.system_time);
    usage.minor_faults = static_cast<i64>(outcome.minor_faults);
    usage.major_faults = static_cast<i64>(outcome.major_faults);
    usage.maximum_resident = static_cast<i64>(outcome.peak_memory * (kPageSize / kKiB));
    return usage;
}

// The part of siginfo_t that waitid(2) writes; the rest of the caller's structure stays.
struct ChildInfo {
    i32 number = 0;
    i32 error = 0;
    i32 code = 0;
};
struct ChildDetails {
    u32 pid = 0;
    u32 uid = 0;
    i32 status = 0;
};

void describe_child(WaitOutcome const& outcome, ChildInfo& info, ChildDetails& details)
{
    if (outcome.pid == 0) return;
    info.number = static_cast<i32>(Signal::Chld);
    details.pid = outcome.pid;
    details.uid = outcome.uid;
    u32 const status = outcome.status;
    if (status == 0xffff) {
        info.code = kCldContinued;
        details.status = static_cast<i32>(Signal::Cont);
    } else if ((status & 0xff) == 0x7f) {
        info.code = kCldStopped;
        details.status = static_cast<i32>(status >> 8);
    } else if ((status & 0x7f) != 0) {
        info.code = kCldKilled;
        details.status = static_cast<i32>(status & 0x7f);
    } else {
        info.code = kCldExited;
        details.status = static_cast<i32>(status >> 8 & 0xff);
    }
}

}  // namespace

Result<i64> sys_wait4(Call& call)
{
    constexpr u32 kKnown = kNoHang | kUntraced | kContinued | kNoThread | kWaitAll | kWaitClone;
    u32 const options = call.word(2);
    if ((options & ~kKnown) != 0) return Errno::Inval;
    i32 const pid = call.integer(0);
    if (pid == INT32_MIN) return Errno::Srch;
    WaitRequest request;
    request.pid = pid;
    if (pid > 0) request.pid = meant_number(call, static_cast<u32>(pid));
    if (pid < -1) request.pid = -i64{meant_number(call, static_cast<u32>(-pid))};
    // Nobody in the caller's namespace has that number.
    if (pid != 0 && request.pid == 0) return Errno::Child;
    request.stopped = (options & kUntraced) != 0;
    request.continued = (options & kContinued) != 0;
    request.no_hang = (options & kNoHang) != 0;
    request.any_kind = (options & kWaitAll) != 0;
    request.clone_kind = (options & kWaitClone) != 0;
    WaitOutcome const outcome = TRY(call.system().processes.wait(call.thread, request));
    if (outcome.pid == 0) return i64{0};
    if (call[1] != 0) TRY(call.space().write(call.address(1), outcome.status));
    if (call[3] != 0) TRY(call.space().write(call.address(3), usage_of(outcome)));
    return i64{outcome.pid};
}

namespace {

Result<WaitRequest> waitid_request(Call& call)
{
    constexpr u32 kKnown =
        kNoHang | kUntraced | kExited | kContinued | kNoWait | kNoThread | kWaitAll | kWaitClone;
    u32 const options = call.word(3);
    if ((options & ~kKnown) != 0) return Errno::Inval;
    if ((options & (kExited | kUntraced | kContinued)) == 0) return Errno::Inval;
    WaitRequest request;
    i32 const id = call.integer(1);
    if (call.word(0) == kIdPid) {
        if (id <= 0) return Errno::Inval;
        request.pid = meant_number(call, static_cast<u32>(id));
        if (request.pid == 0) return Errno::Child;
    } else if (call.word(0) == kIdGroup) {
        if (id < 0) return Errno::Inval;
        // Group 1 would read as "any": -1 is taken, so the caller's own is named differently.
        u32 const group = id == 0 ? 0 : meant_number(call, static_cast<u32>(id));
        if (id != 0 && group == 0) return Errno::Child;
        request.pid = id == 0 || group == call.process().group_id ? 0 : -i64{group};
        if (request.pid == -1) return Errno::Child;
    } else if (call.word(0) == kIdDescriptor) {
        if (id < 0) return Errno::Inval;
    } else if (call.word(0) != kIdAll) {
        return Errno::Inval;
    }
    request.exited = (options & kExited) != 0;
    request.stopped = (options & kUntraced) != 0;
    request.continued = (options & kContinued) != 0;
    request.no_hang = (options & kNoHang) != 0;
    request.any_kind = (options & kWaitAll) != 0;
    request.clone_kind = (options & kWaitClone) != 0;
    request.no_wait = (options & kNoWait) != 0;
    return request;
}

// waitid(2), P_PIDFD: a non-blocking descriptor does not wait.
Result<WaitOutcome> wait_by_descriptor(Call& call, WaitRequest& request)
{
    Ref<File> const file = TRY(file_of(call, call.word(1)));
    if (file->kind() != FileKind::Process) return Errno::BadF;
    Ref<Process> const process = static_cast<ProcessFile&>(*file).process_ref();
    request.only = process.get();
    bool const tells_again = file->is_non_blocking() && !request.no_hang;
    request.no_hang |= tells_again;
    WaitOutcome const outcome = TRY(call.system().processes.wait(call.thread, request));
    if (outcome.pid == 0 && tells_again) return Errno::Again;
    return outcome;
}

Result<WaitOutcome> wait_by_id(Call& call)
{
    WaitRequest request = TRY(waitid_request(call));
    if (call.word(0) == kIdDescriptor) return wait_by_descriptor(call, request);
    return call.system().processes.wait(call.thread, request);
}

}  // namespace

Result<i64> sys_waitid(Call& call)
{
    Result<WaitOutcome> waited = wait_by_id(call);
    WaitOutcome outcome;
    if (waited.is_ok()) outcome = waited.value();
    if (outcome.pid != 0 && call[4] != 0)
        TRY(call.space().write(call.address(4), usage_of(outcome)));
    // Linux fills in the structure even when it reports an error (kernel/exit.c).
    if (call[2] != 0) {
        ChildInfo info;
        ChildDetails details;
        describe_child(outcome, info, details);
        TRY(call.space().write(call.address(2), info));
        TRY(call.space().write(call.address(2) + 16, details));
    }
    if (waited.is_error()) return waited.error();
    return i64{0};
}

Result<i64> sys_getrusage(Call& call)
{
    constexpr i32 kSelf = 0, kChildren = -1, kThread = 1;
    Process& process = call.process();
    call.system().scheduler.account_current();
    WaitOutcome outcome;
    if (call.integer(0) == kSelf) {
        outcome.user_time = process.user_time();
        outcome.system_time = process.system_time();
        outcome.minor_faults = process.minor_faults;
        outcome.major_faults = process.major_faults;
    } else if (call.integer(0) == kChildren) {
        outcome.user_time = process.children_user_time;
        outcome.system_time = process.children_system_time;
        outcome.minor_faults = process.children_minor_faults;
        outcome.major_faults = process.children_major_faults;
        outcome.peak_memory = process.children_peak_memory;
    } else if (call.integer(0) == kThread) {
        outcome.user_time = call.thread.user_time();
        outcome.system_time = call.thread.system_time();
    } else {
        return Errno::Inval;
    }
    if (call.integer(0) != kChildren) outcome.peak_memory = process.total_peak_memory();
    TRY(call.space().write(call.address(1), usage_of(outcome)));
    return i64{0};
}

Result<i64> sys_times(Call& call)
{
    // struct tms, in units of 1/100 second (times(2)).
    constexpr u64 kClockTick = kNanosPerSecond / 100;
    Process& process = call.process();
    Ticks const now = call.system().scheduler.now();
    call.system().scheduler.account_current();
    u64 const times[4] = {process.user_time() / kClockTick,
                          process.system_time() / kClockTick,
                          process.children_user_time / kClockTick,
                          process.children_system_time / kClockTick};
    if (call[0] != 0) TRY(call.space().write(call.address(0), times));
    return static_cast<i64>(now / kClockTick);
}

}  // namespace drydock
