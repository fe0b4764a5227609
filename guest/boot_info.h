#pragma once

// What the boot loader says of the machine, copied out of its memory.
//
// Preconditions throughout: the tables of boot.S are active, so memory is seen at its physical
// addresses, up to kReach.

#include "core/base/integers.h"
#include "core/base/span.h"
#include "guest/memory_map.h"

namespace drydock::guest {

// How we were entered, as boot.S says it.
enum class LoaderKind : u32 { Pvh = 0, Multiboot = 1 };

struct BootInfo {
    static constexpr usize kMaximumCommandLine = 8192;

    // The image, the loader's files and what is copied from here are in it.
    MemoryMap memory{};
    // Where the loader left it; zero if there is none.
    u64 initramfs = 0;
    u64 initramfs_size = 0;
    // ACPI's root pointer; zero if the loader names none.
    u64 acpi = 0;
    // To be read in place, which changes it; and as it came, with a zero behind it.
    char command_line[kMaximumCommandLine] = {};
    usize command_line_size = 0;
    char whole_command_line[kMaximumCommandLine + 1] = {};

    // Both return the reason of failure, or an empty text. At most `room` bytes are read.
    StringView take_command_line(u64 text, u64 room);
    StringView take_initramfs(u64 address, u64 size);
};

// An entry of the list that BIOS calls E820 made, as both loaders pass it.
struct MemoryMapEntry {
    u64 address = 0;
    u64 size = 0;
    u32 type = 0;
    u32 reserved = 0;
};
static_assert(sizeof(MemoryMapEntry) == 24);

// `stride` bytes from one entry to the next. What is not usable wins over what is, where entries
// overlap.
void take_memory_map(u64 entries, usize count, usize stride, MemoryMap& memory);

// Whether all of it lies below kReach.
bool is_reachable(u64 address, u64 size);

// Fill `info` from the address that the loader passed. The reason of failure, or an empty text.
StringView read_start_info(u64 address, BootInfo& info);
StringView read_multiboot_info(u64 address, BootInfo& info);

}  // namespace drydock::guest
