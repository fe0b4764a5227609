#pragma once

// What a process sees as memory: regions, and the page tables that follow them. Regions are sorted
// and disjoint; no table entry lies outside a region; an entry never grants more than its region.

#include "core/base/heap.h"
#include "core/mm/file_cache.h"
#include "core/mm/frame_allocator.h"
#include "core/mm/memory_use.h"
#include "core/mm/page_table.h"
#include "core/platform/platform.h"

namespace drydock {

// Rights of a region, as PROT_* in mmap(2).
struct Rights {
    bool read = false;
    bool write = false;
    bool execute = false;
    constexpr bool operator==(Rights const&) const = default;
};

class AddressSpace;

struct Region final : CacheMapping {
    enum class Kind : u8 { Anonymous, File, Stack, Heap, Vvar, Vdso };
    // mlock2(2). Nothing is ever paged out: locking brings pages in, at once or not, and counts.
    enum class Lock : u8 { None, Now, OnFault };

    UserAddr start{};
    UserAddr end{};
    Rights rights{};
    Kind kind = Kind::Anonymous;
    bool is_shared = false;
    bool was_mapped_by_exec = false;  // Program or interpreter, for the avoidable-fault oracle.
    bool grows_down = false;
    Ref<FileCache> cache{};  // File: where its pages are. Shared anonymous memory has one too.
    u64 file_offset = 0;     // Of `start`, a multiple of the page size.
    u64 file_bytes_end = ~u64{0};   // Offset in the file behind which a private page reads zeros.
    Ref<RefCounted> holder{};       // Keeps the open file alive (and names it in /proc/PID/maps).
    bool may_write = true;          // A shared mapping of a file not open for writing never may.
    bool may_execute = true;        // Nor a file of a mount without execution (MS_NOEXEC).
    bool skips_fork = false;        // madvise(2), MADV_DONTFORK: a child has nothing there.
    bool is_wiped_on_fork = false;  // MADV_WIPEONFORK: zeros.
    // Private memory that is or was writable counts as committed, and is no part of a region that
    // does not (Linux VM_ACCOUNT): what a loader makes read-only stays apart from constants.
    bool is_accounted = false;
    Lock lock = Lock::None;
    // The file's generation when exec prefaulted the region, for the avoidable-fault oracle: a page
    // inserted up to then has no reason to fault. 0: nothing is known.
    u64 exec_generation = 0;
    ListHook hook{};
    AddressSpace* space = nullptr;  // Once it is part of one.

    void drop_pages(u64 first_page, u64 end_page, bool with_copies) override;
    bool can_write_file() const override { return is_shared && may_write; }
    u64 size() const { return end.value - start.value; }
    // x86: whatever right there is includes reading.
    bool is_accessible() const { return rights.read || rights.write || rights.execute; }
    // Offset in the file of a page of the region.
    u64 offset_of(UserAddr page) const { return file_offset + (page.value - start.value); }
};

// Sorted by address; found by binary search, with the last hit first.
class RegionIndex {
public:
    explicit RegionIndex(Heap& heap) : heap_(heap) {}
    RegionIndex(RegionIndex const&) = delete;
    RegionIndex& operator=(RegionIndex const&) = delete;
    ~RegionIndex();

    u32 count() const { return count_; }
    Region& at(u32 position) const
    {
        ASSERT(position < count_);
        return *array_[position];
    }
    // The first region that ends above the address; count() if there is none.
    u32 first_ending_above(UserAddr address) const;
    // Room for `more` regions: as many insertions cannot fail. Errno::NoMem.
    Result<void> reserve(u32 more);
    void insert(u32 position, Region& region);
    void erase(u32 position, u32 number);

private:
    Heap& heap_;
    Region** array_ = nullptr;
    u32 count_ = 0;
    u32 capacity_ = 0;
    mutable u32 last_hit_ = 0;
};

struct MapRequest {
    UserAddr address{};  // A hint, or the place if `fixed`.
    u64 length = 0;      // Bytes, not 0; rounded up to pages.
    Rights rights{};
    bool fixed = false;
    bool no_replace = false;  // MAP_FIXED_NOREPLACE: Errno::Exist if something is there.
    bool is_low = false;      // MAP_32BIT: in the second GiB, unless fixed.
    bool shared = false;
    Region::Kind kind = Region::Kind::Anonymous;
    Ref<FileCache> cache{};
    u64 file_offset = 0;
    u64 file_bytes_end = ~u64{0};
    Ref<RefCounted> holder{};
    bool by_exec = false;
    bool grows_down = false;
    bool may_write = true;  // See Region.
    bool may_execute = true;
    Region::Lock lock = Region::Lock::None;
};

// See space_tags.h. Not yet given: round 0.
struct SpaceTag {
    u64 value = 0;
    u64 round = 0;
};

// Who asks and what for: decides rights and the exact signal.
enum class Access : u8 { Read, Write, Execute };

enum class FaultResult : u8 { Handled, SegvMaperr, SegvAccerr, BusAdrerr, OutOfMemory };

struct PrefaultKey;

class AddressSpace final : public RefCounted {
public:
    // Empty, with a fresh page-table root. Errno::NoMem.
    static Result<Ref<AddressSpace>> create(Heap& heap, FrameAllocator& frames, Platform& platform);
    ~AddressSpace() override;

