#pragma once

// One run of a program on the image, in QEMU, with its events: the other side of `drydock parity`.
//
// Events come through memory: QEMU's RAM is a file in memory that both processes have, and the
// image writes its records into a ring behind the kernel's part of it (guest/event_channel.h). A
// record costs the image a few stores.

#include "sim/kernel_stacks.h"
#include "sim/parity.h"
#include "sim/simulation.h"

#include <stdexcept>

namespace drydock::sim {

struct ImageRequest {
    std::string image{};  // Path of drydock.elf.
    Program program{};
    u64 memory_bytes = 0;
    u64 ring_bytes = 0;
    u64 time_limit_ns = 0;
    StackMode stack_mode = StackMode::Guarded;
    ConstBytes initramfs{};
    std::string input{};  // The program's standard input.
};

// The largest machine that leaves its ring below the hole for devices (QEMU's "pc" machine: RAM
// above 3 GiB moves up).
inline constexpr u64 kMaximumParityMemory = 2048 * kMiB;
inline constexpr u64 kMaximumRing = 896 * kMiB;

// The image did not come to its end.
class ImageFailure : public std::runtime_error {
public:
    ImageFailure(std::string const& what, std::string report)
        : std::runtime_error(what), report_(std::move(report))
    {}
    // What the kernel had said until then: the report of an error.
    std::string const& report() const { return report_; }

private:
    std::string report_;
};

// What the image's kernel is told on its command line.
std::string image_command_line(ImageRequest const& request);

// Throws ImageFailure, or std::runtime_error when QEMU cannot be run or the events have not been
// kept.
SideRun run_image(ImageRequest const& request);

}  // namespace drydock::sim
