#include "sim/suite/benchmarks.h"

namespace drydock::sim {

namespace {

// Two cells of the publication are no figures: poll is given as a ratio of 1.00 alone, waitid not
// at all.
constexpr std::array<Benchmark, kBenchmarkCount> kBenchmarks = {{
    {"getpid", 1'000'000, 10'000, 90, 62},
    {"read_null", 500'000, 5'000, 106, 91},
    {"write_null", 500'000, 5'000, 107, 92},
    {"pipe", 256, 32, 367, 318},
    {"fork_exit", 500, 200, 57'152, 52'600},
    {"open_close", 100'000, 2'000, 792, 590},
    {"mmap_fault", 4'096, 256, 1'600, 1'580},
    {"stat", 200'000, 5'000, 413, 263},
    {"gettid", 1'000'000, 10'000, 92, 65},
    {"clock_gettime", 1'000'000, 10'000, 26, 10},
    {"uname", 500'000, 5'000, 251, 118},
    {"dup_close", 500'000, 5'000, 221, 187},
    {"fcntl_getfl", 1'000'000, 10'000, 98, 79},
    {"fstat", 500'000, 5'000, 161, 124},
    {"lseek", 1'000'000, 10'000, 98, 82},
    {"getcwd", 500'000, 5'000, 300, 125},
    {"readlink", 200'000, 5'000, 388, 313},
    {"access", 200'000, 5'000, 363, 207},
    {"mmap_munmap", 100'000, 2'000, 1'300, 361},
    {"mprotect", 200'000, 5'000, 2'065, 1'193},
    {"brk", 500'000, 5'000, 2'620, 0},
    {"sigaction", 500'000, 5'000, 127, 112},
    {"sigprocmask", 500'000, 5'000, 248, 169},
    {"pread", 500'000, 5'000, 104, 89},
    {"writev", 500'000, 5'000, 154, 101},
    {"sched_yield", 500'000, 5'000, 147, 73},
    {"getpriority", 500'000, 5'000, 93, 69},
    {"read_zero", 200'000, 2'000, 199, 126},
    {"signal_delivery", 200'000, 2'000, 1'100, 512},
    {"epoll_wait", 500'000, 5'000, 100, 91},
    {"poll", 500'000, 5'000, 0, 0},
    {"eventfd", 500'000, 5'000, 285, 254},
    {"getdents64", 100'000, 1'000, 0, 770},
    {"socketpair", 200'000, 2'000, 2'669, 1'808},
    {"pipe_pingpong", 50'000, 500, 3'193, 1'891},
    {"waitid", 500'000, 5'000, 0, 0},
    {"getuid", 1'000'000, 10'000, 111, 63},
    {"exec_true", 200, 100, 86'000, 69'100},
    {"shell_noop", 100, 50, 106'400, 98'800},
    {"pipe_grep", 100, 50, 318'300, 297'300},
    {"file_tree", 50, 10, 74'965, 37'337},
    {"sed_pipeline", 100, 20, 409'600, 384'600},
    {"sort_uniq", 50, 10, 1'000'000, 855'900},
    {"tar_extract", 50, 10, 710'100, 549'900},
}};

}  // namespace

std::array<Benchmark, kBenchmarkCount> const& benchmarks() { return kBenchmarks; }

std::optional<usize> find_benchmark(std::string_view name)
{
    for (usize index = 0; index < kBenchmarkCount; ++index) {
        if (kBenchmarks[index].name == name) return index;
    }
    return std::nullopt;
}

char const* ratio_label(double ratio)
{
    if (ratio <= 0.90) return "faster";
    if (ratio <= 1.00) return "OK";
    if (ratio <= 1.10) return "marginal";
    return "REGRESSION";
}

}  // namespace drydock::sim
