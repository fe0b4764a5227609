// Multiboot2 Specification 2.0, 3.6: a size, then tags, each 8-aligned:
//
//   0 type   4 size   8 ...       of one byte of the type's own to many

#include "guest/boot_info.h"

namespace drydock::guest {

namespace {

enum class TagType : u32 {
    End = 0,
    CommandLine = 1,
    Module = 3,
    MemoryMap = 6,
    OldAcpi = 14,
    NewAcpi = 15,
};

struct Tag {
    u32 type = 0;
    u32 size = 0;
};

struct ModuleTag {
    Tag tag{};
    u32 first = 0;
    u32 end = 0;
};

struct MemoryMapTag {
    Tag tag{};
    u32 entry_size = 0;
    u32 entry_version = 0;
};

constexpr u32 kMaximumSize = 1024 * 1024;
constexpr StringView kDamaged = "the multiboot information is damaged";

template <typename T>
T const& at(u64 address)
{
    return *reinterpret_cast<T const*>(address);
}

StringView take_module(u64 address, Tag const& tag, BootInfo& info)
{
    if (tag.size < sizeof(ModuleTag)) return kDamaged;
    ModuleTag const module = at<ModuleTag>(address);
    if (module.end < module.first) return kDamaged;
    // The first is the initramfs.
    if (info.initramfs != 0) return {};
    return info.take_initramfs(module.first, module.end - module.first);
}

StringView take_map(u64 address, Tag const& tag, BootInfo& info)
{
    if (tag.size < sizeof(MemoryMapTag)) return kDamaged;
    usize const stride = at<MemoryMapTag>(address).entry_size;
    if (stride < sizeof(MemoryMapEntry) || stride % 8 != 0) return kDamaged;
    usize const count = (tag.size - sizeof(MemoryMapTag)) / stride;
    take_memory_map(address + sizeof(MemoryMapTag), count, stride, info.memory);
    return {};
}

StringView take_tag(u64 address, Tag const& tag, BootInfo& info)
{
    u64 const content = address + sizeof(Tag);
    u64 const size = tag.size - sizeof(Tag);
    switch (static_cast<TagType>(tag.type)) {
    case TagType::CommandLine: return info.take_command_line(content, size);
    case TagType::Module: return take_module(address, tag, info);
    case TagType::MemoryMap: return take_map(address, tag, info);
    case TagType::OldAcpi:
        if (info.acpi == 0) info.acpi = content;
        return {};
    case TagType::NewAcpi: info.acpi = content; return {};
    case TagType::End: return {};
    }
    return {};  // Of no interest here.
}

}  // namespace

StringView read_multiboot_info(u64 address, BootInfo& info)
{
    if (address % 8 != 0 || !is_reachable(address, sizeof(Tag))) {
        return "the multiboot information is out of reach";
    }
    u32 const total = at<u32>(address);
    if (total < 2 * sizeof(Tag) || total > kMaximumSize || !is_reachable(address, total))
        return kDamaged;
    u64 const end = address + total;
    u64 here = address + 8;
    for (;;) {
        if (end - here < sizeof(Tag)) return kDamaged;
        Tag const tag = at<Tag>(here);
        if (tag.size < sizeof(Tag) || tag.size > end - here) return kDamaged;
        if (tag.type == static_cast<u32>(TagType::End)) break;
        StringView const error = take_tag(here, tag, info);
        if (!error.is_empty()) return error;
        u64 const next = here + ((u64{tag.size} + 7) & ~u64{7});
        if (next > end) return kDamaged;
        here = next;
    }
    return info.memory.count() == 0 ? StringView{"there is no memory map"} : StringView{};
}

}  // namespace drydock::guest
