#include "guest/paging.h"

#include "core/base/assert.h"
#include "core/base/span.h"
#include "guest/instructions.h"
#include "guest/layout.h"
#include "guest/stacks.h"

extern "C" {
extern drydock::u8 drydock_guest_image_start[];
extern drydock::u8 drydock_guest_text_end[];
extern drydock::u8 drydock_guest_rodata_end[];
extern drydock::u8 drydock_guest_image_end[];
extern drydock::u8 drydock_guest_machine_start[];
extern drydock::u8 drydock_guest_machine_end[];
}

namespace drydock::guest {

namespace {

// Intel SDM vol. 3, tables 4-15 to 4-20.
constexpr u64 kPresent = 1, kWritable = 2, kWriteThrough = 8, kCacheDisable = 16;
constexpr u64 kAccessed = 0x20, kDirty = 0x40, kLarge = 0x80, kGlobal = 0x100;
constexpr u64 kNoExecute = u64{1} << 63;
constexpr u64 kFrameMask = 0x000f'ffff'ffff'f000;
constexpr u64 kTableBits = kPresent | kWritable | kAccessed;
constexpr u64 kDataBits = kPresent | kWritable | kAccessed | kDirty | kNoExecute;
constexpr u64 kLargePage = 2 * kMiB;

constexpr usize kDirectEntry = 256, kStacksEntry = 257, kImageEntry = 511;
constexpr usize kImagePointer = 510;
constexpr usize kStackPages = 4;

// Tables live in the image or in the direct map.
u64 physical(void const* table) { return reinterpret_cast<u64>(table) - kKernelBase; }
u64* table_at(u64 entry) { return reinterpret_cast<u64*>(kDirectMapBase + (entry & kFrameMask)); }

constexpr usize index_in(u64 address, unsigned level)
{
    return address >> (12 + 9 * (level - 1)) & 511;
}

}  // namespace

// A zeroed page for a table; 0 if none is left.
u64 Paging::take_table()
{
    if (spare_ == spare_end_) return 0;
    u64 const table = spare_;
    spare_ += kPageSize;
    memset(table_at(table), 0, kPageSize);
    return table;
}

// A large page at the edge of a range may reach beyond it, into what firmware keeps: that is memory
// of the same kind. Places where there is none are not mapped.
void Paging::map_direct(MemoryRange range)
{
    u64 address = range.first.value & ~(kLargePage - 1);
    // The first 2 MiB are the image's own.
    if (address < kKernelObjectAddress) address = kKernelObjectAddress;
    for (; address < range.end.value; address += kLargePage) {
        u64& directory = direct_pointers_.entries[index_in(address, 3)];
        if (directory == 0) {
            u64 const table = take_table();
            ASSERT(table != 0);
            directory = table | kTableBits;
        }
        table_at(directory)[index_in(address, 2)] = address | kDataBits | kLarge | kGlobal;
    }
}

void Paging::map_image()
{
    auto const address_of = [](u8 const* symbol) { return reinterpret_cast<u64>(symbol); };
    image_pointers_.entries[kImagePointer] = physical(&image_directory_) | kTableBits;
    image_directory_.entries[0] = physical(&image_table_) | kTableBits;
    image_directory_.entries[index_in(kDevicesBase, 2)] = physical(&device_table_) | kTableBits;
    for (u64 page = address_of(drydock_guest_image_start);
         page < address_of(drydock_guest_image_end);
         page += kPageSize) {
        u64 rights = kDataBits;
        if (page < address_of(drydock_guest_rodata_end)) rights = kPresent | kAccessed | kNoExecute;
        if (page < address_of(drydock_guest_text_end)) rights = kPresent | kAccessed;
        image_table_.entries[index_in(page, 1)] = (page - kKernelBase) | rights | kGlobal;
    }
    image_directory_.entries[1] = physical(&machine_table_) | kTableBits;
    for (u64 page = address_of(drydock_guest_machine_start);
         page < address_of(drydock_guest_machine_end);
         page += kPageSize) {
        machine_table_.entries[index_in(page, 1)] = (page - kKernelBase) | kDataBits | kGlobal;
    }
    u8 const* const stacks[] = {drydock_guest_platform_stack,
                                drydock_guest_report_stack,
                                drydock_guest_entry_stack,
                                drydock_guest_double_fault_stack,
                                drydock_guest_page_fault_stack,
                                drydock_guest_nmi_stack,
                                drydock_guest_machine_check_stack};
    for (u8 const* const stack : stacks) {
        image_table_.entries[index_in(address_of(stack) - kPageSize, 1)] = 0;
    }
}

void Paging::start(MemoryMap const& memory, PhysAddr spare, PhysAddr spare_end)
{
    spare_ = spare.value;
    spare_end_ = spare_end.value;
    for (usize i = 0; i < memory.count(); ++i) {
        ASSERT(memory[i].end.value <= kMaximumAddress);
        map_direct(memory[i]);
    }
    map_image();
    for (usize i = 0; i < kStackDirectories; ++i) {
        stack_pointers_.entries[i] = physical(&stack_directories_[i]) | kTableBits;
    }
    root_.entries[kDirectEntry] = physical(&direct_pointers_) | kTableBits;
    root_.entries[kStacksEntry] = physical(&stack_pointers_) | kTableBits;
    root_.entries[kImageEntry] = physical(&image_pointers_) | kTableBits;
    load_kernel_root();
}

void Paging::load_kernel_root()
{
    loaded_root_ = physical(&root_);
    write_cr3(loaded_root_);
}

void Paging::load_other_root(PhysAddr root)
{
    u64* const entries = table_at(root.value);
    usize const shared[] = {kDirectEntry, kStacksEntry, kImageEntry};
    for (usize const i : shared) entries[i] = root_.entries[i];
    loaded_root_ = root.value;
    write_cr3(root.value);
}

usize Paging::read_user(u64 address, Bytes target) const
{
    usize done = 0;
    while (done < target.size()) {
        u64 const from = address + done;
        if (index_in(from, 4) >= kDirectEntry) break;
        u64 entry = loaded_root_;
        u64 page_size = kPageSize;
        for (unsigned level = 4; level > 0; --level) {
            entry = table_at(entry)[index_in(from, level)];
            if ((entry & kPresent) == 0) return done;
            if (level != 2 || (entry & kLarge) == 0) continue;
            page_size = kLargePage;
            break;
        }
        u64 const offset = from % page_size;
        u64 const rest = page_size - offset;
        usize const part = rest < target.size() - done ? rest : target.size() - done;
        u64 const base = entry & kFrameMask & ~(page_size - 1);
        memcpy(target.data() + done, reinterpret_cast<void*>(kDirectMapBase + base + offset), part);
        done += part;
    }
    return done;
}

void* Paging::map_device(u64 physical_address)
{
    ASSERT(device_pages_ < kDevicePages);
    ASSERT(physical_address % kPageSize == 0);
    u64 const page = kDevicesBase + device_pages_ * kPageSize;
    device_table_.entries[device_pages_] =
        physical_address | kDataBits | kWriteThrough | kCacheDisable | kGlobal;
    ++device_pages_;
    return reinterpret_cast<void*>(page);
}

// The last-level entry for an address of the stacks' region; null if there is no table.
u64* Paging::stack_entry(u64 address, bool may_make)
{
    usize const pointer = index_in(address, 3);
    if (pointer >= kStackDirectories) return nullptr;
    u64& directory_entry = stack_directories_[pointer].entries[index_in(address, 2)];
    if (directory_entry == 0) {
        u64 const table = may_make ? take_table() : 0;
        if (table == 0) return nullptr;
        directory_entry = table | kTableBits;
    }
    return table_at(directory_entry) + index_in(address, 1);
}

bool Paging::map_stack(u64 base, PhysAddr frames)
{
    u64* entries[kStackPages] = {};
    for (usize i = 0; i < kStackPages; ++i) {
        entries[i] = stack_entry(base + i * kPageSize, true);
        if (entries[i] == nullptr) return false;
    }
    for (usize i = 0; i < kStackPages; ++i) {
        ASSERT(*entries[i] == 0);
        *entries[i] = (frames.value + i * kPageSize) | kDataBits;
    }
    return true;
}

void Paging::unmap_stack(u64 base)
{
    for (usize i = 0; i < kStackPages; ++i) {
        u64* const entry = stack_entry(base + i * kPageSize, false);
        ASSERT(entry != nullptr);
        *entry = 0;
        invalidate_page(base + i * kPageSize);
    }
}

}  // namespace drydock::guest
