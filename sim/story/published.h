#pragma once

// What was published about the two bugs: figures of the reference kernel under QEMU/KVM, 2026-03.

#include "core/base/integers.h"

#include <array>
#include <string_view>

namespace drydock::sim {

// One of the six workload benchmarks, in microseconds. `before` is the kernel with the bugs.
struct PublishedWorkload {
    std::string_view name;
    double before_low;
    double before_high;
    double after;

    double low_ratio() const { return before_low / after; }
    double high_ratio() const { return before_high / after; }
};

inline constexpr std::array<PublishedWorkload, 6> kPublishedWorkloads = {{
    {"exec_true", 73, 79, 69.1},
    {"shell_noop", 114, 117, 98.8},
    {"pipe_grep", 357, 381, 297.3},
    {"sed_pipeline", 476, 494, 384.6},
    {"sort_uniq", 1000, 1100, 855.9},
    {"tar_extract", 665, 665, 549.9},
}};

// Needless faults cost so many microseconds of each exec of a shell or of what it starts.
inline constexpr double kPublishedLowSaving = 10;
inline constexpr double kPublishedHighSaving = 40;

}  // namespace drydock::sim
