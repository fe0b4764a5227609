#pragma once

// QEMU's command line for one boot of the image. Bytes reach QEMU and come back through
// descriptors with fixed numbers, which it opens by their names in /proc/self/fd.

#include "core/base/integers.h"

#include <string>
#include <vector>

namespace drydock::sim {

// Numbers in QEMU's process.
enum class MachineDescriptor : int {
    Errors = 3,       // Standard error of the guest, written to.
    Events = 4,       // Records of the event channel, written to.
    InputStream = 5,  // A socket: requests come, blocks of standard input go.
    Initramfs = 6,
    Program = 7,
    InputFile = 8,  // The whole standard input.
    Memory = 9,     // The machine's memory.
};
inline constexpr int kFirstMachineDescriptor = 3;
inline constexpr int kMachineDescriptors = 7;

struct QemuMachine {
    std::string image{};
    std::string append{};
    std::string cpu{};  // Empty: the modelled CPU.
    bool uses_kvm = false;
    bool counts_instructions = false;
    u64 memory_bytes = 0;
    bool has_memory_file = false;
    bool has_program = false;
    bool has_input_file = false;
    bool has_input_stream = false;
    std::vector<std::string> more{};
};

inline constexpr char const* kQemuProgram = "qemu-system-x86_64";

// The program's name first.
std::vector<std::string> qemu_command(QemuMachine const& machine);

}  // namespace drydock::sim