    PhysAddr root() const { return root_; }
    SpaceTag& tag() { return tag_; }

    // --- regions ---------------------------------------------------------------------------------
    // The place chosen. Errno::NoMem, Inval, Exist. Replaces what a fixed request covers.
    Result<UserAddr> map(MapRequest const& request);
    // Whether there is a place for the length and address: what map() says first. Errno::Inval,
    // NoMem, Exist.
    Result<void> check_place(MapRequest const& request);
    // Errno::Inval for a bad range. Holes in it are fine.
    Result<void> unmap(UserAddr start, u64 length);
    // Errno::NoMem if the range has a hole, Acces.
    Result<void> protect(UserAddr start, u64 length, Rights rights);
    // brk(2): the new break, or the old one if it cannot be. `request` 0 asks.
    UserAddr set_break(UserAddr request);
    void set_heap_start(UserAddr start);
    // mremap(2) without MREMAP_FIXED: grow, shrink or move. Errno as mremap(2).
    Result<UserAddr> remap(UserAddr old_start, u64 old_length, u64 new_length, bool may_move);
    // The same with MREMAP_FIXED: always to `target`, replacing what is there.
    Result<UserAddr> remap_to(UserAddr old_start, u64 old_length, u64 new_length, UserAddr target);
    // MREMAP_DONTUNMAP: the pages go to `target`, or near it unless it is fixed; the old range
    // stays, as if it had never been touched.
    Result<UserAddr> remap_and_keep(UserAddr old_start, u64 length, UserAddr target, bool is_fixed);
    // madvise(MADV_DONTNEED): private pages go back to what a first touch finds. Errno::Inval for
    // locked ones, unless `even_locked` (MADV_DONTNEED_LOCKED).
    Result<void> discard(UserAddr start, u64 length, bool even_locked = false);
    // What fork makes of a range; what lies in holes is left out. Errno::NoMem where there are
    // holes, Inval for what cannot be wiped: shared memory and files.
    enum class ForkRule : u8 { Skip, Copy, Wipe, Keep };
    Result<void> set_fork_rule(UserAddr start, u64 length, ForkRule rule);
    Region* find_region(UserAddr address);
    // True if [start, start + length) has no hole.
    bool is_covered(UserAddr start, u64 length) const;
    // mincore(2): the page is in memory, mapped or not.
    bool is_resident(UserAddr page);
    // MAP_POPULATE: faults in what can be had, quietly; not where pages are locked on their fault.
    void populate(UserAddr start, u64 length);

