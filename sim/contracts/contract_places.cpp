#include "sim/contracts/contract_places.h"

#include "sim/cpio_writer.h"
#include "sim/file_bytes.h"
#include "sim/host/isolated.h"
#include "sim/host/machine_process.h"
#include "sim/host/sandbox.h"
#include "sim/image_inputs.h"
#include "sim/kernel_words.h"
#include "sim/loss_report.h"
#include "sim/machine_layout.h"
#include "sim/simulation.h"
#include "sim/trace_format.h"

#include <cstring>
#include <fmt/format.h>
#include <stdexcept>

namespace drydock::sim {

namespace {

constexpr char const* kDriverPath = "/contract_driver";
// What starting and ending takes, beside the programs.
constexpr u64 kStartSeconds = 30;
// CPU seconds of the host for a program in the simulator.
constexpr unsigned kSimulatorSeconds = 120;

std::string guest_path(std::string const& name) { return "/contracts/" + name; }
std::string host_path(ContractGround const& ground, std::string const& name)
{
    return ground.folder + "/" + name;
}

std::vector<std::string> command_for(ContractGround const& ground,
                                     std::vector<std::string> const& names)
{
    std::vector<std::string> command = {kDriverPath, fmt::format("{}", ground.seconds)};
    command.insert(command.end(), names.begin(), names.end());
    return command;
}

std::vector<std::byte> archive_for(ContractGround const& ground,
                                   std::vector<std::string> const& names)
{
    CpioWriter writer;
    for (char const* const directory : {"contracts", "dev", "proc"})
        writer.add_directory(directory);
    writer.add_directory("tmp", 01777);
    writer.add_file(kDriverPath + 1, MappedFile(ground.driver).text(), 0755);
    std::string last_family;
    for (std::string const& name : names) {
        std::string const family = name.substr(0, name.find('/'));
        if (family != last_family) writer.add_directory("contracts/" + family);
        last_family = family;
        std::string const path = guest_path(name).substr(1);
        writer.add_file(path, MappedFile(host_path(ground, name)).text(), 0755);
    }
    return writer.finish();
}

// The records, and after them one for the program that the place did not survive.
std::vector<ContractResult> results_of(std::string_view output,
                                       std::vector<std::string> const& names,
                                       std::string const& problem)
{
    std::vector<ContractResult> results = parse_contract_records(output);
    if (results.size() > names.size()) results.resize(names.size());
    if (results.size() < names.size()) {
        results.push_back({names[results.size()], {}, {}, {}, "the run ended early"});
    }
    if (!problem.empty()) results.back().problem = problem;
    return results;
}

std::vector<ContractResult> run_on_linux(ContractGround const& ground,
                                         std::vector<std::string> const& names)
{
    SandboxRequest request;
    request.tree.files.push_back({kDriverPath, ground.driver});
    for (std::string const& name : names) {
        request.tree.files.push_back({guest_path(name), host_path(ground, name)});
    }
    request.command = command_for(ground, names);
    request.time_limit_ms = 1000 * (kStartSeconds + names.size() * ground.seconds);
    SandboxEnd const end = run_in_sandbox(request);
    return results_of(end.output, names, end.is_over_time ? "did not come to its end" : "");
}

Program program_for(ContractGround const& ground, std::vector<std::string> const& names)
{
    Program program;
    program.path = kDriverPath;
    program.arguments = command_for(ground, names);
    return program;
}

// First the problem, if there is one, and a zero; then what the driver printed.
std::string simulate(ContractGround const& ground,
                     std::vector<std::string> const& names,
                     std::vector<std::byte> const& archive,
                     BlackBox& box)
{
    MemoryConsole console;
    SimulationOptions options;
    options.machine.memory_bytes = kDefaultMemory;
    options.machine.check_tlb = true;
    options.program = program_for(ground, names);
    Simulation simulation(std::move(options), console, {archive.data(), archive.size()});
    simulation.machine().log().collect_in(box.ring);
    Outcome const& outcome = simulation.run();
    std::string problem;
    if (outcome.kind != OutcomeKind::Exited)
        problem = outcome.summary + "\n" + outcome.report;
    else if (outcome.exit_status != 0)
        problem = outcome.summary + " " + console.errors();
    return problem + '\0' + console.output();
}

std::vector<ContractResult> run_in_simulator(ContractGround const& ground,
                                             std::vector<std::string> const& names)
{
    std::vector<std::byte> const archive = archive_for(ground, names);
    SharedBlackBox box;
    IsolatedEnd const end = run_isolated(
        *box, kSimulatorSeconds, [&] { return simulate(ground, names, archive, *box); });
    if (end.loss) {
        Outcome const outcome = describe_loss(*box, *end.loss);
        return results_of({}, names, outcome.summary + "\n" + outcome.report);
    }
    std::string_view const text = end.text;
    usize const zero = text.find('\0');
    return results_of(text.substr(zero + 1), names, end.text.substr(0, zero));
}

ConstBytes bytes_of(std::string const& text)
{
    return {reinterpret_cast<std::byte const*>(text.data()), text.size()};
}

std::string image_problem(MachineEnd const& end,
                          std::string const& last_bytes,
                          std::string const& errors)
{
    if (end.kind == MachineEnd::Kind::TimeLimit) return "the image did not come to its end";
    TraceRecord last;
    bool const has_last = last_bytes.size() == sizeof(last);
    if (has_last) std::memcpy(&last, last_bytes.data(), sizeof(last));
    if (has_last && last.kind == kRecordHalt && last.a == 0) return {};
    if (has_last && last.kind == kRecordHalt)
        return fmt::format("the driver ended with status {} {}", last.a & 255, errors);
    return "the image's kernel failed\n" + errors;
}

std::vector<ContractResult> run_on_image(ContractGround const& ground,
                                         std::vector<std::string> const& names)
{
    std::vector<std::byte> const archive = archive_for(ground, names);
    std::string const words = program_strings(command_for(ground, names), {});
    MemoryFile const initramfs("the file tree", {archive.data(), archive.size()});
    MemoryFile const program("the program's arguments", bytes_of(words));
    MemoryFile const input("standard input", {});
    MemoryFile const messages("QEMU's messages", {});
    ConsoleMode mode;
    for (bool& is_terminal : mode.is_terminal) is_terminal = false;
    QemuMachine machine;
    machine.image = ground.image;
    machine.memory_bytes = kDefaultMemory;
    machine.has_program = true;
    machine.has_input_file = true;
    machine.append = kernel_words(mode, 0, StackMode::Guarded) + " drydock.stderr=2";

    std::string output, errors, last_bytes;
    auto const append_to = [](std::string& target) {
        return [&target](ConstBytes bytes) {
            target.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        };
    };
    MachineStreams streams;
    streams.time_limit_ns = (kStartSeconds + names.size() * ground.seconds) * 1'000'000'000;
    streams.initramfs = initramfs.descriptor();
    streams.program = program.descriptor();
    streams.input_file = input.descriptor();
    streams.messages = messages.descriptor();
    streams.on_output = append_to(output);
    streams.on_errors = append_to(errors);
    streams.on_events = append_to(last_bytes);
    MachineEnd const end = run_machine(qemu_command(machine), streams);
    if (end.kind == MachineEnd::Kind::NotFound || end.kind == MachineEnd::Kind::NotStarted) {
        throw std::runtime_error(
            fmt::format("{} cannot be started; install Debian's qemu-system-x86", kQemuProgram));
    }
    std::string problem = image_problem(end, last_bytes, errors);
    if (!problem.empty()) problem += messages.text();
    return results_of(output, names, problem);
}

}  // namespace

char const* contract_place_name(ContractPlace place)
{
    switch (place) {
    case ContractPlace::Linux: return "linux";
    case ContractPlace::Simulator: return "sim";
    case ContractPlace::Image: return "image";
    }
    return "";
}

std::vector<ContractResult> run_contracts(ContractGround const& ground,
                                          ContractPlace place,
                                          std::vector<std::string> const& names)
{
    switch (place) {
    case ContractPlace::Linux: return run_on_linux(ground, names);
    case ContractPlace::Simulator: return run_in_simulator(ground, names);
    case ContractPlace::Image: return run_on_image(ground, names);
    }
    return {};
}

}  // namespace drydock::sim
