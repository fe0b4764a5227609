// What must hold for an address space at every quiet point.

#include "core/mm/address_space.h"
#include "core/mm/limits.h"

namespace drydock {

namespace {

char const* check_region(Region const& region)
{
    if (region.start >= region.end) return "an empty region";
    if (((region.start.value | region.end.value) & kPageMask) != 0)
        return "a region of part of a page";
    if (region.end.value > kUserEnd) return "a region beyond user space";
    if (region.is_shared && !region.cache) return "shared memory without a cache";
    if ((region.file_offset & kPageMask) != 0) return "a file offset within a page";
    return nullptr;
}

char const* check_entry(FrameAllocator const& frames,
                        Region const& region,
                        u64 entry,
                        UserAddr page)
{
    PhysAddr const frame = pte::frame_of(entry);
    if (!frames.owns(frame)) return "an entry to a frame outside of memory";
    if (frames.references(frame) == 0) return "an entry to a free frame";
    if ((entry & pte::kUser) == 0) return "an entry without the user bit";
    if (pte::is_present(entry) != region.is_accessible()) return "an entry wrongly present";
    if (((entry & pte::kNoExecute) == 0) != region.rights.execute) return "wrong right to execute";
    FrameUse const use = frames.use(frame);
    bool const is_writable = (entry & pte::kWritable) != 0;
    if (is_writable && !region.rights.write) return "an entry more writable than its region";
    if (use == FrameUse::Anonymous) {
        if (region.is_shared) return "a private page in shared memory";
        if (is_writable && frames.references(frame) != 1) return "a writable page of two owners";
        return nullptr;
    }
    if (use != FrameUse::FileCache) return "an entry to a frame of the kernel";
    if (!region.cache) return "a file's page in anonymous memory";
    if (is_writable && !region.is_shared) return "a file's page writable in private memory";
    Result<PhysAddr> cached = region.cache->find(region.offset_of(page) >> kPageShift);
    if (cached.is_ok() && cached.value() != frame) return "an entry to another page of the file";
    return nullptr;
}

}  // namespace

char const* AddressSpace::audit()
{
    UserAddr last{0};
    u64 bytes = 0;
    u64 locked = 0;
    u64 entries = 0;
    u32 position = 0;
    char const* wrong = nullptr;
    for (Region const& region : regions_) {
        if (position >= index_.count() || &index_.at(position) != &region) return "a wrong index";
        ++position;
        wrong = check_region(region);
        if (wrong != nullptr) return wrong;
        if (region.start < last) return "regions overlap or are unsorted";
        last = region.end;
        bytes += region.size();
        if (region.lock != Region::Lock::None) locked += region.size();
        table_.for_each_run(
            region.start, region.end, [&](u64 const* run, usize count, UserAddr at) {
                for (usize i = 0; i < count; ++i) {
                    if (run[i] == 0) continue;
                    ++entries;
                    char const* const here =
                        check_entry(frames_, region, run[i], at + i * kPageSize);
                    if (here != nullptr) wrong = here;
                }
            });
        if (wrong != nullptr) return wrong;
    }
    if (position != index_.count()) return "a wrong count of regions";
    if (bytes != mapped_bytes_) return "a wrong count of bytes";
    if (locked != locked_bytes_) return "a wrong count of locked bytes";
    u64 all_entries = 0;
    table_.for_each_run({0}, {kUserEnd}, [&](u64 const* run, usize count, UserAddr) {
        for (usize i = 0; i < count; ++i) all_entries += run[i] != 0 ? 1 : 0;
    });
    if (all_entries != entries) return "an entry outside of every region";
    if (entries != resident_pages_) return "a wrong count of resident pages";
    table_.for_each_table([&](PhysAddr table) {
        if (frames_.use(table) != FrameUse::PageTable) wrong = "a table in a frame of another use";
        if (frames_.references(table) != 1) wrong = "a table of two owners";
    });
    if (!table_.is_marked_right()) wrong = "an entry in a group that is not marked";
    if (!table_.remembers_right()) wrong = "a remembered table that is not there";
    return wrong;
}

void AddressSpace::for_each_frame(void (*visit)(PhysAddr frame, bool is_table, void* argument),
                                  void* argument)
{
    table_.for_each_table([&](PhysAddr table) { visit(table, true, argument); });
    table_.for_each_run({0}, {kUserEnd}, [&](u64 const* run, usize count, UserAddr) {
        for (usize i = 0; i < count; ++i) {
            if (run[i] != 0) visit(pte::frame_of(run[i]), false, argument);
        }
    });
}

}  // namespace drydock