    // --- locked memory (lock.cpp; mlock(2)) ------------------------------------------------------
    // Sets the lock of whole pages, None to unlock. As on Linux what comes before a hole has
    // changed when that ends it. Errno::NoMem, Inval if the range wraps.
    Result<void> set_lock(UserAddr start, u64 length, Region::Lock lock);
    // Of all regions there are, as far as possible.
    void set_all_locks(Region::Lock lock);
    // Of those that come (MCL_FUTURE).
    void set_future_lock(Region::Lock lock) { future_lock_ = lock; }
    Region::Lock future_lock() const { return future_lock_; }
    // Brings locked pages in. Errno::NoMem if there is one that cannot be, Again without memory.
    Result<void> bring_in(UserAddr start, u64 length);
    bool has_locked(UserAddr start, UserAddr end) const { return locked_in(start, end) > 0; }
    u64 locked_in(UserAddr start, UserAddr end) const;
    u64 locked_bytes() const { return locked_bytes_; }
    u64 mapped_bytes() const { return mapped_bytes_; }
    // What growing locked memory is held to: RLIMIT_MEMLOCK of who is about to do so, in bytes, or
    // no limit with CAP_IPC_LOCK.
    void set_lock_limit(u64 bytes) { lock_limit_ = bytes; }
    bool knows_locks() const { return locked_bytes_ > 0 || future_lock_ != Region::Lock::None; }
    // mm/mmap.c, mlock_future_check(): whether so much more may be mapped. Errno::Again.
    Result<void> check_lock(u64 length, Region::Lock lock) const;

    using RegionList = List<Region, &Region::hook>;
    RegionList& regions() { return regions_; }
    // Upper limit of the stack's growth, bytes (RLIMIT_STACK), and of the whole (RLIMIT_AS, DATA).
    void set_limits(u64 stack_bytes, u64 total_bytes, u64 data_bytes);

    // --- faults and copies -----------------------------------------------------------------------
    // A page fault of user code at `address` with the CPU's error code.
    FaultResult handle_fault(UserAddr address, u32 error_code);

    // Copies between kernel and user memory, faulting pages in first; page by page. The number of
    // bytes copied before the first bad page (never an error). Checks user, present, writable.
    usize copy_in(Bytes target, UserAddr source);
    usize copy_out(UserAddr target, ConstBytes source);
    usize zero_out(UserAddr target, usize size);
    // All or Errno::Fault.
    Result<void> read_bytes(Bytes target, UserAddr source);
    Result<void> write_bytes(UserAddr target, ConstBytes source);
    template <typename T>
    Result<T> read(UserAddr source)
    {
        T value{};
        if (std::byte const* const place = reach_now(source, sizeof(T), Access::Read)) {
            __builtin_memcpy(&value, place, sizeof(T));
            return value;
        }
        TRY(read_bytes({reinterpret_cast<std::byte*>(&value), sizeof(T)}, source));
        return value;
    }
    // The same, into its place.
    template <typename T>
    Result<void> read_to(T& target, UserAddr source)
    {
        if (std::byte const* const place = reach_now(source, sizeof(T), Access::Read)) {
            __builtin_memcpy(&target, place, sizeof(T));
            return {};
        }
        return read_bytes({reinterpret_cast<std::byte*>(&target), sizeof(T)}, source);
    }
    template <typename T>
    Result<void> write(UserAddr target, T const& value)
    {
        if (std::byte* const place = reach_now(target, sizeof(T), Access::Write)) {
            __builtin_memcpy(place, &value, sizeof(T));
            return {};
        }
        return write_bytes(target, {reinterpret_cast<std::byte const*>(&value), sizeof(T)});
    }
    // Makes the pages of [start, start + size) ready for the access, so that a copy that follows at
    // once does not stop. The number of bytes before the first bad page.
    usize prepare_range(UserAddr start, usize size, Access access);
    // A zero-terminated string of at most target.size() - 1 bytes; its length, without the zero,
    // which is written too. Errno::Fault, Errno::NameTooLong.
    Result<usize> read_string(Span<char> target, UserAddr source);

    // --- whole spaces ----------------------------------------------------------------------------
    // fork(2): a copy that shares private pages until one side writes. Errno::NoMem leaves both
    // sound.
    Result<Ref<AddressSpace>> duplicate();
    // Table entries that duplicate() copied into this space.
    u64 entries_copied() const { return entries_copied_; }
    // The most pages that were in memory at once (getrusage(2), ru_maxrss).
    u64 peak_resident_pages() const { return peak_resident_; }
    // Maps now every page of `region` (a file region of exec) that its cache holds, through the
    // prefault template of the file. See prefault.h.
    Result<void> prefault_exec_regions();

    struct Usage {
        u64 virtual_bytes = 0;
        u64 resident_pages = 0;
        u64 shared_pages = 0;  // Resident pages of files.
        u64 text_bytes = 0;
        u64 data_bytes = 0;
        u64 stack_bytes = 0;
    };
    Usage usage();
    // Of one region of this space.
    MemoryUse memory_use(Region const& region);

