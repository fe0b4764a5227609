#include "sim/symbols.h"

#include <algorithm>
#include <cstdlib>
#include <cxxabi.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

std::string demangled(char const* name)
{
    int status = 0;
    char* const text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
    std::string result = status == 0 && text != nullptr ? text : name;
    std::free(text);  // NOLINT(cppcoreguidelines-no-malloc): the interface of __cxa_demangle.
    return result;
}

}  // namespace

Symbols::Symbols()
{
    elf_version(EV_CURRENT);
    int const file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    Elf* const elf = elf_begin(file, ELF_C_READ_MMAP, nullptr);
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
        GElf_Shdr header{};
        if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_SYMTAB) continue;
        Elf_Data* const data = elf_getdata(section, nullptr);
        if (data == nullptr || header.sh_entsize == 0) continue;
        u64 const count = header.sh_size / header.sh_entsize;
        for (u64 i = 0; i < count; ++i) {
            GElf_Sym symbol{};
            if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) break;
            bool const is_code = GELF_ST_TYPE(symbol.st_info) == STT_FUNC;
            if (!is_code || symbol.st_value == 0) continue;
            char const* const name = elf_strptr(elf, header.sh_link, symbol.st_name);
            if (name != nullptr) symbols_.push_back({symbol.st_value, symbol.st_size, name});
        }
    }
    elf_end(elf);
    close(file);
    std::stable_sort(symbols_.begin(), symbols_.end(), [](Symbol const& left, Symbol const& right) {
        return left.address < right.address;
    });
}

Symbols::Found Symbols::find(u64 address) const
{
    auto const after = std::upper_bound(
        symbols_.begin(), symbols_.end(), address, [](u64 value, Symbol const& symbol) {
            return value < symbol.address;
        });
    if (after == symbols_.begin()) return {};
    Symbol const& symbol = *(after - 1);
    if (address - symbol.address >= std::max<u64>(symbol.size, 16)) return {};
    return {demangled(symbol.name.c_str()), address - symbol.address};
}

std::string Symbols::describe(u64 address) const
{
    Found const found = find(address);
    if (found.name.empty()) return fmt::format("{:#x}", address);
    return fmt::format("{}+{:#x}", found.name, found.offset);
}

}  // namespace drydock::sim
