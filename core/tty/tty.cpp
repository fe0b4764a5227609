// The terminal as a device: its input from the console, opening it, and who may use it.

#include "core/tty/tty.h"

#include "core/tty/stream_file.h"

namespace drydock {

namespace {

constexpr u32 kSigHup = 1, kSigCont = 18, kSigTtin = 21;
constexpr usize kInputChunk = 64;

class TtyFile final : public File {
public:
    TtyFile(TtyDevice& device, OpenRequest const& request)
        : File(request.inode, request.path, request.flags), device_(device)
    {}
    Result<usize> read(IoBuffer& target) override
    {
        return device_.read(target, is_non_blocking());
    }
    Result<usize> write(IoBuffer& source) override
    {
        return device_.write(source, is_non_blocking());
    }
    Result<usize> read_at(IoBuffer&, u64) override { return Errno::Spipe; }
    Result<usize> write_at(IoBuffer&, u64) override { return Errno::Spipe; }
    Result<u64> seek(i64, u32) override { return Errno::Spipe; }
    u32 poll(PollRegistration* registration) override { return device_.poll(registration); }
    bool can_poll() const override { return true; }
    Result<i64> ioctl(IoctlCall const& call) override { return device_.ioctl(call); }
    void* terminal() override { return &device_; }

private:
    TtyDevice& device_;
};

}  // namespace

TtyDevice::TtyDevice(Vfs& vfs, Platform& platform)
    : vfs_(vfs)
    , platform_(platform)
    , settings_(default_termios())
    , output_(platform, settings_)
    , discipline_(settings_, output_)
{
    ConsoleMode const mode = platform.console_mode();
    has_input_stream_ = mode.is_terminal[static_cast<u8>(ConsoleStream::Input)];
    bool const writes_output = mode.is_terminal[static_cast<u8>(ConsoleStream::Output)];
    bool const writes_error = mode.is_terminal[static_cast<u8>(ConsoleStream::Error)];
    if (!writes_output && writes_error) output_.set_stream(ConsoleStream::Error);
    window_.rows = mode.rows;
    window_.columns = mode.columns;
}

void TtyDevice::poll_input()
{
    if (!has_input_stream_ || is_hung_up_) return;
    std::byte chunk[kInputChunk] = {};
    for (;;) {
        LineBuffer& buffer = discipline_.buffer();
        bool const must_wait = buffer.is_full() && discipline_.has_input(false);
        // Where nobody runs who could read, what does not fit is lost, as on a real line.
        Thread const* const current = vfs_.scheduler().current();
        bool const is_idle = current == nullptr || current->state() != Thread::State::Running;
        if (must_wait && !is_idle) break;
        usize room = LineBuffer::kSize - buffer.count();
        if (room == 0 || room > kInputChunk) room = kInputChunk;
        ConsoleRead const got = platform_.console_input({chunk, room});
        if (got.status == ConsoleRead::Status::EndOfFile) {
            hang_up();
            break;
        }
        if (got.status == ConsoleRead::Status::Nothing || got.size == 0) break;
        take_in({chunk, got.size});
    }
    output_.flush();
}

void TtyDevice::take_in(ConstBytes bytes)
{
    for (std::byte const byte : bytes) {
        u32 const signal = discipline_.receive(static_cast<u8>(byte));
        if (signal != 0) send_foreground(signal);
    }
    wake_waiters();
}

void TtyDevice::wake_waiters()
{
    Scheduler& scheduler = vfs_.scheduler();
    using namespace poll_events;
    u32 const end = is_hung_up_ ? kHup | kErr : 0;
    bool const has_input = discipline_.has_input(false);
    if (is_hung_up_ || has_input) readable_.wake_all(scheduler, kIn | kRdNorm | end);
    bool const takes_output = !discipline_.is_stopped();
    if (is_hung_up_ || takes_output) writable_.wake_all(scheduler, kOut | kWrNorm | end);
}

// A terminal that is gone: the session learns of it, readers see the end, writers an error.
void TtyDevice::hang_up()
{
    is_hung_up_ = true;
    if (client_ != nullptr && session_id != 0) {
        client_->signal_group(session_id, kSigHup);
        client_->signal_group(session_id, kSigCont);
        if (foreground_group != session_id) {
            send_foreground(kSigHup);
            send_foreground(kSigCont);
        }
    }
    wake_waiters();
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

Result<Ref<File>> TtyDevice::open_controlling(OpenRequest const& request)
{
    if (!is_controlling()) return Errno::Nxio;
    return open(request);
}

Result<Ref<File>> TtyDevice::open_and_acquire(OpenRequest const& request)
{
    Ref<File> file = TRY(open(request));
    bool const may_acquire = (request.flags & open_flags::kNoControllingTty) == 0;
    if (may_acquire && client_ != nullptr && session_id == 0) {
        // Whoever leads no session, or has a terminal already, simply does not get it.
        Result<void> const outcome = client_->acquire(this, false);
        static_cast<void>(outcome.is_ok());
    }
    return file;
}

Result<Ref<File>> TtyDevice::open_stream(ConsoleStream stream)
{
    return open_stream_file(vfs_, platform_, stream);
}

}  // namespace drydock
