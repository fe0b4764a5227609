// QEMU, docs/specs/fw_cfg.txt: a selector and a data port; numbers are big-endian in the directory.

#include "guest/firmware_files.h"

#include "guest/instructions.h"

namespace drydock::guest {

namespace {

constexpr u16 kSelectorPort = 0x510, kDataPort = 0x511;
constexpr u16 kSignature = 0x0000, kDirectory = 0x0019;
constexpr usize kNameSize = 56;

struct DirectoryEntry {
    u8 size[4] = {};
    u8 selector[2] = {};
    u8 reserved[2] = {};
    char name[kNameSize] = {};
};
static_assert(sizeof(DirectoryEntry) == 64);

u32 big_endian(u8 const* bytes, usize count)
{
    u32 value = 0;
    for (usize i = 0; i < count; ++i) value = value << 8 | bytes[i];
    return value;
}

bool is_named(DirectoryEntry const& entry, StringView name)
{
    usize length = 0;
    while (length < kNameSize && entry.name[length] != '\0') ++length;
    return StringView{entry.name, length} == name;
}

}  // namespace

void FirmwareFiles::start()
{
    out16(kSelectorPort, kSignature);
    char signature[4] = {};
    in8_repeated(kDataPort, signature, sizeof(signature));
    is_there_ = StringView{signature, 4} == "QEMU";
}

FirmwareFiles::File FirmwareFiles::find(StringView name)
{
    if (!is_there_) return {};
    out16(kSelectorPort, kDirectory);
    u8 count_bytes[4] = {};
    in8_repeated(kDataPort, count_bytes, sizeof(count_bytes));
    u32 const count = big_endian(count_bytes, 4);
    for (u32 i = 0; i < count && i < 4096; ++i) {
        DirectoryEntry entry;
        in8_repeated(kDataPort, &entry, sizeof(entry));
        if (!is_named(entry, name)) continue;
        return {static_cast<u16>(big_endian(entry.selector, 2)), big_endian(entry.size, 4), true};
    }
    return {};
}

void FirmwareFiles::open(File const& file) { out16(kSelectorPort, file.selector); }

void FirmwareFiles::read(Bytes target) { in8_repeated(kDataPort, target.data(), target.size()); }

}  // namespace drydock::guest
