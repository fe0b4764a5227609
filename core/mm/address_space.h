#pragma once

// What a process sees as memory: regions, and the page tables that follow them. Regions are sorted and
// disjoint; no table entry lies outside a region; an entry never grants more than its region.

#include "core/base/heap.h"
#include "core/mm/file_cache.h"
#include "core/mm/frame_allocator.h"
#include "core/platform/platform.h"

namespace drydock {

// Rights of a region, as PROT_* in mmap(2).
struct Rights {
    bool read = false;
    bool write = false;
    bool execute = false;
    constexpr bool operator==(Rights const&) const = default;
};

struct Region {
    enum class Kind : u8 { Anonymous, File, Stack, Heap, Vdso };

    UserAddr start{};
    UserAddr end{};
    Rights rights{};
    Kind kind = Kind::Anonymous;
    bool is_shared = false;
    bool was_mapped_by_exec = false;  // Program or interpreter, for the avoidable-fault oracle.
    bool grows_down = false;
    Ref<FileCache> cache{};           // File: where its pages are. Shared anonymous memory has one too.
    u64 file_offset = 0;              // Of `start`, a multiple of the page size.
    u64 file_bytes_end = ~u64{0};     // Offset in the file behind which a private page reads zeros.
    Ref<RefCounted> holder{};         // Keeps the open file alive (and names it in /proc/PID/maps).
    ListHook hook{};

    u64 size() const { return end.value - start.value; }
};

struct MapRequest {
    UserAddr address{};        // A hint, or the place if `fixed`.
    u64 length = 0;            // Bytes, not 0; rounded up to pages.
    Rights rights{};
    bool fixed = false;
    bool no_replace = false;   // MAP_FIXED_NOREPLACE: Errno::Exist if something is there.
    bool shared = false;
    Region::Kind kind = Region::Kind::Anonymous;
    Ref<FileCache> cache{};
    u64 file_offset = 0;
    u64 file_bytes_end = ~u64{0};
    Ref<RefCounted> holder{};
    bool by_exec = false;
    bool grows_down = false;
};

// Who asks and what for: decides rights and the exact signal.
enum class Access : u8 { Read, Write, Execute };

enum class FaultResult : u8 { Handled, SegvMaperr, SegvAccerr, BusAdrerr, OutOfMemory };

class AddressSpace final : public RefCounted {
public:
    // Empty, with a fresh page-table root. Errno::NoMem.
    static Result<Ref<AddressSpace>> create(Heap& heap, FrameAllocator& frames, Platform& platform);
    ~AddressSpace() override;

    PhysAddr root() const { return root_; }

    // --- regions ---------------------------------------------------------------------------------
    // The place chosen. Errno::NoMem, Inval, Exist. Replaces what a fixed request covers.
    Result<UserAddr> map(MapRequest const& request);
    // Errno::Inval for a bad range. Holes in it are fine.
    Result<void> unmap(UserAddr start, u64 length);
    // Errno::NoMem if the range has a hole, Acces.
    Result<void> protect(UserAddr start, u64 length, Rights rights);
    // brk(2): the new break, or the old one if it cannot be. `request` 0 asks.
    UserAddr set_break(UserAddr request);
    void set_heap_start(UserAddr start);
    // mremap(2) without MREMAP_FIXED: grow, shrink or move. Errno as mremap(2).
    Result<UserAddr> remap(UserAddr old_start, u64 old_length, u64 new_length, bool may_move);
    // madvise(MADV_DONTNEED): private pages go back to what a first touch finds.
    Result<void> discard(UserAddr start, u64 length);
    Region* find_region(UserAddr address);

    using RegionList = List<Region, &Region::hook>;
    RegionList& regions() { return regions_; }
    // Upper limit of the stack's growth, bytes (RLIMIT_STACK), and of the whole (RLIMIT_AS, DATA).
    void set_limits(u64 stack_bytes, u64 total_bytes, u64 data_bytes);

    // --- faults and copies -----------------------------------------------------------------------
    // A page fault of user code at `address` with the CPU's error code.
    FaultResult handle_fault(UserAddr address, u32 error_code);

    // Copies between kernel and user memory, faulting pages in first; page by page. The number of bytes
    // copied before the first bad page (never an error). Checks user, present, writable.
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
        TRY(read_bytes({reinterpret_cast<std::byte*>(&value), sizeof(T)}, source));
        return value;
    }
    template <typename T>
    Result<void> write(UserAddr target, T const& value)
    {
        return write_bytes(target, {reinterpret_cast<std::byte const*>(&value), sizeof(T)});
    }
    // A zero-terminated string of at most target.size() - 1 bytes; its length, without the zero, which
    // is written too. Errno::Fault, Errno::NameTooLong.
    Result<usize> read_string(Span<char> target, UserAddr source);

    // --- whole spaces ----------------------------------------------------------------------------
    // fork(2): a copy that shares private pages until one side writes. Errno::NoMem leaves both sound.
    Result<Ref<AddressSpace>> duplicate();
    // Maps now every page of `region` (a file region of exec) that its cache holds, through the
    // prefault template of the file. See prefault.h.
    Result<void> prefault_exec_regions();

    struct Usage {
        u64 virtual_bytes = 0;
        u64 resident_pages = 0;
        u64 shared_pages = 0;   // Resident pages of files.
        u64 text_bytes = 0;
        u64 data_bytes = 0;
        u64 stack_bytes = 0;
    };
    Usage usage();

    // Walks everything and compares with the frame allocator's counts: for audits at quiet points.
    // Calls `visit(frame)` for each frame that an entry or a table of this space refers to.
    void for_each_frame(void (*visit)(PhysAddr frame, bool is_table, void* argument), void* argument);
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
    Heap& heap_;
    FrameAllocator& frames_;
    Platform& platform_;
    PhysAddr root_{};
    RegionList regions_;
    u32 region_count_ = 0;
    Layout layout_{};
    u64 stack_limit_ = 8 * kMiB;
    u64 total_limit_ = ~u64{0};
    u64 data_limit_ = ~u64{0};
    u64 mapped_bytes_ = 0;
    // The owner of this file adds private helpers and members.
};

}  // namespace drydock
