#pragma once

// The kernel half of every address space, built once: entries 256 (direct map), 257 (guarded
// stacks) and 511 (the image, device registers) of each root point to the same tables.

#include "core/base/address.h"
#include "core/base/integers.h"
#include "core/base/span.h"
#include "guest/memory_map.h"

namespace drydock::guest {

class Paging {
public:
    // Fills the tables for this memory and activates them: the identity mapping of the boot is gone
    // afterwards. From `spare` to `spare_end` is memory for tables, which this takes over; it must
    // have room for a page for each GiB of addresses.
    void start(MemoryMap const& memory, PhysAddr spare, PhysAddr spare_end);

    // Loads this root, with the kernel half put into it, unless it is loaded.
    void load_root(PhysAddr root)
    {
        if (root.value != loaded_root_) load_other_root(root);
    }
    // Leaves the user half: every translation of it is forgotten, and its tables may be freed.
    void load_kernel_root();
    // Copies what the loaded root maps at a user address; the bytes that are there, up to a page
    // that is not.
    usize read_user(u64 address, Bytes target) const;
    // A page of device registers, uncached. At most kDevicePages.
    void* map_device(u64 physical);

    // Maps four frames below `top`; false without memory for the tables.
    bool map_stack(u64 base, PhysAddr frames);
    void unmap_stack(u64 base);

private:
    static constexpr usize kEntries = 512;
    static constexpr usize kStackDirectories = 2;
    static constexpr usize kDevicePages = 4;

    struct alignas(kPageSize) Table {
        u64 entries[kEntries] = {};
    };

    void load_other_root(PhysAddr root);
    void map_direct(MemoryRange range);
    void map_image();
    u64 take_table();
    u64* stack_entry(u64 address, bool may_make);

    Table root_{};
    Table direct_pointers_{};
    Table stack_pointers_{};
    Table stack_directories_[kStackDirectories] = {};
    Table image_pointers_{};
    Table image_directory_{};
    Table image_table_{};
    Table machine_table_{};
    Table device_table_{};
    usize device_pages_ = 0;
    u64 loaded_root_ = 0;
    u64 spare_ = 0;
    u64 spare_end_ = 0;
};

}  // namespace drydock::guest
