#include "core/mm/file_cache.h"

#include "core/mm/prefault.h"

namespace drydock {

struct FileCache::Leaf {
    u32 count = 0;
    u64 unwritten = 0;  // A bit for each slot.
    static_assert(kFanOut == 64);
    PhysAddr frames[kFanOut] = {};
    u64 generations[kFanOut] = {};
};

struct FileCache::Branch {
    u32 count = 0;
    void* children[kFanOut] = {};
};

namespace {

constexpr u32 slot_of(u64 index, u32 level, unsigned bits)
{
    return static_cast<u32>(index >> (bits * (level - 1))) & ((1u << bits) - 1);
}

}  // namespace

FileCache::FileCache(
    Heap& heap, FrameAllocator& frames, Platform& platform, u64 id, PageSource* source)
    : heap_(heap), frames_(frames), platform_(platform), id_(id), source_(source)
{}

FileCache::~FileCache()
{
    ASSERT(mappings_.is_empty());
    set_prefault_template(nullptr);
    truncate(0, 0);
    ASSERT(page_count_ == 0);
    ASSERT(root_ == nullptr);
}

void FileCache::set_prefault_template(PrefaultTemplate* replacement)
{
    if (template_ != nullptr) Heap::release(template_);
    template_ = replacement;
}

bool FileCache::covers(u64 index) const { return height_ > 0 && (index >> (kBits * height_)) == 0; }

FileCache::Leaf* FileCache::find_leaf(u64 index) const
{
    if (!covers(index)) return nullptr;
    void* node = root_;
    for (u32 level = height_; level > 1 && node != nullptr; --level) {
        node = static_cast<Branch*>(node)->children[slot_of(index, level, kBits)];
    }
    return static_cast<Leaf*>(node);
}

Result<PhysAddr> FileCache::find(u64 index) const
{
    Leaf const* const leaf = find_leaf(index);
    if (leaf == nullptr) return Errno::NoEnt;
    PhysAddr const frame = leaf->frames[slot_of(index, 1, kBits)];
    if (frame.value == 0) return Errno::NoEnt;
    return frame;
}

Result<FileCache::Page> FileCache::get(u64 index)
{
    Leaf* const leaf = find_leaf(index);
    if (leaf != nullptr) {
        u32 const slot = slot_of(index, 1, kBits);
        leaf->unwritten &= ~(u64{1} << slot);
        if (leaf->frames[slot].value != 0)
            return Page{leaf->frames[slot], false, leaf->generations[slot]};
    }
    return insert(index);
}

Result<void> FileCache::allocate(u64 index)
{
    if (find(index).is_ok()) return {};
    TRY(insert(index));
    find_leaf(index)->unwritten |= u64{1} << slot_of(index, 1, kBits);
    return {};
}

bool FileCache::is_written(u64 index) const
{
    Leaf const* const leaf = find_leaf(index);
    if (leaf == nullptr) return false;
    u32 const slot = slot_of(index, 1, kBits);
    return leaf->frames[slot].value != 0 && (leaf->unwritten >> slot & 1) == 0;
}

Result<u64> FileCache::next_written(u64 index) const
{
    while (true) {
        u64 const cached = TRY(next_cached(index));
        if (is_written(cached)) return cached;
        index = cached + 1;
    }
}

Result<FileCache::Page> FileCache::insert(u64 index)
{
    ASSERT(index < (u64{1} << 52));
    PhysAddr const frame = TRY(frames_.allocate(FrameUse::FileCache, 0, source_ == nullptr));
    if (source_ != nullptr) {
        Result<void> const loaded = source_->load_page(index, {frames_.data(frame), kPageSize});
        if (loaded.is_error()) {
            frames_.free(frame, 0);
            return loaded.error();
        }
    }
    // Nothing of the tree is touched before the page is complete: a source may look at the cache.
    Result<Leaf*> leaf = make_leaf(index);
    if (leaf.is_error()) {
        prune(index);
        frames_.free(frame, 0);
        return leaf.error();
    }
    u32 const slot = slot_of(index, 1, kBits);
    ASSERT(leaf.value()->frames[slot].value == 0);
    ++generation_;
    leaf.value()->frames[slot] = frame;
    leaf.value()->generations[slot] = generation_;
    ++leaf.value()->count;
    ++page_count_;
    platform_.record({EventKind::CacheInsert, 0, 0, id_, index, generation_});
    return Page{frame, true, generation_};
}

// Adds levels at the top until the tree reaches `index`.
Result<void> FileCache::grow_to(u64 index)
{
    while (!covers(index)) {
        ASSERT(height_ < kMaximumHeight);
        if (root_ == nullptr) {
            ++height_;
            continue;
        }
        Branch* const branch = TRY(heap_.create<Branch>()).take_pointer();
        branch->children[0] = root_;
        branch->count = 1;
        root_ = branch;
        ++height_;
    }
    return {};
}

Result<FileCache::Leaf*> FileCache::make_leaf(u64 index)
{
    TRY(grow_to(index));
    void** link = &root_;
    Branch* parent = nullptr;
    for (u32 level = height_; level > 1; --level) {
        if (*link == nullptr) {
            *link = TRY(heap_.create<Branch>()).take_pointer();
            if (parent != nullptr) ++parent->count;
        }
        parent = static_cast<Branch*>(*link);
        link = &parent->children[slot_of(index, level, kBits)];
    }
    if (*link == nullptr) {
        *link = TRY(heap_.create<Leaf>()).take_pointer();
        if (parent != nullptr) ++parent->count;
    }
    return static_cast<Leaf*>(*link);
}

Result<u64> FileCache::next_cached(u64 index) const
{
    while (covers(index)) {
        // Descends as far as there are nodes; steps over what is missing.
        void* node = root_;
        u32 level = height_;
        while (level > 1 && node != nullptr) {
            node = static_cast<Branch*>(node)->children[slot_of(index, level, kBits)];
            --level;
        }
        if (node != nullptr) {
            Leaf const* const leaf = static_cast<Leaf*>(node);
            for (u32 slot = slot_of(index, 1, kBits); slot < kFanOut; ++slot) {
                if (leaf->frames[slot].value != 0) return (index & ~u64{kFanOut - 1}) + slot;
            }
        }
        u64 const span = u64{1} << (kBits * level);
        index = (index & ~(span - 1)) + span;
    }
    return Errno::NoEnt;
}

void FileCache::remove(u64 index)
{
    Leaf* const leaf = find_leaf(index);
    ASSERT(leaf != nullptr);
    u32 const slot = slot_of(index, 1, kBits);
    PhysAddr const frame = leaf->frames[slot];
    ASSERT(frame.value != 0);
    leaf->frames[slot] = {};
    leaf->generations[slot] = 0;
    leaf->unwritten &= ~(u64{1} << slot);
    ASSERT(leaf->count > 0);
    --leaf->count;
    --page_count_;
    frames_.release(frame);
    if (leaf->count == 0) prune(index);
}

// Gives back the nodes on the way to `index` that hold nothing.
void FileCache::prune(u64 index)
{
    if (root_ == nullptr) {
        height_ = 0;
        return;
    }
    void** links[kMaximumHeight + 1] = {};
    u32 level = height_;
    void** link = &root_;
    while (level > 1 && *link != nullptr) {
        links[level] = link;
        link = &static_cast<Branch*>(*link)->children[slot_of(index, level, kBits)];
        --level;
    }
    if (*link != nullptr) {
        ASSERT(level == 1);
        if (static_cast<Leaf*>(*link)->count > 0) return;
        Heap::release(*link);
        *link = nullptr;
        if (height_ > 1) --static_cast<Branch*>(*links[2])->count;
    }
    for (++level; level <= height_; ++level) {
        Branch* const branch = static_cast<Branch*>(*links[level]);
        if (branch->count > 0) return;
        Heap::release(branch);
        *links[level] = nullptr;
        if (level < height_) --static_cast<Branch*>(*links[level + 1])->count;
    }
    if (root_ == nullptr) height_ = 0;
}

void FileCache::truncate(u64 first_index, usize tail_offset)
{
    ASSERT(tail_offset < kPageSize);
    ++generation_;
    // First nobody maps the pages, then they go.
    for (CacheMapping& mapping : mappings_) mapping.drop_pages(first_index, ~u64{0}, true);
    remove_all(first_index, ~u64{0});
    if (tail_offset == 0 || first_index == 0) return;
    Result<PhysAddr> last = find(first_index - 1);
    if (last.is_error()) return;
    memset(frames_.data(last.value()) + tail_offset, 0, kPageSize - tail_offset);
}

void FileCache::remove_all(u64 first, u64 end)
{
    for (;;) {
        Result<u64> cached = next_cached(first);
        if (cached.is_error() || cached.value() >= end) break;
        remove(cached.value());
    }
}

void FileCache::punch(u64 first, u64 end)
{
    if (first >= end) return;
    ++generation_;
    for (CacheMapping& mapping : mappings_) mapping.drop_pages(first, end, false);
    remove_all(first, end);
}

void FileCache::zero_part(u64 start, u64 end)
{
    if (start >= end) return;
    ASSERT(start / kPageSize == (end - 1) / kPageSize);
    Result<PhysAddr> page = find(start / kPageSize);
    if (page.is_error()) return;
    memset(frames_.data(page.value()) + start % kPageSize, 0, static_cast<usize>(end - start));
}

void FileCache::zero_tail(u64 size, u64 end)
{
    u64 const border = page_ceil(size);
    zero_part(size, end < border ? end : border);
}

bool FileCache::has_writable_mapping()
{
    for (CacheMapping& mapping : mappings_) {
        if (mapping.can_write_file()) return true;
    }
    return false;
}

}  // namespace drydock
