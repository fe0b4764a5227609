#pragma once

// A terminal with Linux's line discipline (termios(3), N_TTY): canonical editing, echo, signals, job
// control, output processing. Knows processes only through TtyClient.

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
    ~TtyDevice();

    void set_client(TtyClient* client) { client_ = client; }
    // Takes what the console has received; called after each interrupt and before waiting.
    void poll_input();
    // An open file on the terminal (/dev/tty, /dev/console, /dev/tty0).
    Result<Ref<File>> open(OpenRequest const& request);
    // Host streams that are no terminals: files that read or write them directly, behaving as pipes.
    Result<Ref<File>> open_stream(ConsoleStream stream);

    u32 foreground_group = 0;
    u32 session_id = 0;

private:
    Vfs& vfs_;
    Platform& platform_;
    TtyClient* client_ = nullptr;
    // The owner of this file adds the rest.
};

}  // namespace drydock
