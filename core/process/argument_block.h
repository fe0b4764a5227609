#pragma once

// What a new program finds on its stack, as Linux lays it out (fs/binfmt_elf.c, create_elf_tables):
//
//   kUserEnd ->  8 zero bytes
//                file name of execve, environment strings, argument strings (lowest)
//                "x86_64", 16 random bytes (below a 16-byte border)
//                auxiliary vector, envp[], 0, argv[], 0
//   rsp ->       argc, 16-aligned

#include "core/process/exec.h"

namespace drydock {

struct AuxiliaryValues {
    u64 headers_address = 0;
    u64 header_count = 0;
    u64 interpreter_base = 0;
    u64 entry = 0;
    u64 vdso = 0;  // Its ELF header; 0 if there is none.
    u32 uid = 0, euid = 0, gid = 0, egid = 0;
    bool is_secure = false;
};

// CPUID leaf 1, edx, of the modelled CPU: fpu tsc msr cx8 cmov clflush mmx fxsr sse sse2.
inline constexpr u64 kHardwareCapabilities = 0x07888131;

struct ArgumentBlock {
    u64 stack_pointer = 0;
    u64 arguments_start = 0;  // Of the strings.
    u64 environment_start = 0;
    u64 strings_end = 0;
};

// Bytes of stack that the block takes at most.
u64 argument_block_size(ExecStrings const& strings, StringView file_name);
// Writes it to the top of `space`'s stack, whose region is mapped. Errno::NoMem.
Result<ArgumentBlock> write_argument_block(System& system,
                                           AddressSpace& space,
                                           ExecStrings const& strings,
                                           StringView file_name,
                                           AuxiliaryValues const& values);

}  // namespace drydock
