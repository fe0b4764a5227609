#pragma once

// Who runs: what a trace has to know of the program that recorded it. Sources count, not compilers:
// two builds of one tree make the same traces.

#include <string>

namespace drydock::sim {

struct BuildIdentity {
    std::string version{};    // "0.1.0"
    std::string simulator{};  // Hash of the sources of sim/ and hwmodel/, 16 hexadecimal digits.
    std::string kernel_variant{};  // "unpatched", or the bug that was put in.
    std::string kernel{};          // Hash of the core's sources.
    std::string compiler{};        // For people; nothing is decided by it.
    bool operator==(BuildIdentity const&) const = default;
};

BuildIdentity this_build();

}  // namespace drydock::sim
