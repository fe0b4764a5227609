// PVH: Xen, xen/include/public/arch-x86/hvm/start_info.h, version 1.

#include "guest/boot_info.h"

namespace drydock::guest {

namespace {

struct StartInfo {
    u32 magic = 0;
    u32 version = 0;
    u32 flags = 0;
    u32 module_count = 0;
    u64 modules = 0;
    u64 command_line = 0;
    u64 rsdp = 0;
    u64 memory_map = 0;
    u32 memory_map_entries = 0;
    u32 reserved = 0;
};
static_assert(sizeof(StartInfo) == 56);

struct Module {
    u64 address = 0;
    u64 size = 0;
    u64 command_line = 0;
    u64 reserved = 0;
};

constexpr u32 kMagic = 0x336e'c578;

}  // namespace

StringView read_start_info(u64 address, BootInfo& info)
{
    if (!is_reachable(address, sizeof(StartInfo))) return "the start info is out of reach";
    StartInfo const start = *reinterpret_cast<StartInfo const*>(address);
    if (start.magic != kMagic) return "there is no PVH start info";
    if (start.version < 1 || start.memory_map_entries == 0) return "there is no memory map";
    if (start.memory_map_entries > 1024) return "the memory map is too long";
    if (!is_reachable(start.memory_map, u64{start.memory_map_entries} * sizeof(MemoryMapEntry))) {
        return "the memory map is out of reach";
    }
    take_memory_map(
        start.memory_map, start.memory_map_entries, sizeof(MemoryMapEntry), info.memory);
    info.acpi = start.rsdp;
    if (start.command_line != 0 &&
        is_reachable(start.command_line, BootInfo::kMaximumCommandLine + 1)) {
        StringView const error =
            info.take_command_line(start.command_line, BootInfo::kMaximumCommandLine + 1);
        if (!error.is_empty()) return error;
    }
    if (start.module_count == 0) return {};
    if (!is_reachable(start.modules, sizeof(Module))) return "the module list is out of reach";
    Module const module = *reinterpret_cast<Module const*>(start.modules);
    return info.take_initramfs(module.address, module.size);
}

}  // namespace drydock::guest
