#pragma once

// Maps the segments of programs and interpreters into a new address space.

#include "core/process/elf_image.h"

namespace drydock {

struct LoadedProgram {
    u64 base = 0;  // Added to every address in the file.
    u64 entry = 0;
    u64 headers_address = 0;
    u64 end = 0;  // One past the last page.
};

// Where a position-independent program goes: two thirds of the address space, as Linux without
// randomization (ELF_ET_DYN_BASE).
inline constexpr u64 kProgramBase = 0x555555554000;

// Errno::NoMem, Inval; the space is of no use then.
Result<LoadedProgram> load_program(AddressSpace& space,
                                   ElfImage const& image,
                                   ProgramFile const& file);
// The same at a place that the space chooses.
Result<LoadedProgram> load_interpreter(AddressSpace& space,
                                       ElfImage const& image,
                                       ProgramFile const& file);

}  // namespace drydock
