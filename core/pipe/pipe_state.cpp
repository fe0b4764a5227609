#include "core/pipe/pipe_state.h"

namespace drydock {

PipeState::~PipeState()
{
    ASSERT(changed_.is_empty());
    release_frames();
}

void PipeState::release_frames()
{
    for (PhysAddr& frame : frames_) {
        if (frame == PhysAddr{}) continue;
        vfs_.frames().free(frame, 0);
        frame = PhysAddr{};
    }
    read_ = 0;
    written_ = 0;
}

// The ring's memory for a byte of the stream. Errno::NoMem.
Result<std::byte*> PipeState::byte_at(u64 offset)
{
    usize const place = static_cast<usize>(offset % kPipeCapacity);
    PhysAddr& frame = frames_[place / kPageSize];
    if (frame == PhysAddr{}) frame = TRY(vfs_.frames().allocate(FrameUse::Pipe, 0, true));
    return vfs_.frames().data(frame) + place % kPageSize;
}

Result<usize> PipeState::put_into(IoBuffer& target, usize size)
{
    ASSERT(size <= buffered());
    usize moved = 0;
    while (moved < size) {
        usize step = kPageSize - static_cast<usize>(read_ % kPageSize);
        if (step > size - moved) step = size - moved;
        std::byte const* const bytes = MUST(byte_at(read_));
        Result<usize> put = target.put({bytes, step});
        if (put.is_error()) {
            if (moved > 0) break;
            return put.error();
        }
        ASSERT(put.value() <= step);
        read_ += put.value();
        moved += put.value();
        if (put.value() < step) break;
    }
    ASSERT(read_ <= written_);
    // An empty ring starts over in its first frame.
    if (read_ == written_) {
        read_ = 0;
        written_ = 0;
    }
    return moved;
}

Result<usize> PipeState::take_from(IoBuffer& source, usize size)
{
    ASSERT(size <= room());
    usize moved = 0;
    while (moved < size) {
        usize step = kPageSize - static_cast<usize>(written_ % kPageSize);
        if (step > size - moved) step = size - moved;
        Result<std::byte*> bytes = byte_at(written_);
        Result<usize> taken =
            bytes.is_ok() ? source.take({bytes.value(), step}) : Result<usize>(bytes.error());
        if (taken.is_error()) {
            if (moved > 0) break;
            return taken.error();
        }
        ASSERT(taken.value() <= step);
        written_ += taken.value();
        moved += taken.value();
        if (taken.value() < step) break;
    }
    ASSERT(written_ - read_ <= kPipeCapacity);
    return moved;
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
}

}  // namespace drydock
