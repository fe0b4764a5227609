#pragma once

// A machine emulator as a child process, and everything between its streams and this process's
// own until it ends. It never outlives this process.

#include "core/base/span.h"
#include "sim/qemu_command.h"

#include <functional>
#include <string>
#include <vector>

namespace drydock::sim {

// Bytes that a child opens as a file; no name in any folder. Throws std::runtime_error.
class MemoryFile {
public:
    MemoryFile(char const* name, ConstBytes bytes);
    ~MemoryFile();
    MemoryFile(MemoryFile const&) = delete;
    MemoryFile& operator=(MemoryFile const&) = delete;

    int descriptor() const { return descriptor_; }
    // What it holds there by now; false if it is shorter.
    bool read(u64 offset, Bytes target) const;
    std::string text() const;

private:
    int descriptor_ = -1;
};

struct MachineStreams {
    // Standard input goes to the console, through the escape key; it is in raw mode meanwhile.
    bool has_terminal = false;
    // Standard input goes out in blocks, one for each byte that asks for one: two bytes of length
    // (the low one first), the bytes; a block of length 0 ends it. Nothing is read before.
    bool has_input_stream = false;
    u64 time_limit_ns = 0;  // 0: none.
    int initramfs = -1;
    int program = -1;     // -1: none.
    int input_file = -1;  // -1: none.
    int memory = -1;      // -1: the emulator's own.
    // Where the emulator's own messages go; -1: standard error.
    int messages = -1;
    std::function<void(ConstBytes)> on_events{};
    // The guest's streams; if there is none, they go to this process's own.
    std::function<void(ConstBytes)> on_output{};
    std::function<void(ConstBytes)> on_errors{};
};

struct MachineEnd {
    enum class Kind { Ended, NotFound, NotStarted, Left, OutputClosed, TimeLimit };
    Kind kind = Kind::Ended;
    int error = 0;        // NotFound, NotStarted: errno.
    int exit_status = 0;  // Ended.
    int signal = 0;       // Ended: 0, or what killed it.
};

MachineEnd run_machine(std::vector<std::string> const& command, MachineStreams const& streams);

// Why KVM cannot be used; empty if it can.
std::string kvm_problem();
// What standard input is to a machine.
enum class InputKind { Terminal, Nothing, File, Stream };
InputKind standard_input_kind();
// The rest of it, to its end.
std::vector<std::byte> read_standard_input();
// Whether standard output and standard error end in the same place.
bool are_outputs_the_same();
// Of this program's own file, the folder.
std::string program_folder();

}  // namespace drydock::sim
