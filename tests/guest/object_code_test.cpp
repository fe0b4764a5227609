// The promise that one object code runs on both sides: the core as it was compiled, looked up in
// the linked simulator and in the linked image, is the same but for what relocations fill in, and
// those lead to the core's own copies.

#include "core/base/integers.h"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

namespace drydock {
namespace {

struct Section {
    std::string name{};
    GElf_Shdr header{};
    std::string bytes{};
};

struct Symbol {
    std::string name{};
    u64 value = 0;
    usize section = 0;
    unsigned char type = 0;
};

struct Relocation {
    u64 offset = 0;
    u64 type = 0;
    usize symbol = 0;
    u64 addend = 0;
};

class ElfFile {
public:
    explicit ElfFile(std::string const& path)
        : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
        elf_version(EV_CURRENT);
        elf_ = elf_begin(descriptor_, ELF_C_READ, nullptr);
        if (elf_ == nullptr) throw std::runtime_error(path + ": no ELF file");
        usize names = 0;
        elf_getshdrstrndx(elf_, &names);
        sections.emplace_back();
        for (Elf_Scn* scn = elf_nextscn(elf_, nullptr); scn != nullptr;
             scn = elf_nextscn(elf_, scn)) {
            Section section;
            gelf_getshdr(scn, &section.header);
            section.name = elf_strptr(elf_, names, section.header.sh_name);
            Elf_Data const* const data = elf_getdata(scn, nullptr);
            bool const is_loaded = (section.header.sh_flags & SHF_ALLOC) != 0;
            if (is_loaded && data != nullptr && data->d_buf != nullptr) {
                section.bytes.assign(static_cast<char const*>(data->d_buf), data->d_size);
            }
            if (section.header.sh_type == SHT_SYMTAB) read_symbols(scn, section.header);
            sections.push_back(section);
        }
    }
    ~ElfFile()
    {
        elf_end(elf_);
        close(descriptor_);
    }
    ElfFile(ElfFile const&) = delete;
    ElfFile& operator=(ElfFile const&) = delete;

    // Of the section with this number; empty without any.
    std::vector<Relocation> relocations(usize target) const
    {
        std::vector<Relocation> result;
        for (Elf_Scn* scn = elf_nextscn(elf_, nullptr); scn != nullptr;
             scn = elf_nextscn(elf_, scn)) {
            GElf_Shdr header;
            gelf_getshdr(scn, &header);
            if (header.sh_type != SHT_RELA || header.sh_info != target) continue;
            Elf_Data* const data = elf_getdata(scn, nullptr);
            for (usize i = 0; i < header.sh_size / header.sh_entsize; ++i) {
                GElf_Rela entry;
                gelf_getrela(data, static_cast<int>(i), &entry);
                result.push_back({entry.r_offset,
                                  GELF_R_TYPE(entry.r_info),
                                  GELF_R_SYM(entry.r_info),
                                  static_cast<u64>(entry.r_addend)});
            }
        }
        return result;
    }

    // Of a linked file: what lies at an address.
    std::optional<std::string> bytes_at(u64 address, u64 size) const
    {
        for (Section const& section : sections) {
            GElf_Shdr const& header = section.header;
            if ((header.sh_flags & SHF_ALLOC) == 0 || (header.sh_flags & SHF_TLS) != 0) continue;
            if (address < header.sh_addr || address - header.sh_addr > header.sh_size) continue;
            u64 const offset = address - header.sh_addr;
            if (size > section.bytes.size() || offset > section.bytes.size() - size) continue;
            return section.bytes.substr(offset, size);
        }
        return std::nullopt;
    }

    std::vector<Section> sections{};
    std::vector<Symbol> symbols{};

private:
    void read_symbols(Elf_Scn* scn, GElf_Shdr const& header)
    {
        Elf_Data* const data = elf_getdata(scn, nullptr);
        for (usize i = 0; i < header.sh_size / header.sh_entsize; ++i) {
            GElf_Sym symbol;
            gelf_getsym(data, static_cast<int>(i), &symbol);
            symbols.push_back({elf_strptr(elf_, header.sh_link, symbol.st_name),
                               symbol.st_value,
                               symbol.st_shndx,
                               static_cast<unsigned char>(GELF_ST_TYPE(symbol.st_info))});
        }
    }

