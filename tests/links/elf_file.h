#pragma once

// An ELF64 file taken apart: sections, symbols, relocations, as libelf reads them.

#include "core/base/integers.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace drydock::links {

struct Section {
    std::string name{};
    u32 type = 0;   // SHT_...
    u64 flags = 0;  // SHF_...
    u64 address = 0;
    u64 entry_size = 0;
    u64 size = 0;
    std::vector<std::byte> bytes{};  // Empty if the file holds none.
};

struct Symbol {
    std::string name{};
    u8 type = 0;        // STT_...
    u8 binding = 0;     // STB_...
    usize section = 0;  // Index; SHN_UNDEF for none.
    u64 value = 0;      // In an object the offset in its section, in a link the address.
    u64 size = 0;
};

struct Relocation {
    usize section = 0;  // That it changes.
    u64 offset = 0;
    u32 type = 0;      // R_X86_64_...
    usize symbol = 0;  // Index.
    i64 addend = 0;
};

struct ElfFile {
    std::vector<Section> sections{};
    std::vector<Symbol> symbols{};
    std::vector<Relocation> relocations{};  // Only those of sections that are loaded.

    // What a loaded program finds at an address, up to the end of its section; empty if nothing.
    std::span<std::byte> at(u64 address);
    std::span<std::byte const> at(u64 address) const;
};

// Throws std::runtime_error.
ElfFile read_elf_file(std::string const& path);

}  // namespace drydock::links
