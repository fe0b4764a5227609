#pragma once

// A terminal with Linux's line discipline (termios(3), N_TTY): canonical editing, echo, signals,
// job control, output processing. Knows processes only through TtyClient.

#include "core/tty/line_discipline.h"
#include "core/vfs/vfs.h"

namespace drydock {

// What the terminal asks of the layer above: process groups and signals.
class TtyClient {
public:
    // Sends a signal (by number) to a foreground process group.
    virtual void signal_group(u32 group_id, u32 signal) = 0;
    // Of the running process: its group and session, and whether it may be stopped by `signal` (not
    // ignored or blocked, group not orphaned).
    virtual u32 current_group() = 0;
    virtual u32 current_session() = 0;
    virtual bool can_stop_current(u32 signal) = 0;
    // TIOCSCTTY, TIOCNOTTY, TIOCSPGRP rules. Errno::Perm.
    virtual Result<void> acquire(void* tty, bool steal) = 0;
    virtual void give_up(void* tty) = 0;
    virtual bool group_is_in_session(u32 group_id, u32 session_id) = 0;

protected:
    ~TtyClient() = default;
};

class TtyDevice {
public:
    TtyDevice(Vfs& vfs, Platform& platform);
    TtyDevice(TtyDevice const&) = delete;
    TtyDevice& operator=(TtyDevice const&) = delete;
    ~TtyDevice() = default;

    void set_client(TtyClient* client) { client_ = client; }
    // Takes what the console has received; called after each interrupt and before waiting.
    void poll_input();
    // An open file on the terminal (/dev/console, /dev/tty0).
    Result<Ref<File>> open(OpenRequest const& request);
    // /dev/tty: Errno::Nxio where the running process has no controlling terminal.
    Result<Ref<File>> open_controlling(OpenRequest const& request);
    // /dev/tty1 and the like: becomes the terminal of a session leader that has none (open(2),
    // O_NOCTTY).
    Result<Ref<File>> open_and_acquire(OpenRequest const& request);
    // Host streams that are no terminals: files that read or write them directly, behaving as
    // pipes.
    Result<Ref<File>> open_stream(ConsoleStream stream);

    // The group that may read, and the session whose terminal this is; 0 for none.
    u32 foreground_group = 0;
    u32 session_id = 0;

    // --- for the open files on it
    // -------------------------------------------------------------------- As read(2), write(2),
    // ioctl(2) of a terminal. May block.
    Result<usize> read(IoBuffer& target, bool is_non_blocking);
    Result<usize> write(IoBuffer& source, bool is_non_blocking);
    u32 poll(PollRegistration* registration);
    Result<i64> ioctl(IoctlCall const& call);

private:
    // How long a read waits: the four cases of VMIN and VTIME (termios(3)).
    struct Patience {
        u32 minimum = 1;
        Ticks between_bytes = 0;
        Ticks deadline = kNever;
        bool never_waits = false;
    };
    Patience patience();
    Result<void> wait_for_input(Patience const& patience, bool is_non_blocking);
    Result<usize> deliver(IoBuffer& target);
    Result<usize> deliver_bytes(IoBuffer& target, u32 size);
    Result<void> wait_for_output(bool is_non_blocking);

    void take_in(ConstBytes bytes);
    void hang_up();
    void send_foreground(u32 signal);
    bool is_controlling() const;
    // SIGTTIN, SIGTTOU to a background group: Errno::RestartSys once sent, Errno::Io.
    Result<void> check_job_control(u32 signal);
    void wake_waiters();

    Result<i64> settings_ioctl(IoctlCall const& call);
    Result<i64> session_ioctl(IoctlCall const& call);
    Result<i64> window_ioctl(IoctlCall const& call);
    Result<i64> flow_ioctl(IoctlCall const& call);
    Result<i64> store_settings(UserTermios const& changed, bool flushes);
    Result<i64> set_foreground(IoctlCall const& call);

    Vfs& vfs_;
    Platform& platform_;
    TtyClient* client_ = nullptr;
    bool has_input_stream_ = false;
    bool is_hung_up_ = false;
    UserTermios settings_{};
    UserWindowSize window_{};
    TtyOutput output_;
    LineDiscipline discipline_;
    WaitQueue readable_{};
    WaitQueue writable_{};
};

}  // namespace drydock
