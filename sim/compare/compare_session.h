#pragma once

// `drydock compare` once its options are read: boots both kernels as often as asked, prints the
// table, writes the files.

#include "sim/compare/comparison.h"

#include <string>

namespace drydock::sim {

struct CompareRequest {
    Order order{};
    bool is_full = false;
    bool uses_kvm = false;
    bool counts_instructions = false;
    usize runs = 1;
    std::string mitigations = "off";  // Of Linux: "off" or "default".
    std::string linux_side = "run";   // "run", "stored", or the path of a bzImage.
    bool stores_counts = false;
    std::string image{};  // Path of drydock.elf.
    u64 memory_bytes = 0;
    u64 time_limit_ns = 0;  // Of the host, for each boot.
    std::string json_path{}, picture_path{};
    bool is_quiet = false;
};

// Two boots of the same benchmarks did not take the same number of instructions: an error that
// names the first; empty if all did.
std::string describe_unequal_counts(char const* kernel,
                                    Measurements const& first,
                                    Measurements const& second);

// The exit status: 0. Throws std::runtime_error with one line if nothing could be compared.
int run_compare_session(CompareRequest const& request);

}  // namespace drydock::sim
