#pragma once

// The core's object in a program that it was linked into: where each of its sections is, and
// whether it has the object's bytes there. "Relocations aside" is taken strictly: a relocated field
// must hold what its relocation says for this program, so it may not lead elsewhere either.

#include "tests/links/elf_file.h"

#include <map>
#include <optional>

namespace drydock::links {

class CoreInLink {
public:
    // Both are borrowed. Throws std::runtime_error if the object cannot be found in the link.
    CoreInLink(ElfFile const& object, ElfFile const& link);

    // A line for each place that is not as it should be, with the symbol that it is in.
    std::vector<std::string> differences() const;
    // In the link, of a section of the object; nothing if that is merged with others.
    std::optional<u64> address_of(usize section) const;
    usize checked_relocations() const { return checked_relocations_; }

private:
    struct Field {
        u64 place = 0;  // Address in the link.
        unsigned width = 0;
        bool is_relative = false;
    };

    void place_locals();
    void place_globals();
    void place(Symbol const& in_object, Symbol const& in_link);
    std::vector<std::byte> expected_bytes(usize section,
                                          std::span<std::byte const> actual,
                                          std::vector<std::string>& problems) const;
    std::optional<u64> target_of(Relocation const& relocation, u64 actual_target) const;
    bool has_merged(Relocation const& relocation, u64 actual_target) const;
    std::string describe(usize section, u64 offset) const;

    ElfFile const& object_;
    ElfFile const& link_;
    std::map<usize, u64> addresses_{};           // By section.
    std::map<std::string, u64> link_globals_{};  // By name.
    mutable usize checked_relocations_ = 0;
};

// Functions and constants: symbols with bytes that are loaded. Not the compiler's own labels, which
// a linker drops, nor what it merges with equal strings and constants: those are compared where
// code refers to them.
bool is_content(ElfFile const& file, Symbol const& symbol);

}  // namespace drydock::links
