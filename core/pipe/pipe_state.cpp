#include "core/pipe/pipe_state.h"

namespace drydock {

PipeState::~PipeState()
{
    ASSERT(changed_.is_empty());
    ASSERT(polled_readers_.is_empty());
    ASSERT(polled_writers_.is_empty());
    release_frames();
    hook.unlink();
}

u64 PipeState::held_frames() const
{
    u64 count = 0;
    for (u32 i = 0; i < slot_count_; ++i) {
        if (slots_[i].frame != PhysAddr{}) ++count;
    }
    return count;
}

void PipeState::release_frame(Slot& slot)
{
    if (slot.frame != PhysAddr{}) vfs_.frames().free(slot.frame, 0);
}

void PipeState::release_frames()
{
    for (u32 i = 0; i < slot_count_; ++i) {
        release_frame(slots_[i]);
        slots_[i] = Slot{};
    }
    first_ = 0;
    used_ = 0;
    buffered_ = 0;
}

Result<void> PipeState::resize(u32 slots)
{
    ASSERT(slots > 0);
    if (slots < used_) return Errno::Busy;
    Buffer storage = TRY(Buffer::create(vfs_.heap(), slots * sizeof(Slot)));
    Slot* const moved = reinterpret_cast<Slot*>(storage.data());
    for (u32 i = 0; i < slots; ++i) new (moved + i) Slot{};
    for (u32 i = 0; i < used_; ++i) moved[i] = slot_at(i);
    for (u32 i = used_; i < slot_count_; ++i) release_frame(slot_at(i));
    bool const was_full = is_full();
    more_slots_ = std::move(storage);
    slots_ = moved;
    slot_count_ = slots;
    first_ = 0;
    if (was_full && !is_full()) wake_writers();
    return {};
}

Result<usize> PipeState::put_into(IoBuffer& target, usize size)
{
    ASSERT(size <= buffered_);
    usize moved = 0;
    while (moved < size) {
        Slot& slot = slot_at(0);
        usize step = static_cast<usize>(slot.end - slot.start);
        if (step > size - moved) step = size - moved;
        bool const is_packet = slot.is_packet;
        std::byte const* const bytes = vfs_.frames().data(slot.frame) + slot.start;
        Result<usize> put = target.put({bytes, step});
        if (put.is_error()) {
            if (moved > 0) break;
            return put.error();
        }
        ASSERT(put.value() <= step);
        // As Linux: what memory takes only a part of counts as not delivered, and stays.
        if (put.value() < step && moved == 0) return Errno::Fault;
        if (put.value() < step) break;
        advance(slot, is_packet ? static_cast<usize>(slot.end - slot.start) : step);
        moved += step;
        if (is_packet) break;
    }
    // An empty ring starts over in its first frame.
    if (used_ == 0) first_ = 0;
    ASSERT((used_ == 0) == (buffered_ == 0));
    return moved;
}

// `size` bytes of the first slot were taken.
void PipeState::advance(Slot& slot, usize size)
{
    ASSERT(slot.start + size <= slot.end);
    slot.start = static_cast<u16>(slot.start + size);
    buffered_ -= size;
    if (slot.start == slot.end) {
        first_ = (first_ + 1) % slot_count_;
        --used_;
    }
}

Bytes PipeState::run_at(usize skip)
{
    ASSERT(skip < buffered_);
    u32 position = 0;
    auto const held = [this](u32 at) {
        return static_cast<usize>(slot_at(at).end - slot_at(at).start);
    };
    while (skip >= held(position)) {
        skip -= held(position);
        ++position;
    }
    Slot const& slot = slot_at(position);
    return {vfs_.frames().data(slot.frame) + slot.start + skip, held(position) - skip};
}

void PipeState::discard(usize size)
{
    ASSERT(size <= buffered_);
    while (size > 0) {
        Slot& slot = slot_at(0);
        usize const held = static_cast<usize>(slot.end - slot.start);
        usize const step = size < held ? size : held;
        advance(slot, step);
        size -= step;
    }
    if (used_ == 0) first_ = 0;
    ASSERT((used_ == 0) == (buffered_ == 0));
}

Result<Bytes> PipeState::open_slot()
{
    ASSERT(!is_full());
    Slot& slot = slot_at(used_);
    if (slot.frame == PhysAddr{}) {
        slot.frame = TRY(vfs_.frames().allocate(FrameUse::Pipe, 0, true));
    }
    return Bytes{vfs_.frames().data(slot.frame), kPageSize};
}

void PipeState::close_slot(usize size)
{
    ASSERT(!is_full());
    ASSERT(size > 0 && size <= kPageSize);
    Slot& slot = slot_at(used_);
    ASSERT(slot.frame != PhysAddr{});
    slot.start = 0;
    slot.end = static_cast<u16>(size);
    slot.is_packet = false;
    buffered_ += size;
    ++used_;
}

usize PipeState::odd_part_that_fits(usize total) const
{
    usize const odd = total % kPageSize;
    if (used_ == 0 || slot_at(used_ - 1).is_packet) return 0;
    return slot_at(used_ - 1).end + odd <= kPageSize ? odd : 0;
}

Result<void> PipeState::copy_in(IoBuffer& source, Slot& slot, u32 at, usize size)
{
    ASSERT(size <= kPageSize - at);
    if (slot.frame == PhysAddr{}) {
        slot.frame = TRY(vfs_.frames().allocate(FrameUse::Pipe, 0, true));
    }
    TRY(source.take_whole({vfs_.frames().data(slot.frame) + at, size}));
    buffered_ += size;
    return {};
}

Result<void> PipeState::append_to_last(IoBuffer& source, usize size)
{
    ASSERT(used_ > 0);
    Slot& slot = slot_at(used_ - 1);
    TRY(copy_in(source, slot, slot.end, size));
    slot.end = static_cast<u16>(slot.end + size);
    return {};
}

Result<void> PipeState::fill_slot(IoBuffer& source, usize size, bool is_packet)
{
    ASSERT(!is_full());
    Slot& slot = slot_at(used_);
    TRY(copy_in(source, slot, 0, size));
    slot.start = 0;
    slot.end = static_cast<u16>(size);
    slot.is_packet = is_packet;
    ++used_;
    return {};
}

void PipeState::wake()
{
    changed_.wake_all(vfs_.scheduler());
    polled_readers_.wake_all(vfs_.scheduler());
    polled_writers_.wake_all(vfs_.scheduler());
}

void PipeState::wake_readers()
{
    changed_.wake_all(vfs_.scheduler());
    polled_readers_.wake(vfs_.scheduler(), poll_events::kIn | poll_events::kRdNorm);
    signalled_readers_.tell(vfs_, SignalReason::In);
}

void PipeState::wake_writers()
{
    changed_.wake_all(vfs_.scheduler());
    polled_writers_.wake(vfs_.scheduler(), poll_events::kOut | poll_events::kWrNorm);
}

void PipeState::watch(PollRegistration& registration, bool reads, bool writes)
{
    if (reads) registration.wait_on(polled_readers_);
    if (writes) registration.wait_on(polled_writers_);
}

void PipeState::attach(bool reads, bool writes)
{
    if (reads) {
        ++readers_.open;
        ++readers_.openings;
    }
    if (writes) {
        ++writers_.open;
        ++writers_.openings;
    }
    wake();
}

void PipeState::detach(bool reads, bool writes)
{
    ASSERT(!reads || readers_.open > 0);
    ASSERT(!writes || writers_.open > 0);
    if (reads) --readers_.open;
    if (writes) --writers_.open;
    // fifo(7): what nobody has open holds no data.
    if (readers_.open == 0 && writers_.open == 0) release_frames();
    wake();
    // Those of one side hear that the other has gone (fs/pipe.c, pipe_release).
    if ((readers_.open == 0) == (writers_.open == 0)) return;
    signalled_readers_.tell(vfs_, SignalReason::In);
    signalled_writers_.tell(vfs_, SignalReason::Out);
}

}  // namespace drydock
