#pragma once

// The 44 benchmarks of the suite (guest/user/suite), in their own order, with the best figures
// published for them.

#include "core/base/integers.h"

#include <array>
#include <optional>
#include <string_view>

namespace drydock::sim {

struct Benchmark {
    std::string_view name{};
    u32 full = 0;  // Iterations.
    u32 quick = 0;
    // Nanoseconds per iteration, 0 where none was published.
    u32 linux_ns = 0;
    u32 reference_ns = 0;
};

inline constexpr usize kBenchmarkCount = 44;
// Where the published figures come from, for tables and reports.
inline constexpr char const* kFiguresSource =
    "published by the reference kernel's authors, both kernels under QEMU/KVM, 2026-03";

std::array<Benchmark, kBenchmarkCount> const& benchmarks();
// The place of a name in the table.
std::optional<usize> find_benchmark(std::string_view name);

// What a ratio to Linux is called: up to 0.90 "faster", 1.00 "OK", 1.10 "marginal", else
// "REGRESSION".
char const* ratio_label(double ratio);

}  // namespace drydock::sim
