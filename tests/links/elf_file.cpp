#include "tests/links/elf_file.h"

#include <cstring>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <memory>
#include <stdexcept>
#include <unistd.h>

namespace drydock::links {

namespace {

[[noreturn]] void fail(std::string const& path)
{
    char const* const reason = elf_errmsg(-1);
    throw std::runtime_error(path + ": " + (reason != nullptr ? reason : "cannot be read"));
}

void add_section(ElfFile& file, Elf* elf, Elf_Scn* part, usize names)
{
    GElf_Shdr header{};
    gelf_getshdr(part, &header);
    Section section;
    char const* const name = elf_strptr(elf, names, header.sh_name);
    section.name = name != nullptr ? name : "";
    section.type = header.sh_type;
    section.flags = header.sh_flags;
    section.address = header.sh_addr;
    section.entry_size = header.sh_entsize;
    section.size = header.sh_size;
    Elf_Data const* const data = elf_rawdata(part, nullptr);
    if (header.sh_type != SHT_NOBITS && data != nullptr && data->d_buf != nullptr) {
        auto const* const bytes = static_cast<std::byte const*>(data->d_buf);
        section.bytes.assign(bytes, bytes + data->d_size);
    }
    file.sections.push_back(std::move(section));
}

void add_symbols(ElfFile& file, Elf* elf, Elf_Scn* part)
{
    GElf_Shdr header{};
    gelf_getshdr(part, &header);
    if (header.sh_type != SHT_SYMTAB) return;
    Elf_Data* const data = elf_getdata(part, nullptr);
    for (usize i = 0; i < header.sh_size / header.sh_entsize; ++i) {
        GElf_Sym entry{};
        gelf_getsym(data, static_cast<int>(i), &entry);
        Symbol symbol;
        char const* const name = elf_strptr(elf, header.sh_link, entry.st_name);
        symbol.name = name != nullptr ? name : "";
        symbol.type = GELF_ST_TYPE(entry.st_info);
        symbol.binding = GELF_ST_BIND(entry.st_info);
        symbol.section = entry.st_shndx;
        symbol.value = entry.st_value;
        symbol.size = entry.st_size;
        file.symbols.push_back(std::move(symbol));
    }
}

void add_relocations(ElfFile& file, Elf_Scn* part)
{
    GElf_Shdr header{};
    gelf_getshdr(part, &header);
    if (header.sh_type != SHT_RELA || header.sh_info >= file.sections.size()) return;
    if ((file.sections[header.sh_info].flags & SHF_ALLOC) == 0) return;
    Elf_Data* const data = elf_getdata(part, nullptr);
    for (usize i = 0; i < header.sh_size / header.sh_entsize; ++i) {
        GElf_Rela entry{};
        gelf_getrela(data, static_cast<int>(i), &entry);
        file.relocations.push_back({header.sh_info,
                                    entry.r_offset,
                                    static_cast<u32>(GELF_R_TYPE(entry.r_info)),
                                    GELF_R_SYM(entry.r_info),
                                    entry.r_addend});
    }
}

}  // namespace

std::span<std::byte const> ElfFile::at(u64 address) const
{
    for (Section const& section : sections) {
        if ((section.flags & SHF_ALLOC) == 0 || section.bytes.empty()) continue;
        if (address < section.address || address >= section.address + section.bytes.size())
            continue;
        return std::span(section.bytes).subspan(address - section.address);
    }
    return {};
}

std::span<std::byte> ElfFile::at(u64 address)
{
    std::span<std::byte const> const found = static_cast<ElfFile const&>(*this).at(address);
    return {const_cast<std::byte*>(found.data()), found.size()};
}

ElfFile read_elf_file(std::string const& path)
{
    elf_version(EV_CURRENT);
    int const descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw std::runtime_error(path + ": " + std::strerror(errno));
    std::unique_ptr<Elf, int (*)(Elf*)> const elf(elf_begin(descriptor, ELF_C_READ, nullptr),
                                                  elf_end);
    usize names = 0;
    bool const is_elf = elf && elf_kind(elf.get()) == ELF_K_ELF &&
                        gelf_getclass(elf.get()) == ELFCLASS64 &&
                        elf_getshdrstrndx(elf.get(), &names) == 0;
    ElfFile file;
    file.sections.emplace_back();  // Number 0 is none.
    for (Elf_Scn* part = nullptr; is_elf && (part = elf_nextscn(elf.get(), part)) != nullptr;) {
        add_section(file, elf.get(), part, names);
        add_symbols(file, elf.get(), part);
    }
    for (Elf_Scn* part = nullptr; is_elf && (part = elf_nextscn(elf.get(), part)) != nullptr;) {
        add_relocations(file, part);
    }
    close(descriptor);
    if (!is_elf) fail(path);
    return file;
}

}  // namespace drydock::links