    int descriptor_;
    Elf* elf_ = nullptr;
};

u64 word_of(std::string const& bytes, u64 offset, usize width)
{
    u64 value = 0;
    std::memcpy(&value, bytes.data() + offset, width);
    return value;
}

// One link, with the places that the core's sections have in it. The first is known by the names in
// it, the others by where relocations lead: each relocation must lead to the same place.
class Link {
public:
    Link(ElfFile const& core, ElfFile const& linked) : core_(core), linked_(linked)
    {
        for (Symbol const& symbol : linked.symbols) addresses_.emplace(symbol.name, symbol.value);
    }

    void check()
    {
        usize first = 0;
        for (usize i = 0; i < core_.sections.size(); ++i) {
            if (core_.sections[i].name == ".text") first = i;
        }
        ASSERT_GT(first, 0u);
        places_[first] = place_by_names(first);
        std::vector<usize> waiting = {first};
        while (!waiting.empty() && problems.size() < 20) {
            usize const section = waiting.back();
            waiting.pop_back();
            compare(section, waiting);
        }
    }

    std::vector<std::string> problems{};
    u64 compared_bytes = 0;
    u64 followed = 0;
    std::map<usize, u64> const& places() const { return places_; }

private:
    // Where most of the section's functions agree that it starts.
    u64 place_by_names(usize section) const
    {
        std::map<u64, usize> votes;
        for (Symbol const& symbol : core_.symbols) {
            if (symbol.section != section || symbol.type != STT_FUNC) continue;
            auto const [from, to] = addresses_.equal_range(symbol.name);
            for (auto found = from; found != to; ++found) ++votes[found->second - symbol.value];
        }
        std::pair<u64, usize> best{0, 0};
        for (auto const& vote : votes) {
            if (vote.second > best.second) best = vote;
        }
        return best.first;
    }

    void compare(usize number, std::vector<usize>& waiting)
    {
        Section const& section = core_.sections[number];
        u64 const place = places_.at(number);
        if (section.header.sh_type == SHT_NOBITS) return;
        std::optional<std::string> const found = linked_.bytes_at(place, section.bytes.size());
        if (!found) {
            problems.push_back(fmt::format("{} is not at {:#x}", section.name, place));
            return;
        }
        std::string expected = section.bytes, actual = *found;
        for (Relocation const& relocation : core_.relocations(number)) {
            usize const width = relocation.type == R_X86_64_64 ? 8 : 4;
            u64 value = word_of(actual, relocation.offset, width);
            if (width == 4) value = static_cast<u64>(static_cast<i64>(static_cast<int>(value)));
            bool const is_relative =
                relocation.type == R_X86_64_PC32 || relocation.type == R_X86_64_PLT32;
            if (is_relative) value += place + relocation.offset;
            if (relocation.type == R_X86_64_32) value &= 0xffff'ffff;
            follow(section, relocation, value, waiting);
            std::memset(expected.data() + relocation.offset, 0, width);
            std::memset(actual.data() + relocation.offset, 0, width);
        }
        compared_bytes += expected.size();
        if (expected != actual) problems.push_back(section.name + ": other bytes");
    }

    // `value` is what the link made of symbol + addend.
    void follow(Section const& from,
                Relocation const& relocation,
                u64 value,
                std::vector<usize>& waiting)
    {
        ++followed;
        Symbol const& symbol = core_.symbols[relocation.symbol];
        if (symbol.section == SHN_UNDEF) {
            u64 const target = value - relocation.addend;
            bool is_known = false;
            auto const [first, last] = addresses_.equal_range(symbol.name);
            for (auto found = first; found != last; ++found) is_known |= found->second == target;
            if (!is_known) problems.push_back(from.name + ": leads not to " + symbol.name);
            return;
        }
        Section const& target = core_.sections[symbol.section];
        if ((target.header.sh_flags & SHF_MERGE) != 0) {
            // A symbol moves with its constant; behind a section's, the addend says which constant.
            bool const is_named = symbol.type != STT_SECTION;
            u64 const distance = is_named ? relocation.addend : 0;
            u64 const offset = symbol.value + relocation.addend - distance;
            compare_merged(from, target, offset, value - distance);
            return;
        }
        u64 const place = value - relocation.addend - symbol.value;
        auto const [known, is_new] = places_.emplace(symbol.section, place);
        if (is_new) waiting.push_back(symbol.section);
        if (known->second != place) {
            problems.push_back(fmt::format(
                "{}+{:#x}: leads to another {}", from.name, relocation.offset, target.name));
        }
    }

