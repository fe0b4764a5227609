#pragma once

// Small ELF programs for tests.

#include "core/process/elf_image.h"

#include <cstring>
#include <string>
#include <vector>

namespace drydock::test {

struct ElfBuilder {
    ElfHeader header{};
    std::vector<ElfProgramHeader> program_headers{};
    std::string tail{};

    // One readable and executable segment at 4 MiB that holds the whole file.
    static ElfBuilder simple()
    {
        ElfBuilder builder;
        u8 const identification[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
        std::memcpy(builder.header.identification, identification, sizeof(identification));
        builder.header.type = kElfExecutable;
        builder.header.machine = 62;
        builder.header.version = 1;
        builder.header.entry = 0x400100;
        builder.header.program_headers = sizeof(ElfHeader);
        builder.header.header_size = sizeof(ElfHeader);
        builder.header.program_header_size = sizeof(ElfProgramHeader);
        ElfProgramHeader segment;
        segment.type = kElfLoad;
        segment.flags = kElfReadFlag | kElfExecuteFlag;
        segment.address = 0x400000;
        segment.file_size = 0x200;
        segment.memory_size = 0x200;
        segment.alignment = kPageSize;
        builder.program_headers.push_back(segment);
        builder.tail = std::string(0x200, 'x');
        return builder;
    }

    void add_interpreter(std::string const& name)
    {
        ElfProgramHeader entry;
        entry.type = kElfInterpreter;
        entry.offset = 0x180;
        entry.file_size = name.size() + 1;
        entry.memory_size = entry.file_size;
        program_headers.push_back(entry);
        interpreter = name;
    }

    std::string build()
    {
        header.program_header_count = static_cast<u16>(program_headers.size());
        std::string bytes(reinterpret_cast<char const*>(&header), sizeof(header));
        for (ElfProgramHeader const& entry : program_headers) {
            bytes.append(reinterpret_cast<char const*>(&entry), sizeof(entry));
        }
        bytes += tail;
        if (!interpreter.empty()) bytes.replace(0x180, interpreter.size() + 1, interpreter + '\0');
        return bytes;
    }

    std::string interpreter{};
};

}  // namespace drydock::test
