#pragma once

// Boots a kernel, ours or Linux, in QEMU with the suite as its first program, on one machine and
// with one initramfs for both, and takes the results.

#include "sim/compare/comparison.h"

#include <functional>
#include <string>

namespace drydock::sim {

// The modelled CPU with RDRAND: without it Linux's generator of random numbers is not ready for
// minutes of guest time, and every allocation that is placed at random pays for that. No erms and
// fsrm: under the instruction counter QEMU counts each byte of a REP MOVSB.
extern char const* const kCompareCpu;

struct SuiteBoot {
    bool is_linux = false;
    std::string kernel{};      // drydock.elf, or a bzImage.
    std::string more_words{};  // Of the kernel's command line.
    bool uses_kvm = false;
    bool counts_instructions = false;
    bool is_full = false;
    u64 memory_bytes = 0;
    u64 time_limit_ns = 0;  // Of the host.

    char const* name() const { return is_linux ? "Linux" : "drydock"; }
};

// Called with the number of results so far.
using OnSuiteProgress = std::function<void(usize)>;

// The order's results, one total each. Throws std::runtime_error if the suite did not come to its
// end.
Measurements boot_suite(SuiteBoot const& boot, Order const& order, OnSuiteProgress const& progress);

// The first line that `qemu-system-x86_64 --version` prints. Throws std::runtime_error with what to
// install if it is missing.
std::string qemu_version();

}  // namespace drydock::sim
