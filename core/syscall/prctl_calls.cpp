// prctl(2).

#include "core/syscall/capability_support.h"
#include "core/syscall/handlers.h"

namespace drydock {

namespace {

enum : i32 {
    kSetDeathSignal = 1,
    kGetDeathSignal = 2,
    kGetDumpable = 3,
    kSetDumpable = 4,
    kGetTiming = 13,
    kSetTiming = 14,
    kSetName = 15,
    kGetName = 16,
    kSetTimerSlack = 29,
    kGetTimerSlack = 30,
    kSetSubreaper = 36,
    kGetSubreaper = 37,
    kSetNoNewPrivileges = 38,
    kGetNoNewPrivileges = 39,
    kGetTidAddress = 40,
};

Result<i64> set_name(Call& call)
{
    char(&target)[16] = call.thread.name;
    char name[sizeof(target)] = {};
    Result<usize> length = call.space().read_string({name, sizeof(name)}, call.address(1));
    // Longer names are cut.
    if (length.is_error() && length.error() != Errno::NameTooLong) return length.error();
    if (length.is_error()) {
        auto* const bytes = reinterpret_cast<std::byte*>(name);
        TRY(call.space().read_bytes({bytes, sizeof(name) - 1}, call.address(1)));
    }
    name[sizeof(name) - 1] = '\0';
    memcpy(target, name, sizeof(name));
    return i64{0};
}

// About the process.
Result<i64> process_option(Call& call)
{
    Process& process = call.process();
    switch (call.integer(0)) {
    case kSetDeathSignal:
        if (call[1] > kSignalCount) return Errno::Inval;
        call.thread.parent_death_signal = call.word(1);
        return i64{0};
    case kGetDeathSignal:
        TRY(call.space().write(call.address(1), call.thread.parent_death_signal));
        return i64{0};
    case kGetDumpable: return i64{process.is_dumpable};
    case kSetDumpable:
        if (call[1] > 1) return Errno::Inval;
        process.is_dumpable = call[1] == 1;
        return i64{0};
    case kSetSubreaper: process.is_subreaper = call[1] != 0; return i64{0};
    case kGetSubreaper: {
        i32 const value = process.is_subreaper;
        TRY(call.space().write(call.address(1), value));
        return i64{0};
    }
    // PR_TIMING_STATISTICAL, the only kind.
    case kGetTiming: return i64{0};
    case kSetTiming: return call[1] != 0 ? Result<i64>{Errno::Inval} : Result<i64>{i64{0}};
    default: return Errno::Inval;
    }
}

bool has_more_arguments(Call& call) { return call[2] != 0 || call[3] != 0 || call[4] != 0; }

}  // namespace

Result<i64> sys_prctl(Call& call)
{
    UserThread& thread = call.thread;
    if (is_capability_option(call.integer(0))) return capability_option(call);
    switch (call.integer(0)) {
    case kSetName: return set_name(call);
    case kGetName: TRY(call.space().write(call.address(1), thread.name)); return i64{0};
    case kSetTimerSlack:
        // Nothing positive: back to what it began with (kernel/sys.c).
        thread.timer_slack = static_cast<i64>(call[1]) <= 0 ? thread.default_slack : call[1];
        return i64{0};
    case kGetTimerSlack: return static_cast<i64>(thread.timer_slack);
    case kSetNoNewPrivileges:
        if (call[1] != 1 || has_more_arguments(call)) return Errno::Inval;
        thread.no_new_privileges = true;
        return i64{0};
    case kGetNoNewPrivileges:
        if (call[1] != 0 || has_more_arguments(call)) return Errno::Inval;
        return i64{thread.no_new_privileges};
    case kGetTidAddress:
        TRY(call.space().write(call.address(1), thread.clear_child_tid.value));
        return i64{0};
    default: return process_option(call);
    }
}

}  // namespace drydock
