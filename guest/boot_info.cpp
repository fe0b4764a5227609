#include "guest/boot_info.h"

#include "guest/layout.h"

namespace drydock::guest {

namespace {

constexpr u32 kUsable = 1;

}  // namespace

bool is_reachable(u64 address, u64 size) { return size <= kReach && address <= kReach - size; }

void take_memory_map(u64 entries, usize count, usize stride, MemoryMap& memory)
{
    auto const entry_at = [=](usize index) {
        return *reinterpret_cast<MemoryMapEntry const*>(entries + index * stride);
    };
    auto const end_of = [](MemoryMapEntry const& entry) {
        return entry.size > ~entry.address ? ~u64{0} : entry.address + entry.size;
    };
    for (usize i = 0; i < count; ++i) {
        MemoryMapEntry const entry = entry_at(i);
        if (entry.type == kUsable) memory.add(entry.address, end_of(entry));
    }
    for (usize i = 0; i < count; ++i) {
        MemoryMapEntry const entry = entry_at(i);
        if (entry.type != kUsable) memory.remove(entry.address, end_of(entry));
    }
}

StringView BootInfo::take_command_line(u64 text, u64 room)
{
    auto const* const characters = reinterpret_cast<char const*>(text);
    command_line_size = 0;
    while (command_line_size < room && characters[command_line_size] != '\0') {
        if (command_line_size == kMaximumCommandLine) return "the command line is too long";
        command_line[command_line_size] = characters[command_line_size];
        whole_command_line[command_line_size] = characters[command_line_size];
        ++command_line_size;
    }
    whole_command_line[command_line_size] = '\0';
    return {};
}

StringView BootInfo::take_initramfs(u64 address, u64 size)
{
    if (!is_reachable(address, size)) return "the initramfs is out of reach";
    initramfs = address;
    initramfs_size = size;
    return {};
}

}  // namespace drydock::guest
