// Reading, writing and polling a terminal (drivers/tty/n_tty.c, n_tty_read and n_tty_write).

#include "core/tty/tty.h"

namespace drydock {

namespace {

constexpr u32 kSigTtin = 21, kSigTtou = 22;
constexpr usize kOutputChunk = 256;
// What one byte may become: a tab of spaces.
constexpr usize kMostForOne = 8;
// VTIME counts tenths of a second.
constexpr Ticks kTenth = kNanosPerSecond / 10;

}  // namespace

TtyDevice::Patience TtyDevice::patience()
{
    Patience result;
    if ((settings_.local & termios::kICanon) != 0) return result;
    u8 const minimum = settings_.characters[termios::kVMin];
    Ticks const time = settings_.characters[termios::kVTime] * kTenth;
    if (minimum > 0) {
        // The timer starts with the first byte.
        result.minimum = minimum;
        result.between_bytes = time;
    } else if (time > 0) {
        result.deadline = vfs_.scheduler().now() + time;
    } else {
        result.never_waits = true;
    }
    return result;
}

Result<void> TtyDevice::wait_for_input(Patience const& patience, bool is_non_blocking)
{
    if (is_non_blocking) return Errno::Again;
    u32 const before = hang_ups_;
    return vfs_.scheduler().wait_until(
        readable_,
        "terminal read",
        [this, before] { return is_gone(before) || discipline_.has_input(false); },
        Thread::Wait::Interruptible,
        patience.deadline);
}

Result<usize> TtyDevice::read(IoBuffer& target, bool is_non_blocking)
{
    if (target.remaining() == 0) return usize{0};
    TRY(check_job_control(kSigTtin));
    poll_input();
    u32 const before = hang_ups_;
    Patience limits = patience();
    usize total = 0;
    Errno error{};
    while (target.remaining() > 0) {
        if (!discipline_.has_input(false)) {
            if (is_gone(before)) break;
            if (ask_for_input()) continue;
            if (limits.never_waits) break;
            Result<void> const waited = wait_for_input(limits, is_non_blocking);
            if (waited.is_ok()) continue;
            if (waited.error() != Errno::TimedOut) error = waited.error();
            break;
        }
        bool const is_canonical = (settings_.local & termios::kICanon) != 0;
        Result<usize> moved = deliver(target);
        if (moved.is_error()) {
            error = moved.error();
            break;
        }
        total += moved.value();
        if (is_canonical || total >= limits.minimum) break;
        if (limits.between_bytes > 0) {
            limits.deadline = vfs_.scheduler().now() + limits.between_bytes;
        }
    }
    // Room was made: more may have been waiting outside.
    poll_input();
    if (total == 0 && error != Errno{}) return error;
    return total;
}

// One line, or its beginning; in raw mode what is there.
Result<usize> TtyDevice::deliver(IoBuffer& target)
{
    LineBuffer& buffer = discipline_.buffer();
    u32 const limit = target.remaining() < LineBuffer::kSize ? static_cast<u32>(target.remaining())
                                                             : LineBuffer::kSize;
    if ((settings_.local & termios::kICanon) == 0) {
        return deliver_bytes(target, buffer.count() < limit ? buffer.count() : limit);
    }
    LineBuffer::Line const line = buffer.next_line(limit);
    usize const moved = TRY(deliver_bytes(target, line.size));
    if (moved == line.size && line.has_marker) buffer.drop_first(1);
    return moved;
}

Result<usize> TtyDevice::deliver_bytes(IoBuffer& target, u32 size)
{
    LineBuffer& buffer = discipline_.buffer();
    u32 total = 0;
    while (total < size) {
        ConstBytes const run = buffer.run(size - total);
        Result<usize> moved = target.put(run);
        if (moved.is_error()) {
            if (total > 0) break;
            return moved.error();
        }
        buffer.drop_first(static_cast<u32>(moved.value()));
        total += static_cast<u32>(moved.value());
        if (moved.value() < run.size()) break;
    }
    return usize{total};
}

bool TtyDevice::takes_output() { return !discipline_.is_stopped() && output_room() >= kMostForOne; }

// Output stopped by XOFF goes on with XON; where the other end is slow, when it has read.
Result<void> TtyDevice::wait_for_output(bool is_non_blocking)
{
    if (is_hung_up_) return Errno::Io;
    if (takes_output()) return {};
    if (is_non_blocking) return Errno::Again;
    u32 const before = hang_ups_;
    TRY(vfs_.scheduler().wait_until(
        writable_, "terminal write", [this, before] { return is_gone(before) || takes_output(); }));
    if (is_gone(before)) return Errno::Io;
    return {};
}

Result<usize> TtyDevice::write(IoBuffer& source, bool is_non_blocking)
{
    if ((settings_.local & termios::kToStop) != 0) TRY(check_job_control(kSigTtou));
    poll_input();
    std::byte chunk[kOutputChunk] = {};
    usize total = 0;
    Errno error{};
    while (source.remaining() > 0) {
        Result<void> const ready = wait_for_output(is_non_blocking);
        if (ready.is_error()) {
            error = ready.error();
            break;
        }
        usize wanted = source.remaining() < kOutputChunk ? source.remaining() : kOutputChunk;
        if (wanted > output_room() / kMostForOne) wanted = output_room() / kMostForOne;
        Result<usize> taken = source.take({chunk, wanted});
        if (taken.is_error()) {
            error = taken.error();
            break;
        }
        usize const size = taken.value();
        output_.put(ConstBytes{chunk, size});
        // Where room is short it is counted by what has been sent.
        if (output_room() != kUnlimited) output_.flush();
        total += size;
        if (size < wanted) break;
    }
    output_.flush();
    if (total == 0 && error != Errno{}) return error;
    return total;
}

u32 TtyDevice::poll(PollRegistration* registration)
{
    if (registration != nullptr) {
        registration->wait_on(readable_);
        registration->wait_on(writable_);
    }
    poll_input();
    while (!discipline_.has_input(true) && ask_for_input()) {
    }
    u32 events = 0;
    if (discipline_.has_input(true)) events |= poll_events::kIn | poll_events::kRdNorm;
    if (is_hung_up_) return kHungUpEvents;
    if (takes_output()) events |= poll_events::kOut | poll_events::kWrNorm;
    return events;
}

}  // namespace drydock
