#include "core/syscall/handlers.h"

namespace drydock {

namespace {

enum : u32 {
    kWait = 0,
    kWake = 1,
    kRequeue = 3,
    kCompareRequeue = 4,
    kWakeOperation = 5,
    kLockPi = 6,
    kWaitBitset = 9,
    kWakeBitset = 10,
    kWaitRequeuePi = 11,
    kCompareRequeuePi = 12,
    kLockPi2 = 13,
};
constexpr u32 kPrivate = 128, kClockRealTime = 256;

struct TimeSpec {
    i64 seconds = 0;
    i64 nanoseconds = 0;
};

// FUTEX_WAIT's timeout is a duration, FUTEX_WAIT_BITSET's a point of time.
Result<Ticks> read_deadline(Call& call, bool is_absolute, bool is_wall)
{
    if (call[3] == 0) return kNever;
    TimeSpec const time = TRY(call.space().read<TimeSpec>(call.address(3)));
    bool const is_bad = time.seconds < 0 || time.nanoseconds < 0 ||
                        time.nanoseconds >= static_cast<i64>(kNanosPerSecond);
    if (is_bad) return Errno::Inval;
    Ticks const now = call.system().scheduler.now();
    constexpr i64 kMostSeconds = 1'000'000'000;
    i64 seconds = time.seconds;
    i64 nanoseconds = time.nanoseconds;
    if (is_absolute && is_wall) {
        Timestamp const wall = call.system().vfs.current_time();
        seconds -= wall.seconds;
        nanoseconds -= i64{wall.nanoseconds};
    }
    if (seconds > kMostSeconds) return kNever;
    if (seconds < 0) return now;
    i64 const duration = seconds * static_cast<i64>(kNanosPerSecond) + nanoseconds;
    if (is_absolute && !is_wall) return static_cast<u64>(duration);
    return duration <= 0 ? now : now + static_cast<u64>(duration);
}

Result<i64> wait_until(Call& call, Ticks deadline)
{
    u32 const operation = call.word(1);
    bool const is_bitset = (operation & ~(kPrivate | kClockRealTime)) == kWaitBitset;
    u32 const bits = is_bitset ? call.word(5) : FutexTable::kAnyBit;
    UserAddr const word = call.address(0);
    FutexKey const key = TRY(FutexTable::key_of(call.space(), word, (operation & kPrivate) != 0));
    TRY(call.system().processes.futexes().wait(
        call.thread, word, key, call.word(2), bits, deadline));
    return i64{0};
}

Result<i64> go_on_waiting(Call& call, Ticks deadline)
{
    return restartable(call, wait_until(call, deadline), go_on_waiting, deadline);
}

Result<i64> wait_on(Call& call, u32 operation)
{
    bool const is_bitset = (operation & ~(kPrivate | kClockRealTime)) == kWaitBitset;
    Ticks const deadline = TRY(read_deadline(call, is_bitset, (operation & kClockRealTime) != 0));
    if (is_bitset && call.word(5) == 0) return Errno::Inval;
    return go_on_waiting(call, deadline);
}

Result<i64> requeue(Call& call, u32 operation, bool compares)
{
    if (call.integer(2) < 0 || call.integer(3) < 0) return Errno::Inval;
    bool const is_private = (operation & kPrivate) != 0;
    FutexKey const source = TRY(FutexTable::key_of(call.space(), call.address(0), is_private));
    FutexKey const target = TRY(FutexTable::key_of(call.space(), call.address(4), is_private));
    if (compares) {
        u32 const value = TRY(call.space().read<u32>(call.address(0)));
        if (value != call.word(5)) return Errno::Again;
    }
    u32 moved = 0;
    u32 const woken = call.system().processes.futexes().requeue(
        call.system().scheduler, source, target, call.word(2), call.word(3), moved);
    return i64{woken} + i64{moved};
}

// futex(2), FUTEX_WAKE_OP: what is done to the second word, and the condition on its old value.
Result<u32> operate(u32 operation, u32 old, u32 argument)
{
    if (operation == 0) return argument;
    if (operation == 1) return old + argument;
    if (operation == 2) return old | argument;
    if (operation == 3) return old & ~argument;
    if (operation == 4) return old ^ argument;
    return Errno::NoSys;
}

Result<bool> compare(u32 comparison, u32 old, u32 argument)
{
    auto const left = static_cast<i32>(old);
    auto const right = static_cast<i32>(argument);
    if (comparison == 0) return left == right;
    if (comparison == 1) return left != right;
    if (comparison == 2) return left < right;
    if (comparison == 3) return left <= right;
    if (comparison == 4) return left > right;
    if (comparison == 5) return left >= right;
    return Errno::NoSys;
}

// The twelve-bit arguments are signed.
u32 extend(u32 value) { return (value & 0x800) != 0 ? value | 0xffff'f000 : value; }

Result<i64> wake_operation(Call& call, u32 flags)
{
    u32 const encoded = call.word(5);
    u32 argument = extend(encoded >> 12 & 0xfff);
    constexpr u32 kShiftArgument = 8;
    u32 const operation = encoded >> 28;
    if ((operation & kShiftArgument) != 0) argument = u32{1} << (argument & 31);
    bool const is_private = (flags & kPrivate) != 0;
    FutexKey const first = TRY(FutexTable::key_of(call.space(), call.address(0), is_private));
    FutexKey const second = TRY(FutexTable::key_of(call.space(), call.address(4), is_private));
    u32 const old = TRY(call.space().read<u32>(call.address(4)));
    u32 const changed = TRY(operate(operation & ~kShiftArgument, old, argument));
    // It stays changed where the comparison is unknown.
    TRY(call.space().write(call.address(4), changed));
    bool const holds = TRY(compare(encoded >> 24 & 0xf, old, extend(encoded & 0xfff)));
    FutexTable& futexes = call.system().processes.futexes();
    Scheduler& scheduler = call.system().scheduler;
    u32 woken = futexes.wake(scheduler, first, call.word(2), FutexTable::kAnyBit);
    if (holds) woken += futexes.wake(scheduler, second, call.word(3), FutexTable::kAnyBit);
    return i64{woken};
}

// What there is not: kinds that inherit priorities, as in a Linux without CONFIG_FUTEX_PI, and a
// clock for what takes a span (kernel/futex/syscalls.c). The timeout is looked at before.
Result<i64> refuse(Call& call, u32 command)
{
    bool const has_timeout =
        command == kWait || command == kLockPi || command == kLockPi2 || command == kWaitRequeuePi;
    if (has_timeout) TRY(read_deadline(call, false, false));
    bool const counts = command == kCompareRequeuePi && (call.word(1) & kClockRealTime) == 0;
    if (counts && (call.integer(2) < 0 || call.integer(3) < 0)) return Errno::Inval;
    return Errno::NoSys;
}

}  // namespace

Result<i64> sys_futex(Call& call)
{
    u32 const operation = call.word(1);
    u32 const command = operation & ~(kPrivate | kClockRealTime);
    // FUTEX_WAIT takes a span: since Linux 5.13 no clock goes with it.
    if ((operation & kClockRealTime) != 0 && command != kWaitBitset) return refuse(call, command);
    switch (command) {
    case kWait:
    case kWaitBitset: return wait_on(call, operation);
    case kWake:
    case kWakeBitset: {
        u32 const bits = command == kWake ? FutexTable::kAnyBit : call.word(5);
        if (bits == 0) return Errno::Inval;
        bool const is_private = (operation & kPrivate) != 0;
        FutexKey const key = TRY(FutexTable::key_of(call.space(), call.address(0), is_private));
        // Linux wakes one even where none is asked for (kernel/futex/waitwake.c).
        u32 const count = call.integer(2) < 1 ? 1 : call.word(2);
        return i64{
            call.system().processes.futexes().wake(call.system().scheduler, key, count, bits)};
    }
    case kRequeue: return requeue(call, operation, false);
    case kCompareRequeue: return requeue(call, operation, true);
    case kWakeOperation: return wake_operation(call, operation);
    default: return refuse(call, command);
    }
}

}  // namespace drydock
