#include "sim/image_run.h"

#include "sim/cost_table.h"
#include "sim/host/machine_process.h"
#include "sim/image_inputs.h"
#include "sim/machine_layout.h"
#include "sim/qemu_command.h"
#include "sim/thread_pids.h"

#include <cstring>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

// As the image writes them (guest/event_channel.h).
struct RingHeader {
    u64 magic = 0;
    u64 capacity = 0;
    u64 written = 0;
};
constexpr u64 kRingMagic = 0x3174'6e65'7665'6464;
constexpr u64 kRingHeaderSize = 4096;

// What QEMU's firmware keeps for itself at the end of memory.
constexpr u64 kFirmwareReserve = 4 * kMiB;

ConstBytes bytes_of(std::string const& text)
{
    return {reinterpret_cast<std::byte const*>(text.data()), text.size()};
}

Bytes as_bytes(void* data, usize size) { return {static_cast<std::byte*>(data), size}; }

}  // namespace

std::string image_command_line(ImageRequest const& request)
{
    return fmt::format(
        "drydock.tty=0 drydock.stderr=2 drydock.date={} drydock.memory={} drydock.clock={} "
        "drydock.stack={} drydock.events={:#x},{:#x} cwd={}{}",
        kBootSeconds,
        request.memory_bytes / kMiB,
        kEventClockStepNs,
        request.stack_mode == StackMode::Guarded ? "guarded" : "unguarded",
        request.memory_bytes,
        request.ring_bytes,
        request.program.working_directory,
        request.program.is_init ? " drydock.init=1" : "");
}

namespace {

QemuMachine machine_for(ImageRequest const& request)
{
    QemuMachine machine;
    machine.image = request.image;
    machine.memory_bytes = request.memory_bytes + request.ring_bytes + kFirmwareReserve;
    machine.has_memory_file = true;
    machine.has_program = true;
    machine.has_input_file = true;
    machine.append = image_command_line(request);
    return machine;
}

std::vector<TraceRecord> read_ring(MemoryFile const& memory, u64 address)
{
    RingHeader header;
    bool const is_there = memory.read(address, as_bytes(&header, sizeof(header)));
    if (!is_there || header.magic != kRingMagic) {
        throw std::runtime_error("the image has written no events");
    }
    if (header.written > header.capacity) {
        throw std::runtime_error(
            fmt::format("the image wrote {} events, and there is room for {}; give more with "
                        "--events MiB",
                        header.written,
                        header.capacity));
    }
    std::vector<TraceRecord> records(header.written);
    Bytes const target = as_bytes(records.data(), records.size() * sizeof(TraceRecord));
    if (!memory.read(address + kRingHeaderSize, target)) {
        throw std::runtime_error("the image's events cannot be read");
    }
    ThreadPids pids;
    for (TraceRecord& record : records) {
        pids.attribute(record);
        if (record.kind == static_cast<u32>(EventKind::Switch)) {
            pids.switch_to(static_cast<u32>(record.a));
        }
    }
    return records;
}

std::string describe_end(MachineEnd const& end, std::string messages)
{
    while (!messages.empty() && messages.back() == '\n') messages.pop_back();
    switch (end.kind) {
    case MachineEnd::Kind::NotFound:
        return fmt::format("{} is not installed; install Debian's qemu-system-x86", kQemuProgram);
    case MachineEnd::Kind::NotStarted:
        return fmt::format("{}: {}", kQemuProgram, std::strerror(end.error));
    case MachineEnd::Kind::TimeLimit:
        return "the image did not come to its end in time (--time-limit)";
    case MachineEnd::Kind::Ended:
    case MachineEnd::Kind::Left:
    case MachineEnd::Kind::OutputClosed: break;
    }
    if (end.signal == 0 && end.exit_status == 0 && messages.empty()) {
        return "the image's processor has reset (triple fault), or QEMU was ended from outside";
    }
    std::string const how = end.signal != 0 ? fmt::format("signal {}", end.signal)
                                            : fmt::format("status {}", end.exit_status);
    return fmt::format("QEMU ended with {}{}{}", how, messages.empty() ? "" : ": ", messages);
}

}  // namespace

SideRun run_image(ImageRequest const& request)
{
    ASSERT(request.memory_bytes <= kMaximumParityMemory);
    ASSERT(request.ring_bytes <= kMaximumRing);
    std::string const strings =
        program_strings(request.program.arguments, request.program.environment);
    MemoryFile const memory("the image's memory", {});
    MemoryFile const initramfs("the file tree", request.initramfs);
    MemoryFile const program("the program's arguments", bytes_of(strings));
    MemoryFile const input("standard input", bytes_of(request.input));
    MemoryFile const messages("QEMU's messages", {});

    SideRun run;
    run.name = "image";
    std::string last_bytes;
    auto const append_to = [](std::string& target) {
        return [&target](ConstBytes bytes) {
            target.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        };
    };
    MachineStreams streams;
    streams.time_limit_ns = request.time_limit_ns;
    streams.memory = memory.descriptor();
    streams.initramfs = initramfs.descriptor();
    streams.program = program.descriptor();
    streams.input_file = input.descriptor();
    streams.messages = messages.descriptor();
    streams.on_output = append_to(run.output);
    streams.on_errors = append_to(run.errors);
    streams.on_events = append_to(last_bytes);
    MachineEnd const end = run_machine(qemu_command(machine_for(request)), streams);

    TraceRecord last;
    bool const has_last = last_bytes.size() == sizeof(last);
    if (has_last) std::memcpy(&last, last_bytes.data(), sizeof(last));
    if (has_last && last.kind == kRecordFailed) {
        throw ImageFailure("the kernel failed on the image; its report is above", run.errors);
    }
    if (!has_last || last.kind != kRecordHalt) {
        throw ImageFailure(describe_end(end, messages.text()), run.errors);
    }
    run.status = static_cast<int>(last.a & 255);
    run.records = read_ring(memory, request.memory_bytes);
    return run;
}

}  // namespace drydock::sim
