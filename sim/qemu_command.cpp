#include "sim/qemu_command.h"

#include "hwmodel/features.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

std::string path_of(MachineDescriptor descriptor)
{
    return fmt::format("/proc/self/fd/{}", static_cast<int>(descriptor));
}

}  // namespace

std::vector<std::string> qemu_command(QemuMachine const& machine)
{
    std::vector<std::string> words = {
        kQemuProgram, "-no-user-config", "-nodefaults", "-display", "none", "-no-reboot"};
    auto const add = [&words](std::string name, std::string value) {
        words.push_back(std::move(name));
        words.push_back(std::move(value));
    };
    std::string const mebibytes = fmt::format("{}M", machine.memory_bytes / kMiB);
    if (machine.has_memory_file) {
        add("-object",
            fmt::format("memory-backend-file,id=memory,size={},mem-path={},share=on",
                        mebibytes,
                        path_of(MachineDescriptor::Memory)));
    }
    add("-machine", machine.has_memory_file ? "pc,memory-backend=memory" : "pc");
    add("-accel", machine.uses_kvm ? "kvm" : "tcg");
    add("-cpu", machine.cpu.empty() ? hwmodel::kQemuCpu : machine.cpu);
    add("-m", mebibytes);
    if (machine.counts_instructions) add("-icount", "shift=0,sleep=off");
    add("-kernel", machine.image);
    add("-initrd", path_of(MachineDescriptor::Initramfs));
    add("-append", machine.append);
    add("-chardev", "stdio,id=console,signal=off");
    add("-serial", "chardev:console");
    add("-chardev", "file,id=errors,path=" + path_of(MachineDescriptor::Errors));
    add("-serial", "chardev:errors");
    if (machine.has_input_stream) {
        add("-chardev",
            fmt::format("socket,id=input,fd={}", static_cast<int>(MachineDescriptor::InputStream)));
        add("-serial", "chardev:input");
    }
    add("-chardev", "file,id=events,path=" + path_of(MachineDescriptor::Events));
    add("-device", "isa-debugcon,iobase=0xe9,chardev=events");
    add("-device", "isa-debug-exit,iobase=0xf4,iosize=0x01");
    auto const add_file = [&add](char const* name, MachineDescriptor descriptor) {
        add("-fw_cfg", fmt::format("name={},file={}", name, path_of(descriptor)));
    };
    if (machine.has_program) add_file("opt/drydock/program", MachineDescriptor::Program);
    if (machine.has_input_file) add_file("opt/drydock/input", MachineDescriptor::InputFile);
    words.insert(words.end(), machine.more.begin(), machine.more.end());
    return words;
}

}  // namespace drydock::sim
