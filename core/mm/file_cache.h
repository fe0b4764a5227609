#pragma once

// The page cache of one file: (page index) -> frame, for the life of the file. The cached bytes are
// the file's bytes; what lies behind the end of the file in its last page is zero.
//
// Every insert, eviction, truncation and replacement advances the file's generation. A prefault
// template built at generation g describes the cache exactly as long as the generation is g.

#include "core/base/heap.h"
#include "core/mm/frame_allocator.h"

namespace drydock {

// What fills the cache where a page was never written: the initramfs, a generated file.
class PageSource {
public:
    // Fills all 4096 bytes of page `index` (zeros where the source has none).
    virtual Result<void> load_page(u64 index, Bytes page) = 0;

protected:
    ~PageSource() = default;
};

class PrefaultTemplate;

// A place where pages of a file are mapped: it lets go of them when the file loses them.
class CacheMapping {
public:
    CacheMapping() = default;
    CacheMapping(CacheMapping const&) = delete;
    CacheMapping& operator=(CacheMapping const&) = delete;
    // Unmaps the pages [first, end) of the file, private copies of them too if asked (Linux
    // unmap_mapping_range()).
    virtual void drop_pages(u64 first, u64 end, bool with_copies) = 0;
    // Writes through it reach the file, or may come to.
    virtual bool can_write_file() const = 0;

    ListHook cache_hook{};

protected:
    ~CacheMapping() = default;
};

class FileCache final : public RefCounted {
public:
    // `id` names the file in events: unique for the life of the kernel. `source` may be null (holes
    // read as zeros) and outlives the cache.
    FileCache(Heap& heap, FrameAllocator& frames, Platform& platform, u64 id, PageSource* source);
    ~FileCache() override;

    u64 id() const { return id_; }
    u64 generation() const { return generation_; }
    u64 page_count() const { return page_count_; }

    // The size of the file: pages wholly behind it raise SIGBUS where they are mapped (mmap(2)).
    // The file system keeps it up to date; without that every page exists.
    void set_size_bytes(u64 size) { size_bytes_ = size; }
    u64 size_bytes() const { return size_bytes_; }

    // The frame of a page that is cached; no reference is added. Errno::NoEnt if it is not.
    Result<PhysAddr> find(u64 index) const;
    struct Page {
        PhysAddr frame{};
        bool was_inserted = false;
        u64 generation = 0;  // Of the file, when the page was inserted.
    };
    // The page's frame, brought in if it was not there. Errno::NoMem, Errno::Io.
    Result<Page> get(u64 index);
    // Brings in a page that counts as unwritten until get() is asked for it (fallocate(2)).
    // Errno::NoMem, Errno::Io.
    Result<void> allocate(u64 index);
    // It is cached, and somebody has asked for it.
    bool is_written(u64 index) const;
    // The first cached index at or after `index`, or Errno::NoEnt.
    Result<u64> next_cached(u64 index) const;
    Result<u64> next_written(u64 index) const;

    // Mappings are told of truncation. One that was added is removed before it goes.
    void add_mapping(CacheMapping& mapping) { mappings_.push_back(mapping); }
    void remove_mapping(CacheMapping& mapping) { mappings_.remove(mapping); }
    bool has_writable_mapping();

    // Drops pages from `first_index` on, everywhere, and zeroes the rest of the page before it from
    // `tail_offset`. A tail offset of 0 means that the file ends at a page border: nothing is
    // zeroed.
    void truncate(u64 first_index, usize tail_offset);

    // Drops the pages [first, end); private copies stay (fallocate(2), FALLOC_FL_PUNCH_HOLE).
    void punch(u64 first, u64 end);
    // Zeroes bytes [start, end) of one page, if it is cached.
    void zero_part(u64 start, u64 end);

    // The file grows beyond the page of byte `size`: zeroes what a shared mapping may have written
    // behind the end, up to `end` at most.
    void zero_tail(u64 size, u64 end);

    // What exec replays for this file; owned here because it lives as long as the file. The one
    // before is destroyed.
    PrefaultTemplate* prefault_template() const { return template_; }
    void set_prefault_template(PrefaultTemplate* replacement);

    Heap& heap() { return heap_; }
    FrameAllocator& frames() { return frames_; }

private:
    // A radix tree of 64-way nodes on the heap: 6 bits of the index per level, leaves at level 1.
    struct Leaf;
    struct Branch;
    static constexpr unsigned kBits = 6;
    static constexpr u32 kFanOut = 1u << kBits;
    static constexpr u32 kMaximumHeight = 9;  // 54 bits: every offset of 64 bits.

    bool covers(u64 index) const;
    Leaf* find_leaf(u64 index) const;
    Result<void> grow_to(u64 index);
    Result<Leaf*> make_leaf(u64 index);
    Result<Page> insert(u64 index);
    void remove(u64 index);
    void remove_all(u64 first, u64 end);
    void prune(u64 index);

    Heap& heap_;
    FrameAllocator& frames_;
    Platform& platform_;
    u64 const id_;
    PageSource* const source_;
    u64 generation_ = 0;
    u64 page_count_ = 0;
    u64 size_bytes_ = ~u64{0};
    void* root_ = nullptr;
    u32 height_ = 0;
    PrefaultTemplate* template_ = nullptr;
    List<CacheMapping, &CacheMapping::cache_hook> mappings_;
};

}  // namespace drydock
