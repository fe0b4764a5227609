#pragma once

// What Linux takes for the suite's benchmarks in guest instructions, kept in the repository for one
// version of Debian's kernel: benchmarks/linux_icount/VERSION.json. Under QEMU's instruction
// counter they are the same in each boot, so a comparison need not boot Linux.

#include "sim/compare/comparison.h"

#include <map>
#include <string>

namespace drydock::sim {

struct LinuxCounts {
    std::string package{}, version{};
    // What they were counted with; other figures come of another QEMU, suite or BusyBox.
    std::string qemu{}, cpu{};
    u64 memory_bytes = 0;
    std::string suite{}, suite_hash{}, busybox_hash{};
    struct Count {
        u64 iterations = 0;
        u64 instructions = 0;  // Of all of them.
    };
    // By benchmark, for "off" and "default" mitigations.
    using Counts = std::map<std::string, Count, std::less<>>;
    std::map<std::string, Counts, std::less<>> by_mitigations{};
};

// Both throw std::runtime_error with one line. `name` names the file in messages.
LinuxCounts parse_linux_counts(std::string_view text, std::string const& name);
// Figures for `order`; every benchmark of it must be there.
Measurements stored_measurements(LinuxCounts const& counts,
                                 std::string const& mitigations,
                                 Order const& order);
std::string print_linux_counts(LinuxCounts const& counts);

// What differs between the two conditions, a line each.
std::vector<std::string> notes_on(LinuxCounts const& counts, Conditions const& conditions);

// The folder of the repository that this program was built from. Throws std::runtime_error.
std::string linux_counts_folder();
// The file of the newest version in a folder. Throws std::runtime_error if there is none.
std::string newest_linux_counts(std::string const& folder);

}  // namespace drydock::sim
