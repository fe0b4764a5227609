// Calls that only ask or tell the kernel something: no file, no memory. Where a C library may
// answer by itself the benchmark makes the system call.
#include "families.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

// Times one system call without arguments whose result is not negative.
static void time_call(struct run* run, long number)
{
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (syscall(number) < 0) return fail(run, run->name);
    }
    stop(run);
}

void run_getpid(struct run* run) { time_call(run, SYS_getpid); }
void run_gettid(struct run* run) { time_call(run, SYS_gettid); }
void run_getuid(struct run* run) { time_call(run, SYS_getuid); }
void run_sched_yield(struct run* run) { time_call(run, SYS_sched_yield); }

void run_getpriority(struct run* run)
{
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        // The system call returns 20 - nice, which is never negative (getpriority(2)).
        if (syscall(SYS_getpriority, PRIO_PROCESS, 0) < 0) return fail(run, "getpriority");
    }
    stop(run);
}

void run_uname(struct run* run)
{
    struct utsname name;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (uname(&name) != 0) return fail(run, "uname");
    }
    stop(run);
}

// Through the C library, which takes the vDSO where the kernel has one.
void run_clock_gettime(struct run* run)
{
    struct timespec now;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return fail(run, "clock_gettime");
    }
    stop(run);
}
