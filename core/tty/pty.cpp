#include "core/tty/pty.h"

namespace drydock {

namespace {

constexpr u32 kSigMaximum = 64;

class SlaveFile final : public TtyFile {
public:
    SlaveFile(Ref<Pty> pty, OpenRequest const& request)
        : TtyFile(*pty, request), pty_(std::move(pty))
    {}
    ~SlaveFile() override { pty_->slave_closed(); }

private:
    Ref<Pty> const pty_;
};

}  // namespace

Pty::Pty(Vfs& vfs, TtyClient* client, u32 index) : TtyDevice(vfs), index_(index)
{
    // There is no line to hang up (drivers/tty/pty.c, unix98_pty_init).
    settings().control &= ~termios::kHupCl;
    set_client(client);
}

Pty::~Pty()
{
    ASSERT(!is_master_open_);
    ASSERT(!is_slave_open());
    ASSERT(session_id == 0);
}

// --- the slave

Result<Ref<File>> Pty::open(OpenRequest const& request)
{
    if (is_locked_ || !is_master_open_) return Errno::Io;
    Ref<SlaveFile> const file = TRY(vfs().heap().create_ref<SlaveFile>(Ref<Pty>(this), request));
    ++slave_files_;
    was_closed_ = false;
    acquire_if_wanted(request);
    return Ref<File>(file);
}

void Pty::slave_closed()
{
    ASSERT(slave_files_ > 0);
    --slave_files_;
    if (is_slave_open()) return;
    was_closed_ = true;
    if (client() != nullptr && session_id != 0) client()->lose_terminal(*this);
    wake_master();
}

void Pty::poll_input()
{
    if (is_hung_up()) return;
    bool has_taken = false;
    while (!typed_.is_empty()) {
        usize const room = input_room();
        if (room == 0) break;
        ConstBytes const run = typed_.run(room);
        take_in(run);
        typed_.drop_first(run.size());
        has_taken = true;
    }
    if (!has_taken) return;
    flush_output();
    master_writable_.wake_all(vfs().scheduler(), poll_events::kOut | poll_events::kWrNorm);
}

void Pty::send(ConstBytes bytes)
{
    // An echo that finds no room is lost; writers wait for room first.
    u32 const size = shown_.put(bytes);
    if (size == 0) return;
    master_readable_.wake_all(vfs().scheduler(), poll_events::kIn | poll_events::kRdNorm);
    signalled_master_.tell(vfs(), SignalReason::In);
}

usize Pty::output_room() { return shown_.room(); }

// --- the master

void Pty::wake_master()
{
    u32 const end = was_closed_ ? poll_events::kHup : 0;
    master_readable_.wake_all(vfs().scheduler(), poll_events::kIn | poll_events::kRdNorm | end);
    master_writable_.wake_all(vfs().scheduler(), poll_events::kOut | poll_events::kWrNorm | end);
}

Result<usize> Pty::master_read(IoBuffer& target, bool is_non_blocking)
{
    if (target.remaining() == 0) return usize{0};
    if (shown_.is_empty() && !was_closed_) {
        if (is_non_blocking) return Errno::Again;
        TRY(vfs().scheduler().wait_until(master_readable_, "pseudo-terminal read", [this] {
            return was_closed_ || !shown_.is_empty();
        }));
    }
    if (shown_.is_empty()) return Errno::Io;
    usize total = 0;
    // Two runs where the bytes wrap around.
    while (target.remaining() > 0 && !shown_.is_empty()) {
        ConstBytes const run = shown_.run(target.remaining());
        Result<usize> moved = target.put(run);
        if (moved.is_error()) {
            if (total > 0) break;
            return moved.error();
        }
        shown_.drop_first(moved.value());
        total += moved.value();
        if (moved.value() < run.size()) break;
    }
    wake_waiters();
    return total;
}

Result<usize> Pty::master_write(IoBuffer& source, bool is_non_blocking)
{
    constexpr usize kChunk = 256;
    std::byte chunk[kChunk] = {};
    usize total = 0;
    Errno error{};
    while (source.remaining() > 0) {
        poll_input();
        if (typed_.room() == 0) {
            error = Errno::Again;
            if (is_non_blocking) break;
            Result<void> const waited = vfs().scheduler().wait_until(
                master_writable_, "pseudo-terminal write", [this] { return typed_.room() > 0; });
            if (waited.is_ok()) continue;
            error = waited.error();
            break;
        }
        usize wanted = source.remaining() < kChunk ? source.remaining() : kChunk;
        if (wanted > typed_.room()) wanted = typed_.room();
        Result<usize> taken = source.take({chunk, wanted});
        if (taken.is_error()) {
            error = taken.error();
            break;
        }
        typed_.put({chunk, taken.value()});
        total += taken.value();
        if (taken.value() < wanted) break;
    }
    poll_input();
    if (total == 0 && error != Errno{}) return error;
    return total;
}

u32 Pty::master_poll(PollRegistration* registration)
{
    if (registration != nullptr) {
        registration->wait_on(master_readable_);
        registration->wait_on(master_writable_);
    }
    u32 events = 0;
    if (!shown_.is_empty()) events |= poll_events::kIn | poll_events::kRdNorm;
    if (was_closed_) events |= poll_events::kHup;
    if (typed_.room() > 0) events |= poll_events::kOut | poll_events::kWrNorm;
    return events;
}

// ioctl_tty(2), ptmx(4): most of it is the terminal's.
Result<i64> Pty::master_ioctl(IoctlCall const& call)
{
    UserAddr const argument{call.argument};
    switch (call.command) {
    case ioctls::kTiocGptN: TRY(call.space.write(argument, index_)); return 0;
    case ioctls::kTiocSptLck: {
        i32 const is_wanted = TRY(call.space.read<i32>(argument));
        is_locked_ = is_wanted != 0;
        return 0;
    }
    case ioctls::kTiocGptLck: TRY(call.space.write(argument, i32{is_locked_ ? 1 : 0})); return 0;
    case ioctls::kTiocSig:
        if (call.argument == 0 || call.argument > kSigMaximum) return Errno::Inval;
        send_foreground(static_cast<u32>(call.argument));
        return 0;
    case ioctls::kTiocGpgrp:
    case ioctls::kTiocGsid: {
        bool const wants_group = call.command == ioctls::kTiocGpgrp;
        if (!wants_group && session_id == 0) return Errno::NotTty;
        i32 const id = static_cast<i32>(wants_group ? foreground_group : session_id);
        TRY(call.space.write(argument, id));
        return 0;
    }
    case ioctls::kFionRead:
        TRY(call.space.write(argument, static_cast<i32>(shown_.count())));
        return 0;
    case ioctls::kTcFlsh:
        if (call.argument > 2) return Errno::Inval;
        // Its input is what the terminal shows, its output what was typed.
        if (call.argument != 1) shown_.clear();
        if (call.argument != 0) typed_.clear();
        wake_master();
        wake_waiters();
        return 0;
    default: return ioctl(call);
    }
}

void Pty::close_master()
{
    ASSERT(is_master_open_);
    is_master_open_ = false;
    typed_.clear();
    discipline().flush_input();
    mark_hung_up();
    if (client() != nullptr && session_id != 0) client()->hang_up(*this);
}

}  // namespace drydock
