#include "core/mm/address_space.h"

namespace drydock {

namespace {

constexpr unsigned kShareShift = 12;

}  // namespace

void MemoryUse::add(MemoryUse const& other)
{
    resident += other.resident;
    shared_clean += other.shared_clean;
    shared_dirty += other.shared_dirty;
    private_clean += other.private_clean;
    private_dirty += other.private_dirty;
    referenced += other.referenced;
    anonymous += other.anonymous;
    share += other.share;
    dirty_share += other.dirty_share;
    anonymous_share += other.anonymous_share;
    memory_file_share += other.memory_file_share;
    locked_share += other.locked_share;
}

MemoryUse AddressSpace::memory_use(Region const& region)
{
    MemoryUse use{};
    // Shared memory without a name is a file of its own (mm/shmem.c).
    bool const is_memory_file = region.kind == Region::Kind::Anonymous && region.cache;
    auto const count_page = [&](u64 entry) {
        PhysAddr const frame = pte::frame_of(entry);
        bool const is_cached = frames_.use(frame) == FrameUse::FileCache;
        // The cache has one reference, each entry that maps the frame another.
        u64 const references = frames_.references(frame) - (is_cached ? 1 : 0);
        u64 const mappers = references > 0 ? references : 1;
        // Nothing else keeps what a private page has.
        bool const is_dirty = !is_cached || (entry & pte::kDirty) != 0;
        u64 const share = (kPageSize << kShareShift) / mappers;
        ++use.resident;
        use.share += share;
        if (is_dirty) use.dirty_share += share;
        if (!is_cached) {
            ++use.anonymous;
            use.anonymous_share += share;
        } else if (is_memory_file) {
            use.memory_file_share += share;
        }
        if ((entry & pte::kAccessed) != 0) ++use.referenced;
        bool const is_shared = mappers > 1;
        u64& kind = is_shared ? (is_dirty ? use.shared_dirty : use.shared_clean)
                              : (is_dirty ? use.private_dirty : use.private_clean);
        ++kind;
    };
    table_.for_each_run(region.start, region.end, [&](u64 const* entry, usize count, UserAddr) {
        for (usize i = 0; i < count; ++i) {
            if (entry[i] != 0) count_page(entry[i]);
        }
    });
    if (region.lock != Region::Lock::None) use.locked_share = use.share;
    return use;
}

}  // namespace drydock
