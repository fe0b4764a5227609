#include "tests/links/core_in_link.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <fmt/format.h>
#include <stdexcept>

namespace drydock::links {

namespace {

bool is_loaded(Section const& section)
{
    return (section.flags & SHF_ALLOC) != 0 && !section.bytes.empty();
}

bool is_merged(Section const& section) { return (section.flags & SHF_MERGE) != 0; }

std::vector<Symbol const*> local_content(ElfFile const& file)
{
    std::vector<Symbol const*> found;
    for (Symbol const& symbol : file.symbols) {
        if (symbol.binding == STB_LOCAL && is_content(file, symbol)) found.push_back(&symbol);
    }
    return found;
}

bool is_same(Symbol const* left, Symbol const* right)
{
    return left->name == right->name && left->type == right->type && left->size == right->size;
}

u64 read_field(std::span<std::byte const> bytes, unsigned width, bool is_signed)
{
    u64 value = 0;
    std::memcpy(&value, bytes.data(), width);
    return width == 4 && is_signed ? static_cast<u64>(static_cast<i64>(static_cast<i32>(value)))
                                   : value;
}

// The bytes up to the end of the string or of the constant.
std::span<std::byte const> element_at(std::span<std::byte const> bytes, Section const& section)
{
    if ((section.flags & SHF_STRINGS) == 0) {
        return bytes.first(std::min<usize>(bytes.size(), section.entry_size));
    }
    auto const end = std::find(bytes.begin(), bytes.end(), std::byte{0});
    return bytes.first(static_cast<usize>(end - bytes.begin()));
}

}  // namespace

bool is_content(ElfFile const& file, Symbol const& symbol)
{
    bool const is_kind = symbol.type == STT_FUNC || symbol.type == STT_OBJECT;
    if (!is_kind || symbol.size == 0 || symbol.section >= file.sections.size()) return false;
    if (symbol.name.starts_with(".L")) return false;
    Section const& section = file.sections[symbol.section];
    return is_loaded(section) && !is_merged(section);
}

CoreInLink::CoreInLink(ElfFile const& object, ElfFile const& link) : object_(object), link_(link)
{
    for (Symbol const& symbol : link.symbols) {
        bool const is_defined = symbol.section != SHN_UNDEF;
        if (is_defined && symbol.binding == STB_GLOBAL) link_globals_[symbol.name] = symbol.value;
    }
    place_locals();
    place_globals();
}

void CoreInLink::place(Symbol const& in_object, Symbol const& in_link)
{
    u64 const address = in_link.value - in_object.value;
    auto const [found, is_new] = addresses_.emplace(in_object.section, address);
    if (found->second == address) return;
    throw std::runtime_error(fmt::format(
        "{}: its section is at {:#x}, it is not where that says", in_object.name, found->second));
}

// A linker writes the local symbols of one object side by side, in the object's order. Their names
// alone say nothing: the program around the core has functions of the same names.
void CoreInLink::place_locals()
{
    std::vector<Symbol const*> const wanted = local_content(object_);
    std::vector<Symbol const*> const present = local_content(link_);
    if (wanted.empty()) throw std::runtime_error("the object has no local symbols");
    auto const found =
        std::search(present.begin(), present.end(), wanted.begin(), wanted.end(), is_same);
    if (found == present.end()) {
        throw std::runtime_error("the object's local symbols are not in the link as they were");
    }
    auto const other = std::search(found + 1, present.end(), wanted.begin(), wanted.end(), is_same);
    if (other != present.end()) throw std::runtime_error("the object is in the link twice");
    for (usize i = 0; i < wanted.size(); ++i) {
        place(*wanted[i], *found[static_cast<isize>(i)]);
    }
}

void CoreInLink::place_globals()
{
    for (Symbol const& symbol : object_.symbols) {
        if (symbol.binding == STB_LOCAL || !is_content(object_, symbol)) continue;
        auto const found = link_globals_.find(symbol.name);
        if (found == link_globals_.end()) {
            throw std::runtime_error(fmt::format("{}: not in the link", symbol.name));
        }
        Symbol in_link = symbol;
        in_link.value = found->second;
        place(symbol, in_link);
    }
}

std::optional<u64> CoreInLink::address_of(usize section) const
{
    auto const found = addresses_.find(section);
    return found == addresses_.end() ? std::nullopt : std::optional(found->second);
}

// Whether the string or constant that a field leads to is the one that the object means. `actual`
// is where the link has the relocation's symbol, or with a section's symbol that and the addend.
bool CoreInLink::has_merged(Relocation const& relocation, u64 actual_target) const
{
    Symbol const& symbol = object_.symbols[relocation.symbol];
    Section const& section = object_.sections[symbol.section];
    u64 const offset =
        symbol.type == STT_SECTION ? static_cast<u64>(relocation.addend) : symbol.value;
    if (offset >= section.bytes.size()) return false;
    std::span<std::byte const> const wanted =
        element_at(std::span(section.bytes).subspan(offset), section);
    std::span<std::byte const> const actual = element_at(link_.at(actual_target), section);
    return actual.data() != nullptr && std::ranges::equal(wanted, actual);
}

// S of the manual's formulas (System V ABI, AMD64, 4.4.1); nothing if the link does not say.
std::optional<u64> CoreInLink::target_of(Relocation const& relocation, u64 actual_target) const
{
    Symbol const& symbol = object_.symbols[relocation.symbol];
    if (symbol.section == SHN_UNDEF) {
        auto const found = link_globals_.find(symbol.name);
        return found == link_globals_.end() ? std::nullopt : std::optional(found->second);
    }
    if (symbol.section >= object_.sections.size()) return std::nullopt;
    if (is_merged(object_.sections[symbol.section])) {
        bool const is_section = symbol.type == STT_SECTION;
        u64 const addend = is_section ? static_cast<u64>(relocation.addend) : 0;
        if (!has_merged(relocation, actual_target + addend)) return std::nullopt;
        return actual_target;
    }
    std::optional<u64> const base = address_of(symbol.section);
    return base ? std::optional(*base + symbol.value) : std::nullopt;
}

std::string CoreInLink::describe(usize section, u64 offset) const
{
    for (Symbol const& symbol : object_.symbols) {
        if (symbol.section != section || !is_content(object_, symbol)) continue;
        if (offset < symbol.value || offset - symbol.value >= symbol.size) continue;
        return fmt::format("{}+{:#x}", symbol.name, offset - symbol.value);
    }
    return fmt::format("{}+{:#x}", object_.sections[section].name, offset);
}

// The object's bytes with each relocated field as this link must have it.
std::vector<std::byte> CoreInLink::expected_bytes(usize section,
                                                  std::span<std::byte const> actual,
                                                  std::vector<std::string>& problems) const
{
    std::vector<std::byte> bytes = object_.sections[section].bytes;
    u64 const base = *address_of(section);
    for (Relocation const& relocation : object_.relocations) {
        if (relocation.section != section) continue;
        bool const is_relative =
            relocation.type == R_X86_64_PC32 || relocation.type == R_X86_64_PLT32;
        bool const is_signed = is_relative || relocation.type == R_X86_64_32S;
        unsigned const width = relocation.type == R_X86_64_64 ? 8 : 4;
        bool const is_known =
            is_signed || relocation.type == R_X86_64_32 || relocation.type == R_X86_64_64;
        if (!is_known || relocation.offset + width > bytes.size()) {
            problems.push_back(fmt::format("{}: relocation of type {} is not understood",
                                           describe(section, relocation.offset),
                                           relocation.type));
            continue;
        }
        u64 const place = is_relative ? base + relocation.offset : 0;
        u64 const shift = static_cast<u64>(relocation.addend) - place;
        u64 const actual_target =
            read_field(actual.subspan(relocation.offset), width, is_signed) - shift;
        std::optional<u64> const target = target_of(relocation, actual_target);
        if (!target) {
            problems.push_back(fmt::format("{}: leads elsewhere than {}",
                                           describe(section, relocation.offset),
                                           object_.symbols[relocation.symbol].name));
        }
        u64 const field = target.value_or(actual_target) + shift;
        std::memcpy(bytes.data() + relocation.offset, &field, width);
        ++checked_relocations_;
    }
    return bytes;
}

std::vector<std::string> CoreInLink::differences() const
{
    std::vector<std::string> problems;
    checked_relocations_ = 0;
    for (usize i = 0; i < object_.sections.size(); ++i) {
        Section const& section = object_.sections[i];
        if (!is_loaded(section) || is_merged(section)) continue;
        std::optional<u64> const address = address_of(i);
        std::span<std::byte const> actual;
        if (address) actual = link_.at(*address);
        if (actual.size() < section.bytes.size()) {
            problems.push_back(fmt::format("{}: not in the link", section.name));
            continue;
        }
        actual = actual.first(section.bytes.size());
        std::vector<std::byte> const expected = expected_bytes(i, actual, problems);
        auto const [wrong, end] = std::ranges::mismatch(expected, actual);
        if (wrong == expected.end()) continue;
        auto const offset = static_cast<u64>(wrong - expected.begin());
        problems.push_back(fmt::format("{}: {:#04x} in place of {:#04x}",
                                       describe(i, offset),
                                       std::to_integer<unsigned>(*end),
                                       std::to_integer<unsigned>(*wrong)));
    }
    return problems;
}

}  // namespace drydock::links
