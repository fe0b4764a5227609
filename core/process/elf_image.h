#pragma once

// The headers of an ELF64 program (elf(5)), checked: what exec maps and where it starts. Reads
// nothing but the headers; every number in them is the user's.

#include "core/base/heap.h"
#include "core/mm/address_space.h"
#include "core/process/program_file.h"

namespace drydock {

struct ElfHeader {
    u8 identification[16] = {};
    u16 type = 0;
    u16 machine = 0;
    u32 version = 0;
    u64 entry = 0;
    u64 program_headers = 0;
    u64 section_headers = 0;
    u32 flags = 0;
    u16 header_size = 0;
    u16 program_header_size = 0;
    u16 program_header_count = 0;
    u16 section_header_size = 0;
    u16 section_header_count = 0;
    u16 section_name_index = 0;
};
static_assert(sizeof(ElfHeader) == 64);

struct ElfProgramHeader {
    u32 type = 0;
    u32 flags = 0;
    u64 offset = 0;
    u64 address = 0;
    u64 physical_address = 0;
    u64 file_size = 0;
    u64 memory_size = 0;
    u64 alignment = 0;
};
static_assert(sizeof(ElfProgramHeader) == 56);

inline constexpr u16 kElfExecutable = 2, kElfShared = 3;
inline constexpr u32 kElfLoad = 1, kElfInterpreter = 3, kElfHeaders = 6, kElfGnuStack = 0x6474e551;
inline constexpr u32 kElfExecuteFlag = 1, kElfWriteFlag = 2, kElfReadFlag = 4;

class ElfImage {
public:
    // `start`: the first bytes of the file, zeros behind its end. Errno::NoExec where it is no
    // program for this machine, Inval where its segments make no sense.
    static Result<ElfImage> parse(Heap& heap, ProgramFile const& file, ConstBytes start);

    bool is_position_independent() const { return header_.type == kElfShared; }
    u64 entry() const { return header_.entry; }
    u16 header_count() const { return header_.program_header_count; }
    // Where the program headers are in memory once it is loaded; 0 if in no segment.
    u64 headers_address() const { return headers_address_; }
    // Of all segments to load, in pages; the largest alignment of one.
    u64 lowest() const { return lowest_; }
    u64 highest() const { return highest_; }
    u64 alignment() const { return alignment_; }
    bool wants_executable_stack() const { return wants_executable_stack_; }
    Span<ElfProgramHeader const> headers() const;

    bool has_interpreter() const { return interpreter_.size() > 0; }
    StringView interpreter() const { return interpreter_.text().first(interpreter_.size() - 1); }

private:
    Result<void> check_segments();
    Result<void> read_interpreter(Heap& heap,
                                  ProgramFile const& file,
                                  ElfProgramHeader const& entry);

    ElfHeader header_{};
    Buffer headers_{};
    Buffer interpreter_{};  // With its zero.
    u64 headers_address_ = 0;
    u64 lowest_ = ~u64{0};
    u64 highest_ = 0;
    u64 alignment_ = kPageSize;
    bool wants_executable_stack_ = false;
};

}  // namespace drydock
