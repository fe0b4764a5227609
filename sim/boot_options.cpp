#include "sim/boot_options.h"

#include "sim/command_line.h"
#include "sim/machine_layout.h"
#include "sim/named_root.h"
#include "sim/option_values.h"

#include <fmt/format.h>

namespace drydock::sim {

// As they stand on the command line; checked afterwards, so that every message is ours.
struct BootCommand::RawOptions {
    BootRequest plain{};
    std::vector<std::string> imports{};
    std::string accelerator = "tcg";
    std::string cpus = "1";
    std::string memory{};
    std::string time_limit{};
    std::string seed = "0";
    std::string stack = "guarded";
};

BootCommand::BootCommand(CommandLine& line)
    : command_(line.add_command("boot",
                                "Run a program on the image in QEMU: drydock boot [options] "
                                "[-- PROGRAM [ARG...]]"))
    , raw_(std::make_unique<RawOptions>())
{
    Command boot = command_;
    BootRequest& plain = raw_->plain;
    boot.add_option(
        "--accel", raw_->accelerator, "tcg (default), kvm, or auto: kvm if it is there");
    boot.add_flag("--icount",
                  plain.counts_instructions,
                  "One nanosecond of guest time is one instruction (tcg only)");
    boot.add_flag("--init",
                  plain.is_init,
                  "The program is an init: signals without a handler do not reach it, and it is "
                  "the parent of orphans (default for one that is called init)");
    boot.add_option("--cpus", raw_->cpus, "Processors: 1");
    boot.add_option("--memory", raw_->memory, "Physical memory in MiB, from 32 on (default 512)");
    boot.add_option(
        "--root",
        plain.root,
        "File tree of the guest: a folder, an archive (cpio, tar), or the name of a made root");
    boot.add_option("--in", raw_->imports, "HOST[:GUEST]: put a file or folder into the guest");
    boot.add_option("--env", plain.environment, "NAME=VALUE for the program's environment");
    boot.add_option("--seed", raw_->seed, "Seed of entropy (default 0)");
    boot.add_option("--stack", raw_->stack, "guarded (default) or unguarded kernel stacks");
    boot.add_option(
        "--time-limit", raw_->time_limit, "End the machine after this many seconds of this host");
    boot.add_option("--append", plain.append, "More options of the image's command line");
    boot.add_option("--image", plain.image, "The image, if not the one built with this program");
    boot.add_option("--kernel", plain.kernel, "The image with this bug put back (tests/bugs)");
    boot.add_option("--events", plain.events_path, "Write the image's event records to this file");
    boot.add_option("--write-initramfs",
                    plain.initramfs_path,
                    "Write the file tree to this file, as a cpio archive, and boot nothing");
    boot.add_option("--qemu", plain.qemu_arguments, "One more argument for QEMU, as --qemu=-d");
    boot.add_words("program", plain.command, "The program and its arguments, after --");
}

BootCommand::~BootCommand() = default;

bool BootCommand::is_chosen() const { return command_.is_chosen(); }

BootRequest BootCommand::request() const
{
    BootRequest request = raw_->plain;
    std::string const& accelerator = raw_->accelerator;
    if (accelerator == "kvm") {
        request.accelerator = Accelerator::Kvm;
    } else if (accelerator == "auto") {
        request.accelerator = Accelerator::Auto;
    } else if (accelerator != "tcg") {
        throw UsageError(fmt::format("--accel {}: give tcg, kvm or auto", accelerator));
    }
    if (request.counts_instructions && request.accelerator == Accelerator::Kvm) {
        throw UsageError("--icount: KVM cannot count instructions; give --accel tcg");
    }
    u64 const cpus = parse_number("--cpus", raw_->cpus);
    if (cpus != 1) {
        throw UsageError(fmt::format("--cpus {}: the kernel runs on one processor; give 1", cpus));
    }
    request.root = find_root(request.root);
    request.memory_bytes = raw_->memory.empty() ? 0 : parse_memory(raw_->memory);
    if (!raw_->memory.empty() && request.memory_bytes < kMinimumImageMemory) {
        throw UsageError(fmt::format(
            "--memory {}: the image needs {} MiB", raw_->memory, kMinimumImageMemory / kMiB));
    }
    if (!raw_->time_limit.empty())
        request.time_limit_ns = parse_time_limit(raw_->time_limit, "seconds");
    request.seed = parse_number("--seed", raw_->seed);
    request.stack_mode = parse_stack_mode(raw_->stack);
    for (std::string const& text : raw_->imports) request.imports.push_back(parse_import(text));
    for (std::string const& text : request.environment) check_variable(text);
    return request;
}

}  // namespace drydock::sim
