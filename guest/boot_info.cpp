#include "guest/boot_info.h"

#include "guest/layout.h"

namespace drydock::guest {

namespace {

// Xen, xen/include/public/arch-x86/hvm/start_info.h, version 1.
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

struct MemoryMapEntry {
    u64 address = 0;
    u64 size = 0;
    u32 type = 0;
    u32 reserved = 0;
};
static_assert(sizeof(MemoryMapEntry) == 24);

constexpr u32 kMagic = 0x336e'c578;
constexpr u32 kUsable = 1;

template <typename T>
T const* at(u64 physical)
{
    return reinterpret_cast<T const*>(physical);
}

constexpr bool is_reachable(u64 address, u64 size)
{
    return size <= kReach && address <= kReach - size;
}

// What is not usable wins over what is, where entries overlap.
void read_memory_map(MemoryMapEntry const* entries, u32 count, MemoryMap& memory)
{
    auto const end_of = [](MemoryMapEntry const& entry) {
        return entry.size > ~entry.address ? ~u64{0} : entry.address + entry.size;
    };
    for (u32 i = 0; i < count; ++i) {
        if (entries[i].type == kUsable) memory.add(entries[i].address, end_of(entries[i]));
    }
    for (u32 i = 0; i < count; ++i) {
        if (entries[i].type != kUsable) memory.remove(entries[i].address, end_of(entries[i]));
    }
}

}  // namespace

StringView read_start_info(u64 address, BootInfo& info)
{
    if (!is_reachable(address, sizeof(StartInfo))) return "the start info is out of reach";
    StartInfo const start = *at<StartInfo>(address);
    if (start.magic != kMagic) return "there is no PVH start info";
    if (start.version < 1 || start.memory_map_entries == 0) return "there is no memory map";
    if (start.memory_map_entries > 1024) return "the memory map is too long";
    if (!is_reachable(start.memory_map, u64{start.memory_map_entries} * sizeof(MemoryMapEntry))) {
        return "the memory map is out of reach";
    }
    read_memory_map(at<MemoryMapEntry>(start.memory_map), start.memory_map_entries, info.memory);

    if (start.command_line != 0 &&
        is_reachable(start.command_line, BootInfo::kMaximumCommandLine)) {
        char const* const text = at<char>(start.command_line);
        while (text[info.command_line_size] != '\0') {
            if (info.command_line_size == BootInfo::kMaximumCommandLine) {
                return "the command line is too long";
            }
            info.command_line[info.command_line_size] = text[info.command_line_size];
            ++info.command_line_size;
        }
    }
    if (start.module_count > 0) {
        if (!is_reachable(start.modules, sizeof(Module))) return "the module list is out of reach";
        Module const module = *at<Module>(start.modules);
        if (!is_reachable(module.address, module.size)) return "the initramfs is out of reach";
        info.initramfs = module.address;
        info.initramfs_size = module.size;
    }
    return {};
}

}  // namespace drydock::guest
