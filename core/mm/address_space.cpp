#include "core/mm/address_space.h"

namespace drydock {

AddressSpace::AddressSpace(Heap& heap, FrameAllocator& frames, Platform& platform, PhysAddr root)
    : heap_(heap)
    , frames_(frames)
    , platform_(platform)
    , root_(root)
    , table_(frames, root)
    , index_(heap)
{}

Result<Ref<AddressSpace>> AddressSpace::create(Heap& heap,
                                               FrameAllocator& frames,
                                               Platform& platform)
{
    PhysAddr const root = TRY(frames.allocate(FrameUse::PageTable, 0, true));
    Result<Ref<AddressSpace>> space = heap.create_ref<AddressSpace>(heap, frames, platform, root);
    if (space.is_error()) frames.free(root, 0);
    return space;
}

AddressSpace::~AddressSpace()
{
    // Pages outlive the regions: each entry owns its frame.
    erase_regions(0, index_.count());
    FlushBatch batch(frames_, platform_, cpu_mask());
    u64 const held = table_.destroy(batch);
    if (held > 0) record(EventKind::TableEntries, held);
}

void AddressSpace::set_limits(u64 stack_bytes, u64 total_bytes, u64 data_bytes)
{
    stack_limit_ = stack_bytes;
    total_limit_ = total_bytes;
    data_limit_ = data_bytes;
    // As on Linux the place of mappings follows the stack limit that held at exec.
    if (index_.count() == 0) placement_stack_ = stack_bytes;
    forget_gaps();
}

AddressSpace::Usage AddressSpace::usage()
{
    Usage usage{};
    usage.virtual_bytes = mapped_bytes_;
    for (Region const& region : regions_) {
        table_.for_each_run(region.start, region.end, [&](u64 const* entry, usize count, UserAddr) {
            for (usize i = 0; i < count; ++i) {
                if (entry[i] == 0) continue;
                ++usage.resident_pages;
                if (frames_.use(pte::frame_of(entry[i])) == FrameUse::FileCache)
                    ++usage.shared_pages;
            }
        });
        if (region.kind == Region::Kind::Stack) {
            usage.stack_bytes += region.size();
        } else if (region.rights.write && !region.is_shared) {
            usage.data_bytes += region.size();
        } else if (region.rights.execute && region.cache) {
            usage.text_bytes += region.size();
        }
    }
    return usage;
}

bool AddressSpace::is_resident(UserAddr page)
{
    Region const* const region = find_region(page);
    if (region == nullptr) return false;
    u64 const* const entry = table_.find_entry(page.page());
    if (entry != nullptr && *entry != 0) return true;
    if (!region->cache) return false;
    return region->cache->find(region->offset_of(page.page()) >> kPageShift).is_ok();
}

}  // namespace drydock
