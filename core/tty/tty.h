#pragma once

// A terminal with Linux's line discipline (termios(3), N_TTY): canonical editing, echo, signals,
// job control, output processing. Knows processes only through TtyClient.

#include "core/tty/line_discipline.h"
#include "core/vfs/vfs.h"

namespace drydock {

// What the terminal asks of the layer above: process groups and signals.
class TtyDevice;

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
    // Groups and sessions as the running process sees them, and the other way; 0 for none.
    virtual u32 seen_number(u32 id) = 0;
    virtual u32 meant_number(u32 seen) = 0;
    // The running process's controlling terminal, or null.
    virtual TtyDevice* current_terminal() = 0;
    // The terminal's line is gone: its session has none from now on, and the leader is told
    // (drivers/tty/tty_jobctrl.c, tty_signal_session_leader).
    virtual void hang_up(TtyDevice& device) = 0;
    // The same, and nobody is told: nobody has it open any more.
    virtual void lose_terminal(TtyDevice& device) = 0;

protected:
    ~TtyClient() = default;
};

// A terminal, whatever is at the other end of its line.
class TtyDevice : public TtySink {
public:
    explicit TtyDevice(Vfs& vfs);
    TtyDevice(TtyDevice const&) = delete;
    TtyDevice& operator=(TtyDevice const&) = delete;

    void set_client(TtyClient* client) { client_ = client; }
    // Takes what has arrived; called before waiting.
    virtual void poll_input() = 0;
    // Asks for one byte more, where the other end gives only what it is asked for. False if there
    // is none, or will be an interrupt when there is.
    virtual bool ask_for_input() { return false; }
    // How much send() takes without a loss.
    static constexpr usize kUnlimited = ~usize{0};
    virtual usize output_room() { return kUnlimited; }
    // An open file on the terminal (/dev/console, /dev/tty0).
    virtual Result<Ref<File>> open(OpenRequest const& request);
    // As in /dev and /proc/PID/stat.
    virtual u64 device_number() const = 0;
    // /dev/tty1 and the like: becomes the terminal of a session leader that has none (open(2),
    // O_NOCTTY).
    Result<Ref<File>> open_and_acquire(OpenRequest const& request);

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
    // How often the line was hung up and went on: files that were opened before see the end for
    // ever (drivers/tty/tty_io.c, hung_up_tty_fops), new ones do not.
    u32 hang_ups() const { return hang_ups_; }
    static constexpr u32 kHungUpEvents = poll_events::kIn | poll_events::kOut | poll_events::kErr |
                                         poll_events::kHup | poll_events::kRdNorm |
                                         poll_events::kWrNorm;

    // Whom a signal tells of input.
    SignalList& signalled() { return signalled_; }

protected:
    ~TtyDevice() = default;

    Vfs& vfs() { return vfs_; }
    TtyClient* client() { return client_; }
    bool is_hung_up() const { return is_hung_up_; }
    LineDiscipline& discipline() { return discipline_; }
    UserWindowSize& window() { return window_; }
    UserTermios& settings() { return settings_; }
    // How many typed bytes may be taken in now; 0: readers have to make room first.
    usize input_room();
    void take_in(ConstBytes bytes);
    void flush_output() { output_.flush(); }
    // From now on readers see the end and writers an error.
    void mark_hung_up();
    // The same for all that have it open; who opens it later finds it usable.
    void hang_up_files();
    // Whether somebody waits for what is typed.
    bool has_waiting_reader() const { return !readable_.is_empty(); }
    void send_foreground(u32 signal);
    void wake_waiters();
    void acquire_if_wanted(OpenRequest const& request);

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
    // Whether the line is gone for somebody who began when it had been hung up so often.
    bool is_gone(u32 hang_ups) const { return is_hung_up_ || hang_ups_ != hang_ups; }
    Result<usize> deliver(IoBuffer& target);
    Result<usize> deliver_bytes(IoBuffer& target, u32 size);
    bool takes_output();
    Result<void> wait_for_output(bool is_non_blocking);

    bool is_controlling() const;
    // SIGTTIN, SIGTTOU to a background group: Errno::RestartSys once sent, Errno::Io.
    Result<void> check_job_control(u32 signal);

    Result<i64> settings_ioctl(IoctlCall const& call);
    Result<i64> session_ioctl(IoctlCall const& call);
    Result<i64> window_ioctl(IoctlCall const& call);
    Result<i64> flow_ioctl(IoctlCall const& call);
    Result<i64> store_settings(UserTermios const& changed, bool flushes);
    Result<i64> set_foreground(IoctlCall const& call);

    Vfs& vfs_;
    TtyClient* client_ = nullptr;
    bool is_hung_up_ = false;
    u32 hang_ups_ = 0;
    SignalList signalled_{};
    UserTermios settings_{};
    UserWindowSize window_{};
    TtyOutput output_;
    LineDiscipline discipline_;
    WaitQueue readable_{};
    WaitQueue writable_{};
};

}  // namespace drydock
