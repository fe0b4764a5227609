#include "core/mm/prefault.h"

namespace drydock {

namespace {

bool is_prefaulted(Region const& region, FileCache const& cache)
{
    return region.was_mapped_by_exec && region.cache.get() == &cache && !region.is_shared &&
           region.is_accessible();
}

PrefaultKey key_of(Region const& region)
{
    return {region.start.value,
            region.end.value,
            region.file_offset,
            region.file_bytes_end,
            region.rights};
}

// The file's pages in the region that exec may map: from the first to one past the last. The page
// in which file_bytes_end lies differs from the cached one, and none lies behind the end of the
// file.
struct PageSpan {
    u64 first = 0;
    u64 end = 0;
};

PageSpan pages_of(Region const& region)
{
    u64 end = region.file_offset + region.size();
    if (page_floor(region.file_bytes_end) < end) end = page_floor(region.file_bytes_end);
    u64 const size = region.cache->size_bytes();
    if (size <= ~u64{0} - kPageSize && page_ceil(size) < end) end = page_ceil(size);
    return {region.file_offset >> kPageShift, end >> kPageShift};
}

// Calls visit(page address, frame) for each cached page that exec may map.
template <typename Visit>
void for_each_cached(Region const& region, FileCache const& cache, Visit visit)
{
    PageSpan const span = pages_of(region);
    u64 index = span.first;
    while (index < span.end) {
        Result<u64> cached = cache.next_cached(index);
        if (cached.is_error() || cached.value() >= span.end) return;
        index = cached.value();
        Result<PhysAddr> frame = cache.find(index);
        visit(region.start + ((index - span.first) << kPageShift), frame.value());
        ++index;
    }
}

// True if `next` belongs into the run that ends before it.
bool continues(PrefaultRun const& run, UserAddr next)
{
    UserAddr const end = run.start + u64{run.count} * kPageSize;
    return end == next && (next.value & (kLeafSpan - 1)) != 0;
}

}  // namespace

Result<void> AddressSpace::prefault_exec_regions()
{
    u32 const count = index_.count();
    for (u32 i = 0; i < count; ++i) {
        Region& region = index_.at(i);
        if (!region.was_mapped_by_exec || !region.cache) continue;
        if (!is_prefaulted(region, *region.cache)) continue;
        bool is_first = true;
        for (u32 k = 0; k < i; ++k) {
            if (is_prefaulted(index_.at(k), *region.cache)) is_first = false;
        }
        if (is_first) TRY(prefault_file(*region.cache));
    }
    return {};
}

// Everything of one file: its regions' keys, then the template if it fits, else the cache itself.
Result<void> AddressSpace::prefault_file(FileCache& cache)
{
    // Read first: what is inserted from here on counts as newer.
    u64 const generation = cache.generation();
    PrefaultKey keys[PrefaultTemplate::kMaximumKeys];
    usize key_count = 0;
    bool fits = true;
    for (Region& region : regions_) {
        if (!is_prefaulted(region, cache)) continue;
        region.exec_generation = generation;
        if (key_count < PrefaultTemplate::kMaximumKeys) {
            keys[key_count] = key_of(region);
            ++key_count;
        } else {
            fits = false;
        }
    }
    Span<PrefaultKey const> const layout{keys, key_count};
    PrefaultTemplate* const saved = cache.prefault_template();
    if (saved == nullptr) {
        record(EventKind::TemplateMiss, cache.id(), generation);
    } else if (saved->generation != generation) {
        record(EventKind::TemplateStale, cache.id(), saved->generation, generation);
    } else if (fits && saved->is_for(layout)) {
        return replay_template(*saved, cache);
    } else {
        record(EventKind::TemplateMiss, cache.id(), generation);
    }
    TRY(prefault_from_cache(cache));
    if (fits) save_template(cache, layout, generation);
    return {};
}

Result<void> AddressSpace::replay_template(PrefaultTemplate& saved, FileCache& cache)
{
    u64 const* const entries = saved.entries();
    for (u32 i = 0; i < saved.run_count; ++i) {
        PrefaultRun const run = saved.runs()[i];
        u64* const target = TRY(table_.make_entries(run.start, run.count));
        u64 mapped = 0;
        for (u32 k = 0; k < run.count; ++k) {
            // Exec itself may have written to a page before.
            if (target[k] != 0) continue;
            u64 const entry = entries[run.first + k];
            frames_.share(pte::frame_of(entry));
            target[k] = entry;
            ++mapped;
        }
        add_resident(mapped);
    }
    record(EventKind::TemplateHit, cache.id(), saved.entry_count, saved.generation);
    return {};
}

Result<void> AddressSpace::prefault_from_cache(FileCache& cache)
{
    u64 mapped = 0;
    Result<void> outcome{};
    for (Region const& region : regions_) {
        if (!is_prefaulted(region, cache)) continue;
        for_each_cached(region, cache, [&](UserAddr page, PhysAddr frame) {
            if (outcome.is_error()) return;
            Result<u64*> entry = table_.make_entry(page);
            if (entry.is_error()) {
                outcome = entry.error();
                return;
            }
            if (*entry.value() != 0) return;
            frames_.share(frame);
            *entry.value() = entry_for(region, frame, false);
            ++mapped;
        });
    }
    add_resident(mapped);
    record(EventKind::Prefault, cache.id(), mapped);
    return outcome;
}

// Saves what a later exec of the same layout will replay. Without memory there is just no template.
void AddressSpace::save_template(FileCache& cache, Span<PrefaultKey const> layout, u64 generation)
{
    cache.set_prefault_template(nullptr);
    PrefaultRun run{};
    u32 run_count = 0;
    u32 entry_count = 0;
    for (Region const& region : regions_) {
        if (!is_prefaulted(region, cache)) continue;
        for_each_cached(region, cache, [&](UserAddr page, PhysAddr) {
            if (run_count == 0 || !continues(run, page)) {
                run = {page, entry_count, 0};
                ++run_count;
            }
            ++run.count;
            ++entry_count;
        });
    }
    usize const size =
        sizeof(PrefaultTemplate) + run_count * sizeof(PrefaultRun) + entry_count * sizeof(u64);
    Result<void*> memory = heap_.allocate(size);
    if (memory.is_error()) return;
    auto* const saved = new (memory.value()) PrefaultTemplate;
    saved->generation = generation;
    saved->run_count = run_count;
    saved->entry_count = entry_count;
    saved->key_count = static_cast<u32>(layout.size());
    for (usize i = 0; i < layout.size(); ++i) saved->keys[i] = layout[i];
    PrefaultRun* next_run = saved->runs();
    u64* next_entry = saved->entries();
    u32 saved_entries = 0;
    for (Region const& region : regions_) {
        if (!is_prefaulted(region, cache)) continue;
        for_each_cached(region, cache, [&](UserAddr page, PhysAddr frame) {
            if (next_run == saved->runs() || !continues(next_run[-1], page)) {
                *next_run = {page, saved_entries, 0};
                ++next_run;
            }
            ++next_run[-1].count;
            *next_entry = entry_for(region, frame, false);
            ++next_entry;
            ++saved_entries;
        });
    }
    ASSERT(next_run == saved->runs() + run_count);
    ASSERT(saved_entries == entry_count);
    cache.set_prefault_template(saved);
    record(EventKind::TemplateBuilt, cache.id(), entry_count, generation);
}

}  // namespace drydock
