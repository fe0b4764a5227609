#include "sim/compare/suite_boot.h"

#include "sim/cpio_writer.h"
#include "sim/host/machine_process.h"
#include "sim/host/places.h"
#include "sim/host/program_output.h"
#include "sim/host/suite_program.h"
#include "sim/image_inputs.h"
#include "sim/kernel_words.h"
#include "sim/machine_layout.h"
#include "sim/qemu_command.h"
#include "sim/root_archive.h"
#include "sim/suite/result_parser.h"
#include "sim/trace_format.h"

#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>

namespace drydock::sim {

char const* const kCompareCpu = "qemu64,-svm,+popcnt,-hypervisor,+rdrand";

namespace {

constexpr char const* kInit = "/init";
constexpr char const* kOrderPath = "/suite.order";
constexpr usize kLinesShown = 3;

std::vector<std::string> suite_words(SuiteBoot const& boot)
{
    return {boot.is_full ? "--full" : "--quick", "--names", kOrderPath};
}

// Everything that could differ between two boots is fixed: date, random numbers of the machine.
QemuMachine machine_for(SuiteBoot const& boot)
{
    QemuMachine machine;
    machine.image = boot.kernel;
    machine.cpu = kCompareCpu;
    machine.uses_kvm = boot.uses_kvm;
    machine.counts_instructions = boot.counts_instructions;
    machine.memory_bytes = boot.memory_bytes;
    machine.has_program = true;
    machine.has_input_file = true;
    machine.more = {"-seed", "1", "-rtc", "base=2026-01-01T00:00:00,clock=vm"};
    if (boot.is_linux) {
        machine.append = "console=ttyS0 loglevel=1 panic=-1";
        if (!boot.more_words.empty()) machine.append += " " + boot.more_words;
        machine.append += " --";
        for (std::string const& word : suite_words(boot)) machine.append += " " + word;
    } else {
        ConsoleMode mode;
        for (bool& is_terminal : mode.is_terminal) is_terminal = false;
        machine.append = kernel_words(mode, 0, StackMode::Guarded) + " drydock.stderr=2";
    }
    return machine;
}

RootArchive tree_for(Order const& order)
{
    std::string names;
    for (usize const place : order) names += std::string(benchmarks()[place].name) + "\n";
    CpioEntry list;
    list.path = kOrderPath + 1;
    list.mode = S_IFREG | 0644;
    list.content = names;
    // Linux opens it for its first program.
    CpioEntry console;
    console.path = "dev/console";
    console.mode = S_IFCHR | 0600;
    console.device_major = 5;
    console.device_minor = 1;
    return build_root_archive({}, {{find_suite_program(), kInit}}, {list, console});
}

// What was printed last, in one line.
std::string last_lines(std::string const& output)
{
    std::vector<std::string> lines(1);
    for (char const character : output) {
        if (character == '\n') {
            if (!lines.back().empty()) lines.emplace_back();
        } else if (character != '\r') {
            lines.back() += character;
        }
    }
    if (lines.back().empty()) lines.pop_back();
    usize const first = lines.size() > kLinesShown ? lines.size() - kLinesShown : 0;
    std::string text;
    for (usize i = first; i < lines.size(); ++i) text += (text.empty() ? "" : " | ") + lines[i];
    return text.empty() ? "nothing was printed" : text;
}

std::string describe_end(MachineEnd const& end)
{
    switch (end.kind) {
    case MachineEnd::Kind::NotFound: return "QEMU is not installed";
    case MachineEnd::Kind::NotStarted: return std::strerror(end.error);
    case MachineEnd::Kind::TimeLimit: return "no end in time (--time-limit)";
    case MachineEnd::Kind::Left:
    case MachineEnd::Kind::OutputClosed:
    case MachineEnd::Kind::Ended: break;
    }
    if (end.signal != 0) return fmt::format("QEMU ended with signal {}", end.signal);
    return fmt::format("QEMU ended with status {}", end.exit_status);
}

Measurements measurements_of(std::vector<BenchmarkResult> const& results)
{
    Measurements measurements;
    for (BenchmarkResult const& result : results) {
        Measurement measurement;
        measurement.benchmark = result.benchmark;
        measurement.reason = result.reason;
        measurement.iterations = result.iterations;
        if (!result.is_skipped) measurement.totals.push_back(result.total_ns);
        measurements.push_back(std::move(measurement));
    }
    return measurements;
}

ConstBytes bytes_of(std::string const& text)
{
    return {reinterpret_cast<std::byte const*>(text.data()), text.size()};
}

}  // namespace

Measurements boot_suite(SuiteBoot const& boot, Order const& order, OnSuiteProgress const& progress)
{
    std::vector<std::string> command = suite_words(boot);
    command.insert(command.begin(), kInit);
    std::string const words = program_strings(command, {"HOME=/", "TERM=linux"});
    RootArchive const root = tree_for(order);
    MemoryFile const initramfs("the file tree", {root.bytes.data(), root.bytes.size()});
    MemoryFile const program("the program's arguments", bytes_of(words));
    MemoryFile const input("standard input", {});
    MemoryFile const messages("QEMU's messages", {});

    ResultParser parser(order);
    std::string output, errors, events;
    MachineStreams streams;
    streams.time_limit_ns = boot.time_limit_ns;
    streams.initramfs = initramfs.descriptor();
    streams.program = program.descriptor();
    streams.input_file = input.descriptor();
    streams.messages = messages.descriptor();
    streams.on_output = [&](ConstBytes bytes) {
        std::string text;
        // Linux's console ends lines with both.
        for (std::byte const byte : bytes) {
            if (static_cast<char>(byte) != '\r') text += static_cast<char>(byte);
        }
        output += text;
        if (parser.take(text) > 0 && progress) progress(parser.results().size());
    };
    auto const append_to = [](std::string& target) {
        return [&target](ConstBytes bytes) {
            target.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        };
    };
    streams.on_errors = append_to(errors);
    streams.on_events = append_to(events);
    MachineEnd const end = run_machine(qemu_command(machine_for(boot)), streams);
    if (parser.is_complete()) return measurements_of(parser.results());
    std::string const why =
        parser.problem().empty()
            ? describe_end(end) + ": " + last_lines(output + errors + messages.text())
            : parser.problem();
    throw std::runtime_error(
        fmt::format("{} did not run the suite to its end: {}", boot.name(), why));
}

std::string qemu_version()
{
    std::string const path = find_in_path(kQemuProgram);
    if (path.empty()) {
        throw std::runtime_error(
            fmt::format("{} is not installed; install Debian's qemu-system-x86", kQemuProgram));
    }
    std::string const text = ProgramOutput(path, {"--version"}).take();
    return text.substr(0, text.find('\n'));
}

}  // namespace drydock::sim