    // The linker keeps one of several equal strings and constants; code may refer to the middle of
    // one.
    void compare_merged(Section const& from, Section const& target, u64 offset, u64 address)
    {
        if (offset >= target.bytes.size()) return;
        bool const is_text = (target.header.sh_flags & SHF_STRINGS) != 0;
        u64 const size =
            is_text ? std::strlen(target.bytes.c_str() + offset) + 1 : target.header.sh_entsize;
        u64 const inside = is_text ? 0 : offset % target.header.sh_entsize;
        offset -= inside;
        address -= inside;
        compared_bytes += size;
        if (linked_.bytes_at(address, size) != target.bytes.substr(offset, size)) {
            problems.push_back(fmt::format("{}: another constant than {}+{:#x} at {:#x}",
                                           from.name,
                                           target.name,
                                           offset,
                                           address));
        }
    }

    ElfFile const& core_;
    ElfFile const& linked_;
    std::multimap<std::string, u64> addresses_{};
    std::map<usize, u64> places_{};
};

u64 code_size(ElfFile const& core)
{
    u64 size = 0;
    for (Section const& section : core.sections) {
        if ((section.header.sh_flags & SHF_EXECINSTR) != 0) size += section.header.sh_size;
    }
    return size;
}

TEST(object_code, is_the_same_in_simulator_and_image)
{
    if (access(DRYDOCK_IMAGE, R_OK) != 0) GTEST_SKIP() << "this build has no image";
    ElfFile const core(DRYDOCK_CORE_OBJECT);
    std::array<std::map<usize, u64>, 2> places;
    std::array<char const*, 2> const paths = {DRYDOCK_PROGRAM, DRYDOCK_IMAGE};
    for (usize side = 0; side < paths.size(); ++side) {
        ElfFile const linked(paths[side]);
        Link link(core, linked);
        link.check();
        for (std::string const& problem : link.problems)
            ADD_FAILURE() << paths[side] << ": " << problem;
        EXPECT_GT(link.followed, 5000u);
        // All that code is, and constants beside it.
        EXPECT_GT(link.compared_bytes, code_size(core));
        places[side] = link.places();
    }
    for (usize i = 0; i < core.sections.size(); ++i) {
        if ((core.sections[i].header.sh_flags & SHF_EXECINSTR) == 0) continue;
        if (core.sections[i].header.sh_size == 0) continue;
        EXPECT_TRUE(places[0].contains(i))
            << core.sections[i].name << " is nowhere in the simulator";
        EXPECT_TRUE(places[1].contains(i)) << core.sections[i].name << " is nowhere in the image";
    }
}

TEST(object_code, one_changed_byte_is_seen)
{
    if (access(DRYDOCK_IMAGE, R_OK) != 0) GTEST_SKIP() << "this build has no image";
    ElfFile const core(DRYDOCK_CORE_OBJECT);
    ElfFile linked(DRYDOCK_IMAGE);
    Link sound(core, linked);
    sound.check();
    ASSERT_TRUE(sound.problems.empty());
    // The first byte of each section of code: no relocation starts an instruction.
    usize changed = 0;
    for (auto const& [number, place] : sound.places()) {
        if ((core.sections[number].header.sh_flags & SHF_EXECINSTR) == 0) continue;
        for (Section& section : linked.sections) {
            u64 const offset = place - section.header.sh_addr;
            if ((section.header.sh_flags & SHF_EXECINSTR) == 0 || offset >= section.bytes.size())
                continue;
            section.bytes[offset] ^= 1;
            Link damaged(core, linked);
            damaged.check();
            EXPECT_EQ(damaged.problems, std::vector{core.sections[number].name + ": other bytes"});
            section.bytes[offset] ^= 1;
            ++changed;
        }
        if (changed == 5) break;
    }
    EXPECT_EQ(changed, 5u);
}

}  // namespace
}  // namespace drydock
