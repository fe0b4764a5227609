#pragma once

// `drydock boot`: what its command line says.

#include "sim/command.h"
#include "sim/kernel_stacks.h"
#include "sim/root_archive.h"

#include <memory>
#include <string>
#include <vector>

namespace drydock::sim {

enum class Accelerator : u8 { Tcg, Kvm, Auto };

struct BootRequest {
    std::string image{};   // Empty: the one that was built or installed with this program.
    std::string kernel{};  // Not empty: the image with that bug put back.
    std::string root{};
    std::vector<Import> imports{};
    std::vector<std::string> environment{};
    Accelerator accelerator = Accelerator::Tcg;
    bool counts_instructions = false;
    bool is_init = false;   // The program is one although it is not called that.
    u64 memory_bytes = 0;   // 0: as the file tree needs it.
    u64 time_limit_ns = 0;  // Of the host's time; 0: none.
    u64 seed = 0;
    StackMode stack_mode = StackMode::Guarded;
    std::string append{};
    std::string events_path{};
    std::string initramfs_path{};  // Not empty: the file tree goes there, and nothing is booted.
    std::vector<std::string> qemu_arguments{};
    std::vector<std::string> command{};  // Empty: the root's own init; without a root a shell.
};

// The command and its options in the program's command line. Outlives the parsing.
class BootCommand {
public:
    explicit BootCommand(CommandLine& line);
    ~BootCommand();
    BootCommand(BootCommand const&) = delete;
    BootCommand& operator=(BootCommand const&) = delete;

    bool is_chosen() const;
    // Throws UsageError.
    BootRequest request() const;

private:
    struct RawOptions;

    Command command_;
    std::unique_ptr<RawOptions> raw_;
};

// Runs the image in QEMU. The exit status of the process.
int boot_program(BootRequest const& request);

}  // namespace drydock::sim
