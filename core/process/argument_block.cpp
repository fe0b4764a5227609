#include "core/process/argument_block.h"

namespace drydock {

namespace {

constexpr char kPlatformName[] = "x86_64";
constexpr usize kRandomSize = 16;
constexpr u64 kClockTicks = 100;

// getauxval(3), in the order in which Linux writes them.
enum class Auxiliary : u64 {
    Null = 0,
    Headers = 3,
    HeaderSize = 4,
    HeaderCount = 5,
    PageSize = 6,
    Base = 7,
    Flags = 8,
    Entry = 9,
    Uid = 11,
    Euid = 12,
    Gid = 13,
    Egid = 14,
    Platform = 15,
    Capabilities = 16,
    ClockTick = 17,
    Secure = 23,
    Random = 25,
    Capabilities2 = 26,
    FileName = 31,
    SystemInfo = 33,
};
constexpr usize kAuxiliaryWords = 2 * 20;

// Fills 64-bit words in order.
class WordWriter {
public:
    explicit WordWriter(Buffer& buffer)
        : words_(reinterpret_cast<u64*>(buffer.data())), room_(buffer.size() / sizeof(u64))
    {}
    void add(u64 word)
    {
        ASSERT(count_ < room_);
        words_[count_++] = word;
    }
    void add(Auxiliary key, u64 value)
    {
        add(static_cast<u64>(key));
        add(value);
    }
    usize size() const { return count_ * sizeof(u64); }

private:
    u64* words_;
    usize room_;
    usize count_ = 0;
};

// The addresses of `count` strings that start at `address`; returns where they end.
u64 add_pointers(WordWriter& writer, char const*& text, u64 address, u32 count)
{
    for (u32 i = 0; i < count; ++i) {
        writer.add(address);
        usize const size = StringView::from_c_string(text).size() + 1;
        text += size;
        address += size;
    }
    writer.add(u64{0});
    return address;
}

struct Places {
    u64 file_name = 0;
    u64 platform = 0;
    u64 random = 0;
};

void add_auxiliary(WordWriter& writer, AuxiliaryValues const& values, Places const& places)
{
    constexpr u64 kHeaderSize = 56;
    if (values.vdso != 0) writer.add(Auxiliary::SystemInfo, values.vdso);
    writer.add(Auxiliary::Capabilities, kHardwareCapabilities);
    writer.add(Auxiliary::PageSize, kPageSize);
    writer.add(Auxiliary::ClockTick, kClockTicks);
    writer.add(Auxiliary::Headers, values.headers_address);
    writer.add(Auxiliary::HeaderSize, kHeaderSize);
    writer.add(Auxiliary::HeaderCount, values.header_count);
    writer.add(Auxiliary::Base, values.interpreter_base);
    writer.add(Auxiliary::Flags, 0);
    writer.add(Auxiliary::Entry, values.entry);
    writer.add(Auxiliary::Uid, values.uid);
    writer.add(Auxiliary::Euid, values.euid);
    writer.add(Auxiliary::Gid, values.gid);
    writer.add(Auxiliary::Egid, values.egid);
    writer.add(Auxiliary::Secure, values.is_secure ? 1 : 0);
    writer.add(Auxiliary::Random, places.random);
    writer.add(Auxiliary::Capabilities2, 0);
    writer.add(Auxiliary::FileName, places.file_name);
    writer.add(Auxiliary::Platform, places.platform);
    writer.add(Auxiliary::Null, 0);
}

usize word_count(ExecStrings const& strings)
{
    // argc, two terminators, the vectors.
    return 3 + usize{strings.argument_count} + strings.environment_count + kAuxiliaryWords;
}

}  // namespace

u64 argument_block_size(ExecStrings const& strings, StringView file_name)
{
    u64 const text = strings.used + file_name.size() + 1 + sizeof(kPlatformName);
    return text + word_count(strings) * sizeof(u64) + kRandomSize + 64;
}

Result<ArgumentBlock> write_argument_block(System& system,
                                           AddressSpace& space,
                                           ExecStrings const& strings,
                                           StringView file_name,
                                           AuxiliaryValues const& values)
{
    ArgumentBlock block;
    Places places;
    Buffer words = TRY(Buffer::create(system.heap, word_count(strings) * sizeof(u64)));
    places.file_name = kUserEnd - sizeof(u64) - (file_name.size() + 1);
    block.strings_end = places.file_name;
    block.arguments_start = places.file_name - strings.used;
    places.platform = (block.arguments_start & ~u64{15}) - sizeof(kPlatformName);
    places.random = places.platform - kRandomSize;

    WordWriter writer(words);
    char const* text = reinterpret_cast<char const*>(strings.storage.data());
    writer.add(u64{strings.argument_count});
    block.environment_start =
        add_pointers(writer, text, block.arguments_start, strings.argument_count);
    add_pointers(writer, text, block.environment_start, strings.environment_count);
    add_auxiliary(writer, values, places);
    // The word behind the strings and the file name's zero are zeros of the fresh stack.
    block.stack_pointer = (places.random - writer.size()) & ~u64{15};

    std::byte random[kRandomSize] = {};
    system.platform.fill_entropy(random);
    auto const name =
        ConstBytes{reinterpret_cast<std::byte const*>(file_name.data()), file_name.size()};
    auto const platform =
        ConstBytes{reinterpret_cast<std::byte const*>(kPlatformName), sizeof(kPlatformName)};
    auto const all_strings = ConstBytes{strings.storage.data(), strings.used};
    bool is_complete = space.copy_out({places.file_name}, name) == name.size();
    is_complete &= space.copy_out({block.arguments_start}, all_strings) == all_strings.size();
    is_complete &= space.copy_out({places.platform}, platform) == platform.size();
    is_complete &= space.copy_out({places.random}, random) == kRandomSize;
    auto const table = ConstBytes{words.data(), writer.size()};
    is_complete &= space.copy_out({block.stack_pointer}, table) == table.size();
    // The region is there, so only memory can have been missing.
    if (!is_complete) return Errno::NoMem;
    return block;
}

}  // namespace drydock
