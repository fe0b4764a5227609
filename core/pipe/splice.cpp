#include "core/pipe/splice.h"

namespace drydock {

namespace {

// Until there is something to read, or nobody who might write it (fs/splice.c, ipipe_prep).
Result<void> wait_for_data(PipeState& pipe, bool is_non_blocking)
{
    auto const is_over = [&pipe] { return pipe.buffered() > 0 || pipe.writers().open == 0; };
    if (is_over()) return {};
    if (is_non_blocking) return Errno::Again;
    return pipe.vfs().scheduler().wait_until(pipe.changed(), "splice from a pipe", is_over);
}

// Until a slot is free. Errno::Pipe where nobody will read it.
Result<void> wait_for_room(PipeState& pipe, bool is_non_blocking)
{
    auto const is_over = [&pipe] { return !pipe.is_full() || pipe.readers().open == 0; };
    if (!is_over()) {
        if (is_non_blocking) return Errno::Again;
        TRY(pipe.vfs().scheduler().wait_until(pipe.changed(), "splice into a pipe", is_over));
    }
    if (pipe.readers().open == 0) return Errno::Pipe;
    return {};
}

void tell_readers(PipeState& pipe)
{
    pipe.modified = pipe.vfs().current_time();
    pipe.wake_readers();
}

void tell_writers(PipeState& pipe, bool was_full)
{
    pipe.accessed = pipe.vfs().current_time();
    if (was_full && !pipe.is_full()) pipe.wake_writers();
    pipe.signalled_writers().tell(pipe.vfs(), SignalReason::Out);
}

// An error counts only where nothing was moved.
Result<usize> outcome(usize moved, Result<void> const& last)
{
    if (moved == 0 && last.is_error()) return last.error();
    return moved;
}

Bytes at_most(Bytes bytes, usize size) { return bytes.size() < size ? bytes : bytes.first(size); }

}  // namespace

Result<usize> splice_to_file(PipeState& source,
                             SpliceTarget& target,
                             usize size,
                             bool is_non_blocking)
{
    TRY(wait_for_data(source, is_non_blocking));
    bool const was_full = source.is_full();
    usize moved = 0;
    Result<void> last{};
    while (moved < size && source.buffered() > 0) {
        Bytes const run = at_most(source.run_at(0), size - moved);
        IoBuffer buffer = IoBuffer::kernel(run);
        Result<usize> const written = target.write(buffer);
        if (written.is_error()) {
            last = written.error();
            break;
        }
        usize const step = buffer.moved();
        source.discard(step);
        moved += step;
        if (step < run.size()) break;
    }
    if (moved > 0) tell_writers(source, was_full);
    return outcome(moved, last);
}

Result<usize> splice_from_file(
    File& source, u64 offset, PipeState& target, usize size, bool is_non_blocking)
{
    TRY(wait_for_room(target, is_non_blocking));
    usize moved = 0;
    Result<void> last{};
    while (moved < size && !target.is_full()) {
        Result<Bytes> slot = target.open_slot();
        if (slot.is_error()) {
            last = slot.error();
            break;
        }
        // As Linux: a slot for each page of the file.
        usize const in_page = kPageSize - static_cast<usize>((offset + moved) % kPageSize);
        usize const wanted = in_page < size - moved ? in_page : size - moved;
        IoBuffer buffer = IoBuffer::kernel(slot.value().first(wanted));
        Result<usize> got = source.read_at(buffer, offset + moved);
        if (got.is_error()) {
            last = got.error();
            break;
        }
        if (got.value() == 0) break;
        target.close_slot(got.value());
        moved += got.value();
        if (got.value() < wanted) break;
    }
    if (moved > 0) tell_readers(target);
    return outcome(moved, last);
}

Result<usize> splice_pipes(
    PipeState& source, PipeState& target, usize size, bool keeps, bool is_non_blocking)
{
    ASSERT(&source != &target);
    while (true) {
        TRY(wait_for_data(source, is_non_blocking));
        TRY(wait_for_room(target, is_non_blocking));
        // The second wait may have outlasted what the first one found.
        if (source.buffered() > 0 || source.writers().open == 0) break;
    }
    bool const was_full = source.is_full();
    usize moved = 0;
    Result<void> last{};
    while (moved < size && !target.is_full()) {
        usize const place = keeps ? moved : 0;
        if (place >= source.buffered()) break;
        IoBuffer buffer = IoBuffer::kernel(at_most(source.run_at(place), size - moved));
        usize const step = buffer.remaining();
        last = target.fill_slot(buffer, step);
        if (last.is_error()) break;
        if (!keeps) source.discard(step);
        moved += step;
    }
    if (moved > 0) tell_readers(target);
    if (moved > 0 && !keeps) tell_writers(source, was_full);
    return outcome(moved, last);
}

Result<usize> splice_from_user(IoBuffer& source, PipeState& target, bool is_non_blocking)
{
    TRY(wait_for_room(target, is_non_blocking));
    usize const before = source.moved();
    Result<void> last{};
    while (source.remaining() > 0 && !target.is_full() && last.is_ok()) {
        usize const rest = source.remaining();
        last = target.fill_slot(source, rest < kPageSize ? rest : kPageSize);
    }
    usize const moved = source.moved() - before;
    if (moved > 0) tell_readers(target);
    return outcome(moved, last);
}

Result<usize> splice_to_user(PipeState& source, IoBuffer& target, bool is_non_blocking)
{
    TRY(wait_for_data(source, is_non_blocking));
    if (source.buffered() == 0) return usize{0};
    bool const was_full = source.is_full();
    usize const size =
        target.remaining() < source.buffered() ? target.remaining() : source.buffered();
    usize const ready = TRY(target.prepare(size, true));
    usize const moved = TRY(source.put_into(target, ready < size ? ready : size));
    tell_writers(source, was_full);
    return moved;
}

}  // namespace drydock
