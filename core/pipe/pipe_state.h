#pragma once

// What the two ends of a pipe or FIFO share: a ring of slots, at first 16, of one zeroed frame
// each, taken when they are first written to and kept until the last end closes.
//
// As on Linux (fs/pipe.c) a write starts a slot of its own, unless its odd part (what is left over
// from whole pages) fits behind what the last slot holds. So a pipe may be full with less in it
// than its capacity, and a slot is free only when all of it was read. A slot may be a packet
// (pipe(2), O_DIRECT): nothing is added to it, and a read takes no more than it.

#include "core/pipe/pipe.h"

namespace drydock {

inline constexpr usize kPipeFrames = 16;  // Of a new pipe.
inline constexpr usize kPipeCapacity = kPipeFrames * kPageSize;
inline constexpr usize kPipeAtomic = 4096;  // PIPE_BUF, pipe(7)

class PipeState final : public RefCounted, public FrameHolder {
public:
    explicit PipeState(Vfs& vfs) : vfs_(vfs) { vfs.frames().holders().push_back(*this); }
    ~PipeState() override;
    u64 held_frames() const override;

    // --- the ring ---
    usize buffered() const { return buffered_; }
    bool is_full() const { return used_ == slot_count_; }
    usize capacity() const { return slot_count_ * kPageSize; }
    // Bytes that fit into the free slots.
    usize free_bytes() const { return (slot_count_ - used_) * kPageSize; }
    // Another number of slots. Errno::Busy if more are in use; Errno::NoMem.
    Result<void> resize(u32 slots);
    // Moves at most `size` bytes, which are there; fewer only if the buffer ends or faults, or
    // after a packet, whose rest is lost.
    Result<usize> put_into(IoBuffer& target, usize size);
    // For splice(2): the bytes of one slot from `skip` of those that are buffered on; more may
    // follow in the next. Taking `size` bytes away from the front.
    Bytes run_at(usize skip);
    void discard(usize size);
    // A free slot's page, into which close_slot() then puts the first `size` bytes. Errno::NoMem.
    Result<Bytes> open_slot();
    void close_slot(usize size);
    // How many bytes of a write of `total` go behind what the last slot holds: 0, or its odd part.
    usize odd_part_that_fits(usize total) const;
    // All `size` bytes or none: behind what the last slot holds, or into a free slot (at most a
    // page). Errno::Fault, Errno::NoMem.
    Result<void> append_to_last(IoBuffer& source, usize size);
    Result<void> fill_slot(IoBuffer& source, usize size, bool is_packet = false);

    // --- the ends ---
    struct Side {
        u32 open = 0;
        u64 openings =
            0;  // Ever: tells a waiting open(2) that somebody came, even if he left again.
    };
    void attach(bool reads, bool writes);
    void detach(bool reads, bool writes);
    Side const& readers() const { return readers_; }
    Side const& writers() const { return writers_; }
    // Anything that changes what a reader, a writer or an open may do wakes all.
    WaitQueue& changed() { return changed_; }
    void wake();
    // The same after a transfer; who polls hears of what the other side did.
    void wake_readers();
    void wake_writers();
    // Registers who polls an end.
    void watch(PollRegistration& registration, bool reads, bool writes);
    // Those whom a signal tells; see File::signal_lists().
    SignalList& signalled_readers() { return signalled_readers_; }
    SignalList& signalled_writers() { return signalled_writers_; }
    Vfs& vfs() { return vfs_; }

    // Of the inode: set by transfers.
    Timestamp accessed{};
    Timestamp modified{};

private:
    struct Slot {
        PhysAddr frame{};
        u16 start = 0;  // Bytes [start, end) of the frame are in the pipe.
        u16 end = 0;
        bool is_packet = false;
    };
    static_assert(kPageSize <= 0xffff);
    Slot& slot_at(u32 position) { return slots_[(first_ + position) % slot_count_]; }
    Slot const& slot_at(u32 position) const { return slots_[(first_ + position) % slot_count_]; }
    // `size` bytes to `at` of the slot's frame, all or none.
    Result<void> copy_in(IoBuffer& source, Slot& slot, u32 at, usize size);
    void advance(Slot& slot, usize size);
    void release_frames();
    void release_frame(Slot& slot);

    Vfs& vfs_;
    Slot first_slots_[kPipeFrames]{};
    Buffer more_slots_{};  // In their place, once the size was changed.
    Slot* slots_ = first_slots_;
    u32 slot_count_ = kPipeFrames;
    u32 first_ = 0;  // The slot to read from.
    u32 used_ = 0;
    usize buffered_ = 0;
    Side readers_{};
    Side writers_{};
    WaitQueue changed_{};
    WaitQueue polled_readers_{};
    WaitQueue polled_writers_{};
    SignalList signalled_readers_{};
    SignalList signalled_writers_{};
};

}  // namespace drydock
