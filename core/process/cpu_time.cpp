// What happens when CPU time runs out: RLIMIT_CPU (getrlimit(2)) and the timers of setitimer(2).

#include "core/process/process_table.h"

namespace drydock {

namespace {

constexpr u64 kUnlimited = ~u64{0};

u64 nanoseconds(u64 seconds)
{
    return seconds >= kUnlimited / kNanosPerSecond ? kUnlimited : seconds * kNanosPerSecond;
}

// What is left until `end`; 0 when it has been reached.
u64 rest(u64 end, u64 used) { return end > used ? end - used : 0; }

// True if the timer has rung; `left` becomes what is left until it rings next, if that is less.
bool has_rung(CpuTimer& timer, u64 used, u64& left)
{
    if (timer.deadline == 0) return false;
    bool const rings = used >= timer.deadline;
    if (rings) {
        u64 const missed = timer.interval == 0 ? 0 : (used - timer.deadline) / timer.interval;
        timer.deadline = timer.interval == 0 ? 0 : timer.deadline + (missed + 1) * timer.interval;
    }
    if (timer.deadline != 0 && rest(timer.deadline, used) < left) left = rest(timer.deadline, used);
    return rings;
}

// The way back from the interrupt does the work.
void come_back(Timer&, void*) {}

}  // namespace

void ProcessTable::update_cpu_watch(Process& process)
{
    system_.scheduler.disarm(process.cpu_timer);
    ResourceLimit const& limit = process.limit(Resource::Cpu);
    process.watches_cpu_time = limit.soft != kUnlimited || process.virtual_timer.deadline != 0 ||
                               process.profile_timer.deadline != 0;
    for (PosixTimer const& timer : process.timers) {
        process.watches_cpu_time |= timer.runs_on_cpu_time();
    }
}

void ProcessTable::watch_cpu_time(UserThread& thread)
{
    Process& process = thread.process();
    if (process.cpu_timer.is_armed() || process.is_exiting) return;
    Ticks const now = system_.scheduler.now();
    system_.scheduler.account_current();
    u64 const user = process.user_time();
    u64 const used = user + process.system_time();
    ResourceLimit& limit = process.limit(Resource::Cpu);
    // The hard limit is looked at when the soft one is reached (kernel/time/posix-cpu-timers.c,
    // check_process_timers).
    if (limit.soft != kUnlimited && rest(nanoseconds(limit.soft), used) == 0) {
        if (rest(nanoseconds(limit.hard), used) == 0) {
            send_to_process(process, SignalInfo::from_kernel(Signal::Kill));
            return;
        }
        send_to_process(process, SignalInfo::from_kernel(Signal::Xcpu));
        // Told again each second.
        ++limit.soft;
    }
    u64 left = rest(nanoseconds(limit.soft), used);
    if (has_rung(process.virtual_timer, user, left)) {
        send_to_process(process, SignalInfo::from_kernel(Signal::VtAlrm));
    }
    if (has_rung(process.profile_timer, used, left)) {
        send_to_process(process, SignalInfo::from_kernel(Signal::Prof));
    }
    for (PosixTimer& timer : process.timers) {
        if (!timer.runs_on_cpu_time()) continue;
        u64 const until_next = timer.watch_cpu_time();
        if (until_next < left) left = until_next;
    }
    if (left >= kUnlimited - now) return;
    process.cpu_timer.callback = come_back;
    system_.scheduler.arm(process.cpu_timer, now + left);
}

}  // namespace drydock
