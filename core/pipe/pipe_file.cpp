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
        if (is_non_blocking()) {
            // Linux tells of every attempt.
            pipe.signalled_writers().tell(pipe.vfs(), SignalReason::Out);
            return Errno::Again;
        }
        auto const is_readable_now = [&pipe] {
            return pipe.buffered() > 0 || pipe.writers().open == 0;
        };
        TRY(pipe.vfs().scheduler().wait_until(pipe.changed(), "pipe read", is_readable_now));
    }
    if (pipe.buffered() == 0) return usize{0};
    // From here to the copy nothing blocks.
    usize const most = target.remaining() < pipe.buffered() ? target.remaining() : pipe.buffered();
    usize const size = shorten_by_choice(most);
    bool const was_full = pipe.is_full();
    usize const moved = TRY(pipe.put_into(target, size));
    pipe.accessed = pipe.vfs().current_time();
    // Nobody waits for more room than there was, and epoll(7) tells of edges only.
    if (was_full && !pipe.is_full()) pipe.wake_writers();
    pipe.signalled_writers().tell(pipe.vfs(), SignalReason::Out);
    return moved;
}

Result<void> PipeFile::fill_slots(IoBuffer& source)
{
    PipeState& pipe = *state_;
    while (source.remaining() > 0 && !pipe.is_full()) {
        usize const rest = source.remaining();
        bool const is_packet = (flags_ & open_flags::kDirect) != 0;
        TRY(pipe.fill_slot(source, rest < kPageSize ? rest : kPageSize, is_packet));
    }
    return {};
}

// Linux anon_pipe_write(). Up to PIPE_BUF bytes go into one slot, so they stay together (pipe(7)).
Result<usize> PipeFile::write(IoBuffer& source)
{
    if (source.remaining() == 0) return usize{0};
    PipeState& pipe = *state_;
    if (pipe.readers().open == 0) return Errno::Pipe;
    // pipe(7): a non-blocking write of more than PIPE_BUF may be partial.
    if (is_non_blocking() && source.remaining() > kPipeAtomic && !pipe.is_full()) {
        usize const room = pipe.free_bytes();
        usize const most = source.remaining() < room ? source.remaining() : room;
        usize const chosen = shorten_by_choice(most);
        if (chosen < most) source.shorten(chosen);
    }
    usize const before = source.moved();
    usize const odd = pipe.odd_part_that_fits(source.remaining());
    Result<void> step{};
    if (odd > 0) step = pipe.append_to_last(source, odd);
    usize told = before;
    while (true) {
        if (step.is_ok()) step = fill_slots(source);
        if (source.moved() > told) {
            told = source.moved();
            pipe.modified = pipe.vfs().current_time();
            pipe.wake_readers();
        }
        usize const moved = source.moved() - before;
        if (source.remaining() == 0) return moved;
        if (step.is_ok() && is_non_blocking()) step = Errno::Again;
        if (step.is_ok()) {
            auto const is_writable_now = [&pipe] {
                return !pipe.is_full() || pipe.readers().open == 0;
            };
            WaitQueue& changed = pipe.changed();
            step = pipe.vfs().scheduler().wait_until(changed, "pipe write", is_writable_now);
        }
        if (step.is_ok() && pipe.readers().open == 0) {
            source.mark_broken();
            step = Errno::Pipe;
        }
        if (step.is_error()) {
            if (moved > 0) return moved;
            // Linux tells epoll(7) of every attempt.
            pipe.wake_readers();
            return step.error();
        }
    }
}

Result<void> PipeFile::set_pipe_capacity(u64 bytes)
{
    ASSERT(bytes % kPageSize == 0);
    return state_->resize(static_cast<u32>(bytes / kPageSize));
}

u32 PipeFile::poll(PollRegistration* registration)
{
    using namespace poll_events;
    PipeState& pipe = *state_;
    if (registration != nullptr) pipe.watch(*registration, is_readable(), is_writable());
    u32 events = 0;
    if (is_readable()) {
        if (pipe.buffered() > 0) events |= kIn | kRdNorm;
        if (pipe.writers().open == 0 && pipe.writers().openings != seen_openings_) events |= kHup;
    }
    if (is_writable()) {
        if (!pipe.is_full()) events |= kOut | kWrNorm;
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
