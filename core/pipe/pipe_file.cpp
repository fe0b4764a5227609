#include "core/pipe/pipe_file.h"

namespace drydock {

PipeFile::~PipeFile()
{
    if (is_attached_) state_->detach(is_readable(), is_writable());
}

void PipeFile::attach()
{
    ASSERT(!is_attached_);
    state_->attach(is_readable(), is_writable());
    is_attached_ = true;
}

// A transfer that may be short is, if the simulation says so.
usize PipeFile::shorten_by_choice(usize size)
{
    if (size <= 1) return size;
    Platform& platform = state_->vfs().scheduler().platform();
    return platform.choose(Choice::ShortTransfer, 2) == 0 ? size : size / 2;
}

Result<usize> PipeFile::read(IoBuffer& target)
{
    if (target.remaining() == 0) return usize{0};
    PipeState& pipe = *state_;
    if (pipe.buffered() == 0 && pipe.writers().open > 0) {
        if (is_non_blocking()) return Errno::Again;
        auto const is_readable_now = [&pipe] {
            return pipe.buffered() > 0 || pipe.writers().open == 0;
        };
        TRY(pipe.vfs().scheduler().wait_until(pipe.changed(), "pipe read", is_readable_now));
    }
    if (pipe.buffered() == 0) return usize{0};
    // From here to the copy nothing blocks.
    usize size = target.remaining() < pipe.buffered() ? target.remaining() : pipe.buffered();
    size = shorten_by_choice(size);
    usize const ready = TRY(target.prepare(size, true));
    if (ready < size) size = ready;
    usize const moved = TRY(pipe.put_into(target, size));
    pipe.accessed = pipe.vfs().current_time();
    pipe.wake();
    return moved;
}

Result<usize> PipeFile::write_some(IoBuffer& source, usize total, usize moved_before)
{
    PipeState& pipe = *state_;
    bool const is_atomic = total <= kPipeAtomic;
    usize const needed = is_atomic ? total - moved_before : 1;
    if (pipe.room() < needed) return usize{0};
    usize size = source.remaining() < pipe.room() ? source.remaining() : pipe.room();
    // pipe(7): a non-blocking write of more than PIPE_BUF may be partial.
    if (!is_atomic && is_non_blocking()) size = shorten_by_choice(size);
    usize const ready = TRY(source.prepare(size, false));
    usize const moved = TRY(pipe.take_from(source, ready < size ? ready : size));
    pipe.modified = pipe.vfs().current_time();
    pipe.wake();
    return moved;
}

Result<usize> PipeFile::write(IoBuffer& source)
{
    usize const total = source.remaining();
    if (total == 0) return usize{0};
    PipeState& pipe = *state_;
    usize moved = 0;
    while (true) {
        if (pipe.readers().open == 0) {
            if (moved > 0) return moved;
            return Errno::Pipe;
        }
        Result<usize> step = write_some(source, total, moved);
        if (step.is_error()) {
            if (moved > 0) return moved;
            return step.error();
        }
        moved += step.value();
        if (source.remaining() == 0) return moved;
        if (is_non_blocking()) {
            if (moved > 0) return moved;
            return Errno::Again;
        }
        // There is room, so user memory ended early: the next step says how.
        usize const needed = total <= kPipeAtomic ? total - moved : 1;
        auto const is_writable_now = [&pipe, needed] {
            return pipe.room() >= needed || pipe.readers().open == 0;
        };
        Result<void> const waited =
            pipe.vfs().scheduler().wait_until(pipe.changed(), "pipe write", is_writable_now);
        if (waited.is_error()) {
            if (moved > 0) return moved;
            return waited.error();
        }
    }
}

u32 PipeFile::poll(PollRegistration* registration)
{
    using namespace poll_events;
    PipeState& pipe = *state_;
    if (registration != nullptr) registration->wait_on(pipe.changed());
    u32 events = 0;
    if (is_readable()) {
        if (pipe.buffered() > 0) events |= kIn | kRdNorm;
        if (pipe.writers().open == 0 && pipe.writers().openings != seen_openings_) events |= kHup;
    }
    if (is_writable()) {
        if (pipe.room() >= kPipeAtomic) events |= kOut | kWrNorm;
        if (pipe.readers().open == 0) events |= kErr;
    }
    return events;
}

Result<i64> PipeFile::ioctl(IoctlCall const& call)
{
    constexpr u32 kBytesAvailable = 0x541b;  // FIONREAD, ioctl_tty(2)
    if (call.command != kBytesAvailable) return Errno::NotTty;
    u32 const size = static_cast<u32>(state_->buffered());
    TRY(call.space.write(UserAddr{call.argument}, size));
    return i64{0};
}

}  // namespace drydock