    // Walks everything and compares with the frame allocator's counts: for audits at quiet points.
    // Calls `visit(frame)` for each frame that an entry or a table of this space refers to.
    void for_each_frame(void (*visit)(PhysAddr frame, bool is_table, void* argument),
                        void* argument);
    // Unmaps what `region` has of pages [first, end) of its file, which loses them.
    void drop_file_pages(Region& region, u64 first, u64 end, bool with_copies);
    // Null if sound; else what is wrong (regions unsorted, an entry outside one, rights too wide).
    char const* audit();

    // Where exec put things (proc(5), prctl(2) PR_SET_MM): plain data for procfs.
    struct Layout {
        UserAddr code_start{}, code_end{}, data_start{}, data_end{};
        UserAddr stack_start{};
        UserAddr arguments_start{}, arguments_end{}, environment_start{}, environment_end{};
        UserAddr heap_start{}, heap_end{};
    };
    Layout& layout() { return layout_; }

    // CPUs that may hold translations of this space.
    u64 cpu_mask() const { return 1; }

    AddressSpace(Heap& heap, FrameAllocator& frames, Platform& platform, PhysAddr root);

private:
    // What became of a page that was asked for.
    struct Resolution {
        FaultResult result = FaultResult::Handled;
        FaultOutcome outcome = FaultOutcome::Signalled;
    };
    struct Gap {
        UserAddr floor{};
        UserAddr ceiling{};
    };

    // --- regions (region_index.cpp, map.cpp, place.cpp)
    // --------------------------------------------
    Result<Own<Region>> clone_region(Region const& source);
    void insert_region(u32 position, Own<Region> region);
    void erase_regions(u32 position, u32 number);
    Result<void> split_at(UserAddr address);
    void merge_around(u32 position);
    void account(Region& region);
    void merge_range(UserAddr start, UserAddr end);
    Gap gap_around(UserAddr start, UserAddr end) const;
    Result<Own<Region>> make_region(MapRequest const& request, u64 length);
    Result<void> check_limits(u64 length, Rights rights, bool is_shared, u64 replaced);
    Result<UserAddr> choose_place(MapRequest const& request, u64 length);
    Result<UserAddr> find_place(UserAddr hint, u64 length);
    bool is_free(UserAddr start, u64 length) const;
    UserAddr search_down(u64 length);
    UserAddr search_up(u64 length, u64 floor, u64 ceiling) const;
    Result<UserAddr> find_low_place(UserAddr hint, u64 length) const;
    UserAddr placement_ceiling() const;
    void forget_gaps();
    u64 bytes_in(UserAddr start, UserAddr end) const;
    u64 private_writable_bytes() const;
    Result<void> set_lock_of(Region& region, UserAddr start, UserAddr end, Region::Lock lock);
    Result<void> unmap_range(UserAddr start, UserAddr end);
    void cut_regions(UserAddr start, UserAddr end, u32 position);
    void clear_pages(UserAddr start, UserAddr end);
    Result<void> set_fork_rule_of(Region& region, UserAddr start, UserAddr end, ForkRule rule);
    // Calls change(region, start, end) for what of [start, end) lies in each region, and lets merge
    // what may afterwards. As on Linux what comes before the first hole has changed when the call
    // fails. Errno::NoMem for a hole, and what change() answers.
    template <typename Change>
    Result<void> change_pieces(UserAddr start, UserAddr end, Change change)
    {
        Result<void> outcome{};
        UserAddr at = start;
        while (at < end && outcome.is_ok()) {
            Region* const region = find_region(at);
            if (region == nullptr) {
                outcome = Errno::NoMem;
                break;
            }
            UserAddr const stop = region->end < end ? region->end : end;
            outcome = change(*region, at, stop);
            at = stop;
        }
        merge_range(start, at);
        return outcome;
    }
    Result<void> protect_piece(Region& region, UserAddr start, UserAddr end, Rights rights);
    void apply_rights(Region& region);
    u64 entry_with_rights(Region const& region, u64 entry) const;
    bool grow_break(UserAddr from, UserAddr to);
    Result<void> extend_region(Region& region, UserAddr new_end);
    Result<UserAddr> move_pages(UserAddr old_start,
                                u64 old_length,
                                u64 new_length,
                                UserAddr target,
                                bool keeps_old = false);
    Result<UserAddr> map_twin(UserAddr start, u64 length, bool may_move, UserAddr const* target);
    Result<void> check_remap(UserAddr old_start, u64 old_length, u64 new_length, Region*& region);

