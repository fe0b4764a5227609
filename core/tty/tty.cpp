// The terminal as a device: what arrives, opening it, and who may use it.

#include "core/tty/tty.h"

#include "core/tty/tty_file.h"

namespace drydock {

namespace {

constexpr u32 kSigTtin = 21;
constexpr usize kInputChunk = 64;

}  // namespace

TtyDevice::TtyDevice(Vfs& vfs)
    : vfs_(vfs)
    , settings_(default_termios())
    , output_(*this, settings_)
    , discipline_(settings_, output_)
{}

usize TtyDevice::input_room()
{
    LineBuffer& buffer = discipline_.buffer();
    if (buffer.is_full() && discipline_.has_input(false)) return 0;
    usize const room = LineBuffer::kSize - buffer.count();
    return room == 0 || room > kInputChunk ? kInputChunk : room;
}

void TtyDevice::take_in(ConstBytes bytes)
{
    for (std::byte const byte : bytes) {
        u32 const signal = discipline_.receive(static_cast<u8>(byte));
        if (signal != 0) send_foreground(signal);
    }
    wake_waiters();
    if (!bytes.is_empty() && discipline_.has_input(false)) signalled_.tell(vfs_, SignalReason::In);
}

void TtyDevice::wake_waiters()
{
    Scheduler& scheduler = vfs_.scheduler();
    using namespace poll_events;
    u32 const end = is_hung_up_ ? kHup | kErr : 0;
    bool const has_input = discipline_.has_input(false);
    if (is_hung_up_ || has_input) readable_.wake_all(scheduler, kIn | kRdNorm | end);
    if (is_hung_up_ || takes_output()) writable_.wake_all(scheduler, kOut | kWrNorm | end);
}

void TtyDevice::mark_hung_up()
{
    is_hung_up_ = true;
    wake_waiters();
}

void TtyDevice::hang_up_files()
{
    ++hang_ups_;
    signalled_.stop_all();
    discipline_.flush_input();
    Scheduler& scheduler = vfs_.scheduler();
    readable_.wake_all(scheduler, kHungUpEvents);
    writable_.wake_all(scheduler, kHungUpEvents);
}

void TtyDevice::send_foreground(u32 signal)
{
    if (client_ != nullptr && foreground_group != 0)
        client_->signal_group(foreground_group, signal);
}

bool TtyDevice::is_controlling() const
{
    return client_ != nullptr && session_id != 0 && client_->current_session() == session_id;
}

// drivers/tty/tty_jobctrl.c, __tty_check_change.
Result<void> TtyDevice::check_job_control(u32 signal)
{
    if (!is_controlling() || foreground_group == 0) return {};
    u32 const group = client_->current_group();
    if (group == foreground_group) return {};
    if (!client_->can_stop_current(signal)) {
        if (signal == kSigTtin) return Errno::Io;
        return {};
    }
    client_->signal_group(group, signal);
    return Errno::RestartSys;
}

Result<Ref<File>> TtyDevice::open(OpenRequest const& request)
{
    Ref<TtyFile> const file = TRY(vfs_.heap().create_ref<TtyFile>(*this, request));
    return Ref<File>(file);
}

void TtyDevice::acquire_if_wanted(OpenRequest const& request)
{
    bool const may_acquire = (request.flags & open_flags::kNoControllingTty) == 0;
    if (!may_acquire || client_ == nullptr || session_id != 0) return;
    // Whoever leads no session, or has a terminal already, simply does not get it.
    Result<void> const outcome = client_->acquire(this, false);
    static_cast<void>(outcome.is_ok());
}

Result<Ref<File>> TtyDevice::open_and_acquire(OpenRequest const& request)
{
    Ref<File> file = TRY(open(request));
    acquire_if_wanted(request);
    return file;
}

}  // namespace drydock
