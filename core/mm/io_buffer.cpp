#include "core/mm/io_buffer.h"

namespace drydock {

IoBuffer IoBuffer::vector(AddressSpace& space, Span<Segment const> segments)
{
    IoBuffer buffer;
    buffer.space_ = &space;
    buffer.segments_ = segments;
    for (Segment const& segment : segments) buffer.remaining_ += segment.size;
    return buffer;
}

// The next run of user memory, at most `limit` bytes; empty segments are passed over.
IoBuffer::Segment IoBuffer::next_run(usize limit)
{
    if (segments_.is_empty()) {
        u64 const size = limit < remaining_ ? limit : remaining_;
        return {single_.address + moved_, size};
    }
    while (segment_index_ < segments_.size() && segment_offset_ == segments_[segment_index_].size) {
        ++segment_index_;
        segment_offset_ = 0;
    }
    ASSERT(segment_index_ < segments_.size());
    Segment const& segment = segments_[segment_index_];
    u64 size = segment.size - segment_offset_;
    if (size > limit) size = limit;
    if (size > remaining_) size = remaining_;
    return {segment.address + segment_offset_, size};
}

void IoBuffer::advance(usize size)
{
    ASSERT(size <= remaining_);
    remaining_ -= size;
    moved_ += size;
    segment_offset_ += size;
}

// Calls move(run, bytes done so far), which says how many bytes it moved, until `size` bytes are
// done, the buffer is full or memory is bad.
template <typename Move>
Result<usize> IoBuffer::for_each_run(usize size, Move move)
{
    usize const wanted = size < remaining_ ? size : remaining_;
    usize done = 0;
    while (done < wanted) {
        Segment const run = next_run(wanted - done);
        usize const moved = move(run, done);
        advance(moved);
        done += moved;
        if (moved < run.size) break;
    }
    if (done == 0 && wanted > 0) return Errno::Fault;
    return done;
}

// The end of a transfer of `wanted` bytes of one run of user memory.
Result<usize> IoBuffer::moved_at_once(usize wanted, usize moved)
{
    advance(moved);
    if (moved == 0 && wanted > 0) return Errno::Fault;
    return moved;
}

Result<usize> IoBuffer::put(ConstBytes source)
{
    if (kernel_ != nullptr) {
        usize const size = source.size() < remaining_ ? source.size() : remaining_;
        memcpy(kernel_ + moved_, source.data(), size);
        advance(size);
        return size;
    }
    if (segments_.is_empty()) {
        usize const size = source.size() < remaining_ ? source.size() : remaining_;
        return moved_at_once(size, space_->copy_out(single_.address + moved_, source.first(size)));
    }
    return for_each_run(source.size(), [&](Segment const& run, usize done) {
        return space_->copy_out(run.address, source.from(done).first(run.size));
    });
}

Result<usize> IoBuffer::put_zeros(usize size)
{
    if (kernel_ != nullptr) {
        usize const part = size < remaining_ ? size : remaining_;
        memset(kernel_ + moved_, 0, part);
        advance(part);
        return part;
    }
    if (segments_.is_empty()) {
        usize const part = size < remaining_ ? size : remaining_;
        return moved_at_once(part, space_->zero_out(single_.address + moved_, part));
    }
    return for_each_run(
        size, [&](Segment const& run, usize) { return space_->zero_out(run.address, run.size); });
}

Result<usize> IoBuffer::take(Bytes target)
{
    if (kernel_ != nullptr) {
        usize const size = target.size() < remaining_ ? target.size() : remaining_;
        memcpy(target.data(), kernel_ + moved_, size);
        advance(size);
        return size;
    }
    if (segments_.is_empty()) {
        usize const size = target.size() < remaining_ ? target.size() : remaining_;
        return moved_at_once(size, space_->copy_in(target.first(size), single_.address + moved_));
    }
    return for_each_run(target.size(), [&](Segment const& run, usize done) {
        return space_->copy_in(target.from(done).first(run.size), run.address);
    });
}

Result<void> IoBuffer::take_whole(Bytes target)
{
    usize const size = target.size();
    ASSERT(size <= remaining_);
    if (kernel_ == nullptr && segments_.is_empty()) {
        if (space_->copy_in(target, single_.address + moved_) < size) return Errno::Fault;
        advance(size);
        return {};
    }
    if (TRY(prepare(size, false)) < size) return Errno::Fault;
    usize const taken = TRY(take(target));
    ASSERT(taken == size);
    return {};
}

Result<usize> IoBuffer::prepare(usize size, bool for_put)
{
    if (kernel_ != nullptr) return size < remaining_ ? size : remaining_;
    Access const access = for_put ? Access::Write : Access::Read;
    if (segments_.is_empty()) {
        usize const wanted = size < remaining_ ? size : remaining_;
        usize const ready = space_->prepare_range(single_.address + moved_, wanted, access);
        if (ready == 0 && wanted > 0) return Errno::Fault;
        return ready;
    }
    // A copy of the position goes ahead; this one stays.
    IoBuffer ahead = *this;
    return ahead.for_each_run(size, [&](Segment const& run, usize) {
        return space_->prepare_range(run.address, run.size, access);
    });
}

void IoBuffer::shorten(usize size)
{
    if (size < remaining_) remaining_ = size;
}

}  // namespace drydock
