// `drydock boot`: the image in QEMU, with the file tree of `drydock run` and the host's streams.

#include "sim/boot_options.h"
#include "sim/command_line.h"
#include "sim/host/host_console.h"
#include "sim/host/host_usage.h"
#include "sim/host/machine_process.h"
#include "sim/image_inputs.h"
#include "sim/kernel_words.h"
#include "sim/machine_layout.h"
#include "sim/outcome.h"
#include "sim/qemu_command.h"
#include "sim/trace_format.h"

#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr int kBrokenPipeStatus = 128 + 13;

bool decide_kvm(BootRequest const& request)
{
    if (request.accelerator == Accelerator::Tcg) return false;
    std::string problem = kvm_problem();
    if (request.accelerator == Accelerator::Kvm) {
        if (problem.empty()) return true;
        throw UsageError(fmt::format("--accel kvm: {}; give --accel tcg", problem));
    }
    if (request.counts_instructions) problem = "--icount needs TCG";
    if (problem.empty()) return true;
    fmt::print(stderr, "drydock: no KVM ({}), using TCG\n", problem);
    return false;
}

std::string image_options(BootRequest const& request, ConsoleMode const& mode, bool has_stream)
{
    std::string line = kernel_words(mode, request.seed, request.stack_mode);
    if (!are_outputs_the_same()) line += " drydock.stderr=2";
    if (has_stream) line += " drydock.input=3";
    if (!request.events_path.empty()) line += " drydock.events=port";
    if (request.is_init) line += " drydock.init=1";
    if (!request.append.empty()) line += " " + request.append;
    return line;
}

// Keeps the last record, and all of them in a file if asked.
class Records {
public:
    explicit Records(std::string const& path)
    {
        if (path.empty()) return;
        file_.emplace(path, std::ios::binary | std::ios::trunc);
        if (!*file_) {
            throw UsageError(
                fmt::format("{}: cannot be written; give a path in an existing folder", path));
        }
    }

    void add(ConstBytes bytes)
    {
        if (file_)
            file_->write(reinterpret_cast<char const*>(bytes.data()),
                         static_cast<std::streamsize>(bytes.size()));
        for (std::byte const byte : bytes) {
            partial_[filled_] = byte;
            ++filled_;
            if (filled_ < sizeof(partial_)) continue;
            std::memcpy(&last_, partial_, sizeof(last_));
            has_last_ = true;
            filled_ = 0;
        }
    }
    TraceRecord const* last() const { return has_last_ ? &last_ : nullptr; }
    bool is_complete() { return !file_ || file_->flush().good(); }

private:
    std::optional<std::ofstream> file_{};
    std::byte partial_[sizeof(TraceRecord)] = {};
    usize filled_ = 0;
    TraceRecord last_{};
    bool has_last_ = false;
};

int conclude(BootRequest const& request,
             MachineEnd const& end,
             Records const& records,
             bool uses_kvm)
{
    auto const say = [](std::string const& text) { fmt::print(stderr, "drydock: {}\n", text); };
    switch (end.kind) {
    case MachineEnd::Kind::NotFound:
        say(fmt::format("{} is not installed; install Debian's qemu-system-x86", kQemuProgram));
        return kOracleStatus;
    case MachineEnd::Kind::NotStarted:
        say(fmt::format("{}: {}", kQemuProgram, std::strerror(end.error)));
        return kOracleStatus;
    case MachineEnd::Kind::Left: say("left the machine"); return 0;
    case MachineEnd::Kind::TimeLimit:
        say(fmt::format("time limit: the machine has run for {} seconds",
                        static_cast<double>(request.time_limit_ns) / 1e9));
        return kOracleStatus;
    case MachineEnd::Kind::OutputClosed: return kBrokenPipeStatus;
    case MachineEnd::Kind::Ended: break;
    }
    TraceRecord const* const last = records.last();
    if (last != nullptr && last->kind == kRecordHalt) return static_cast<int>(last->a & 255);
    if (last != nullptr && last->kind == kRecordFailed) {
        say("the kernel failed; its report is above");
        return kOracleStatus;
    }
    // -no-reboot makes a reset the end. QEMU reports no signal that it ends by, either.
    if (end.signal == 0 && end.exit_status == 0 && !uses_kvm) {
        say("the processor has reset (triple fault), or QEMU was ended from outside");
        return kOracleStatus;
    }
    std::string how = fmt::format("status {}", end.exit_status);
    if (end.signal != 0) how = fmt::format("signal {}", end.signal);
    say(fmt::format(
        "QEMU ended ({}) before the kernel did{}", how, uses_kvm ? "; try --accel tcg" : ""));
    return kOracleStatus;
}

int write_initramfs(BootRequest const& request)
{
    RootArchive const root = build_root_archive(request.root, request.imports);
    for (std::string const& note : root.notes) fmt::print(stderr, "drydock: {}\n", note);
    std::ofstream file(request.initramfs_path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<char const*>(root.bytes.data()),
               static_cast<std::streamsize>(root.bytes.size()));
    if (file.flush().good()) return 0;
    throw UsageError(fmt::format("{}: cannot be written; give a path in an existing folder",
                                 request.initramfs_path));
}

}  // namespace

int boot_program(BootRequest const& request)
{
    if (!request.initramfs_path.empty()) return write_initramfs(request);
    QemuMachine machine;
    machine.image = find_image(request.image, request.kernel);
    machine.uses_kvm = decide_kvm(request);
    machine.counts_instructions = request.counts_instructions;
    machine.has_program = true;
    machine.more = request.qemu_arguments;
    InputKind const input = standard_input_kind();
    machine.has_input_stream = input == InputKind::Stream;
    machine.has_input_file = input == InputKind::File;
    ConsoleMode const mode = HostConsole(false).mode();
    machine.append = image_options(request, mode, machine.has_input_stream);
    bool const has_terminal = mode.is_terminal[0] || mode.is_terminal[1] || mode.is_terminal[2];

    RootArchive const root = build_root_archive(request.root, request.imports);
    for (std::string const& note : root.notes) fmt::print(stderr, "drydock: {}\n", note);
    machine.memory_bytes = memory_for_tree(request.memory_bytes, root.bytes.size());
    MemoryFile const initramfs("the file tree", {root.bytes.data(), root.bytes.size()});
    std::vector<std::string> command = request.command;
    // A root of the user's own has an init of its own.
    if (command.empty() && request.root.empty()) command.emplace_back("/bin/sh");
    std::string const strings =
        program_strings(command, guest_environment(request.environment, has_terminal));
    MemoryFile const program("the program's arguments",
                             {reinterpret_cast<std::byte const*>(strings.data()), strings.size()});
    std::vector<std::byte> content;
    if (machine.has_input_file) content = read_standard_input();
    MemoryFile const input_file("standard input", {content.data(), content.size()});
    Records records(request.events_path);

    MachineStreams streams;
    streams.has_terminal = input == InputKind::Terminal;
    streams.has_input_stream = machine.has_input_stream;
    streams.time_limit_ns = request.time_limit_ns;
    streams.initramfs = initramfs.descriptor();
    streams.program = program.descriptor();
    streams.input_file = input_file.descriptor();
    streams.on_events = [&records](ConstBytes bytes) { records.add(bytes); };
    MachineEnd const end = run_machine(qemu_command(machine), streams);
    int const status = conclude(request, end, records, machine.uses_kvm);
    if (records.is_complete()) return status;
    fmt::print(stderr, "drydock: {}: could not be written to its end\n", request.events_path);
    return kOracleStatus;
}

}  // namespace drydock::sim
