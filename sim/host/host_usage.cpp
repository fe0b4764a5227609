#include "sim/host/host_usage.h"

#include <cstdlib>
#include <ctime>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

u64 clock_ns(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

}  // namespace

u64 host_monotonic_ns() { return clock_ns(CLOCK_MONOTONIC); }
u64 host_cpu_ns() { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }
u64 host_date_seconds() { return clock_ns(CLOCK_REALTIME) / 1'000'000'000; }

u64 host_peak_resident_bytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<u64>(usage.ru_maxrss) * kKiB;
}

std::string host_terminal_name()
{
    char const* const name = std::getenv("TERM");
    return name != nullptr && *name != '\0' ? name : "linux";
}

unsigned host_processors()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
    int const count = CPU_COUNT(&set);
    return count < 1 ? 1 : static_cast<unsigned>(count);
}

bool is_host_terminal(int descriptor) { return isatty(descriptor) == 1; }

bool is_same_terminal(int left, int right)
{
    struct stat first {};
    struct stat second {};
    return is_host_terminal(left) && is_host_terminal(right) && fstat(left, &first) == 0 &&
           fstat(right, &second) == 0 && first.st_rdev == second.st_rdev;
}

}  // namespace drydock::sim
