#include "sim/parity_options.h"

#include "sim/command_line.h"
#include "sim/image_run.h"
#include "sim/machine_layout.h"
#include "sim/named_root.h"
#include "sim/option_values.h"

namespace drydock::sim {

// As they stand on the command line; checked afterwards, so that every message is ours.
struct ParityCommand::RawOptions {
    ParityRequest plain{};
    std::vector<std::string> imports{};
    std::string memory{};
    std::string stack = "guarded";
    std::string events = "128";
    std::string time_limit = "120";
    std::string context = "8";
};

ParityCommand::ParityCommand(CommandLine& line)
    : command_(line.add_command("parity",
                                "Run a program in the simulator and on the image, and compare: "
                                "drydock parity [options] -- PROGRAM [ARG...]"))
    , raw_(std::make_unique<RawOptions>())
{
    Command parity = command_;
    ParityRequest& plain = raw_->plain;
    parity.add_option(
        "--root",
        plain.root,
        "File tree of the guest: a folder, an archive (cpio, tar), or the name of a made root");
    parity.add_option("--in", raw_->imports, "HOST[:GUEST]: put a file or folder into the guest");
    parity.add_option("--env", plain.environment, "NAME=VALUE for the program's environment");
    parity.add_option("--memory", raw_->memory, "Physical memory in MiB, 32 to 2048 (default 512)");
    parity.add_option("--stack", raw_->stack, "guarded (default) or unguarded kernel stacks");
    parity.add_option("--image", plain.image, "The image, if not the one built with this program");
    parity.add_option(
        "--kernel", plain.kernel, "On this kernel with a bug put back (tests/bugs), on both sides");
    parity.add_option("--events", raw_->events, "Room for the image's events in MiB (default 128)");
    parity.add_option(
        "--time-limit", raw_->time_limit, "Seconds of this host for each side (default 120)");
    parity.add_option("--context", raw_->context, "Events shown before a difference (default 8)");
    parity.add_flag("--quiet", plain.is_quiet, "Say nothing if both sides did the same");
    parity.add_words("program", plain.command, "The program and its arguments, after --");
}

ParityCommand::~ParityCommand() = default;

bool ParityCommand::is_chosen() const { return command_.is_chosen(); }

std::string const& ParityCommand::kernel() const { return raw_->plain.kernel; }

ParityRequest ParityCommand::request() const
{
    constexpr u64 kLeast = kMinimumImageMemory / kMiB;
    constexpr u64 kMost = kMaximumParityMemory / kMiB;
    ParityRequest request = raw_->plain;
    request.root = find_root(request.root);
    request.memory_bytes = 0;
    if (!raw_->memory.empty())
        request.memory_bytes = parse_between("--memory", raw_->memory, kLeast, kMost) * kMiB;
    request.ring_bytes = parse_between("--events", raw_->events, 1, kMaximumRing / kMiB) * kMiB;
    request.time_limit_ns = parse_time_limit(raw_->time_limit, "seconds");
    request.context = parse_between("--context", raw_->context, 0, 1'000'000);
    request.stack_mode = parse_stack_mode(raw_->stack);
    for (std::string const& text : raw_->imports) request.imports.push_back(parse_import(text));
    for (std::string const& text : request.environment) check_variable(text);
    if (request.command.empty()) {
        throw UsageError(
            "parity: no program given; write it after --, as in: drydock parity -- sh -c date");
    }
    return request;
}

}  // namespace drydock::sim
