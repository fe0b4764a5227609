// The core is compiled once: the simulator and the image hold the same code and constants, to the
// byte, but for the addresses in them.

#include "tests/links/core_in_link.h"

#include <algorithm>
#include <elf.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace drydock::links {
namespace {

std::string text_of(std::vector<std::string> const& lines)
{
    std::string text;
    for (std::string const& line : lines) text += line + "\n";
    return text;
}

class OneObjectCode : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        object_ = new ElfFile(read_elf_file(CORE_OBJECT));
        simulator_ = new ElfFile(read_elf_file(SIMULATOR_PROGRAM));
        image_ = new ElfFile(read_elf_file(IMAGE));
    }
    static void TearDownTestSuite()
    {
        delete object_;
        delete simulator_;
        delete image_;
    }

    // Of the functions and constants of the object, by name.
    static Symbol const& find(char const* part, u8 type)
    {
        auto const found = std::ranges::find_if(object_->symbols, [&](Symbol const& symbol) {
            return symbol.type == type && is_content(*object_, symbol) &&
                   symbol.name.find(part) != std::string::npos;
        });
        if (found == object_->symbols.end()) throw std::runtime_error(part);
        return *found;
    }
    static u64 address_in_image(Symbol const& symbol)
    {
        return *CoreInLink(*object_, *image_).address_of(symbol.section) + symbol.value;
    }
    static std::vector<std::string> differences_of(ElfFile const& link)
    {
        return CoreInLink(*object_, link).differences();
    }

    static ElfFile* object_;
    static ElfFile* simulator_;
    static ElfFile* image_;
};

ElfFile* OneObjectCode::object_ = nullptr;
ElfFile* OneObjectCode::simulator_ = nullptr;
ElfFile* OneObjectCode::image_ = nullptr;

TEST_F(OneObjectCode, simulator_has_the_bytes_of_the_core)
{
    EXPECT_EQ(text_of(differences_of(*simulator_)), "");
}

TEST_F(OneObjectCode, image_has_the_bytes_of_the_core)
{
    EXPECT_EQ(text_of(differences_of(*image_)), "");
}

TEST_F(OneObjectCode, every_function_and_constant_is_among_what_is_compared)
{
    CoreInLink const simulator(*object_, *simulator_);
    CoreInLink const image(*object_, *image_);
    usize functions = 0;
    usize constants = 0;
    for (Symbol const& symbol : object_->symbols) {
        if (!is_content(*object_, symbol)) continue;
        ++(symbol.type == STT_FUNC ? functions : constants);
        EXPECT_TRUE(simulator.address_of(symbol.section)) << symbol.name;
        EXPECT_TRUE(image.address_of(symbol.section)) << symbol.name;
    }
    EXPECT_GT(functions, 1000u);
    EXPECT_GT(constants, 50u);
    simulator.differences();
    EXPECT_GT(simulator.checked_relocations(), 5000u);
    RecordProperty("functions", fmt::format("{}", functions));
    RecordProperty("constants", fmt::format("{}", constants));
    RecordProperty("relocations", fmt::format("{}", simulator.checked_relocations()));
}

// A linker may take another object's definition of a symbol that is not local.
TEST_F(OneObjectCode, nothing_of_the_core_can_be_replaced)
{
    for (Symbol const& symbol : object_->symbols) {
        if (symbol.section == SHN_UNDEF || symbol.binding == STB_LOCAL) continue;
        EXPECT_EQ(symbol.binding, STB_GLOBAL) << symbol.name;
    }
}

TEST_F(OneObjectCode, nothing_of_the_core_is_writable)
{
    for (Section const& section : object_->sections) {
        bool const is_loaded = (section.flags & SHF_ALLOC) != 0;
        if (!is_loaded || (section.flags & SHF_WRITE) == 0) continue;
        EXPECT_EQ(section.size, 0u) << section.name;
    }
}

TEST_F(OneObjectCode, changed_function_is_found)
{
    Symbol const& function = find("Kernel", STT_FUNC);
    ElfFile changed = *image_;
    std::byte& byte = changed.at(address_in_image(function))[0];
    byte ^= std::byte{1};
    std::string const text = text_of(differences_of(changed));
    EXPECT_NE(text.find(function.name + "+0x0: "), std::string::npos) << text;
}

TEST_F(OneObjectCode, changed_constant_is_found)
{
    Symbol const& constant = find("kClassSizes", STT_OBJECT);
    ElfFile changed = *image_;
    changed.at(address_in_image(constant))[constant.size - 1] ^= std::byte{0x80};
    std::string const text = text_of(differences_of(changed));
    EXPECT_NE(text.find(constant.name), std::string::npos) << text;
}

TEST_F(OneObjectCode, changed_string_is_found)
{
    ElfFile changed = *image_;
    for (Section& section : changed.sections) {
        if ((section.flags & SHF_EXECINSTR) != 0 || (section.flags & SHF_ALLOC) == 0) continue;
        for (usize i = 0; i < section.bytes.size(); ++i) {
            if (section.bytes[i] == std::byte{'_'}) section.bytes[i] = std::byte{'-'};
        }
    }
    std::string const text = text_of(differences_of(changed));
    EXPECT_NE(text.find(": leads elsewhere than "), std::string::npos) << text;
}

TEST_F(OneObjectCode, call_of_another_function_is_found)
{
    auto const call = std::ranges::find_if(object_->relocations, [](Relocation const& relocation) {
        return relocation.type == R_X86_64_PLT32 &&
               object_->symbols[relocation.symbol].section == SHN_UNDEF;
    });
    ASSERT_NE(call, object_->relocations.end());
    ElfFile changed = *image_;
    u64 const section = *CoreInLink(*object_, changed).address_of(call->section);
    changed.at(section + call->offset)[0] ^= std::byte{0x10};
    EXPECT_EQ(differences_of(changed).size(), 1u) << text_of(differences_of(changed));
}

TEST_F(OneObjectCode, missing_core_is_an_error)
{
    ElfFile const none;
    EXPECT_THROW(CoreInLink(*object_, none), std::runtime_error);
    EXPECT_THROW(read_elf_file("/no/such.elf"), std::runtime_error);
    EXPECT_THROW(read_elf_file(DRYDOCK_SOURCE_DIR "/README.md"), std::runtime_error);
}

}  // namespace
}  // namespace drydock::links