    // --- faults (fault.cpp)
    // ------------------------------------------------------------------------
    Region* region_for_access(UserAddr address);
    Region* grow_stack(UserAddr address);
    // Makes `access` to the page possible. `by_cpu`: the processor has just faulted there, so it
    // has forgotten the page's translation.
    Resolution resolve(UserAddr page, Access access, bool by_cpu);
    Resolution resolve_present(
        Region& region, UserAddr page, u64& entry, Access access, bool by_cpu);
    Resolution map_missing(Region& region, UserAddr page, u64& entry, Access access);
    Resolution map_zeroed(Region& region, u64& entry);
    Resolution map_file(Region& region, UserAddr page, u64& entry, Access access);
    Resolution map_file_copy(Region& region, u64& entry, PhysAddr source, usize bytes);
    void check_avoidable(Region const& region,
                         UserAddr page,
                         FileCache::Page const& cached,
                         Access access);
    u64 entry_for(Region const& region, PhysAddr frame, bool is_writable) const;

    // --- copies, fork, prefault
    // -------------------------------------------------------------------- The bytes of user memory
    // at `address`, for one access within its page; null if it may not be.
    std::byte* reach(UserAddr address, Access access)
    {
        if (address.value >= kUserEnd) return nullptr;
        u64 const* const entry = table_.find_entry(address);
        u64 const needed = needed_for(access);
        if (entry == nullptr || (*entry & needed) != needed) return make_reachable(address, access);
        return frames_.data(pte::frame_of(*entry)) + (address.value & kPageMask);
    }
    std::byte* make_reachable(UserAddr address, Access access);
    // What most small copies find: all in one page, which is ready for the access. The copy is
    // recorded, and has to follow. Null otherwise.
    std::byte* reach_now(UserAddr address, usize size, Access access);
    static u64 needed_for(Access access)
    {
        return pte::kPresent | pte::kUser | (access == Access::Write ? pte::kWritable : u64{0});
    }
    u64 share_entries(Region const& region, u64* source, u64* target, usize count, bool& changed);
    Result<void> copy_tables(AddressSpace& child, bool& changed);
    Result<void> prefault_file(FileCache& cache);
    Result<void> replay_template(PrefaultTemplate& saved, FileCache& cache);
    Result<void> prefault_from_cache(FileCache& cache);
    void save_template(FileCache& cache, Span<PrefaultKey const> layout, u64 generation);

    void add_resident(u64 pages)
    {
        resident_pages_ += pages;
        if (resident_pages_ > peak_resident_) peak_resident_ = resident_pages_;
    }
    void remove_resident(u64 pages)
    {
        ASSERT(resident_pages_ >= pages);
        resident_pages_ -= pages;
    }
    void note_copy(usize size) { platform_.tell(EventKind::UserCopy, size, 0, 0); }
    void record(EventKind kind, u64 a, u64 b = 0, u64 c = 0)
    {
        platform_.record({kind, 0, 0, a, b, c});
    }

    Heap& heap_;
    FrameAllocator& frames_;
    Platform& platform_;
    PhysAddr root_{};
    SpaceTag tag_{};
    PageTable table_;
    RegionList regions_;
    RegionIndex index_;
    Layout layout_{};
    u64 stack_limit_ = 8 * kMiB;
    u64 total_limit_ = ~u64{0};
    u64 data_limit_ = ~u64{0};
    u64 lock_limit_ = ~u64{0};
    u64 mapped_bytes_ = 0;
    u64 locked_bytes_ = 0;
    Region::Lock future_lock_ = Region::Lock::None;
    u64 entries_copied_ = 0;
    u64 resident_pages_ = 0;  // Entries that hold a frame.
    u64 peak_resident_ = 0;
    // The stack limit when the first region was placed.
    u64 placement_stack_ = 8 * kMiB;
    // Where the search for a free place may start: every gap above is smaller than gap_bound_.
    UserAddr gap_ceiling_{};
    u64 gap_bound_ = 0;
};

}  // namespace drydock
