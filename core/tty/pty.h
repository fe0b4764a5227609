#pragma once

// A pseudo-terminal (pty(7)): a terminal, the slave, at whose other end is no line but an open
// file, the master. The master reads what the terminal shows and writes what is typed.

#include "core/tty/byte_ring.h"
#include "core/tty/tty_file.h"

namespace drydock {

class Pty final : public RefCounted, public TtyDevice {
public:
    // Bytes on the way in each direction (drivers/tty/pty.c, tty_buffer_set_limit).
    static constexpr u32 kCapacity = 8192;

    Pty(Vfs& vfs, TtyClient* client, u32 index);
    ~Pty() override;

    u32 index() const { return index_; }

    // --- the slave
    // An open file on the terminal. Errno::Io while it is locked (unlockpt(3)) and when the master
    // is gone.
    Result<Ref<File>> open(OpenRequest const& request) override;
    void poll_input() override;
    void send(ConstBytes bytes) override;
    usize output_room() override;
    u64 device_number() const override { return make_device(136, index_); }

    // --- the master
    // As read(2), write(2), poll(2), ioctl(2) of it. May block. A read finds Errno::Io when no
    // slave is open any more.
    Result<usize> master_read(IoBuffer& target, bool is_non_blocking);
    Result<usize> master_write(IoBuffer& source, bool is_non_blocking);
    u32 master_poll(PollRegistration* registration);
    Result<i64> master_ioctl(IoctlCall const& call);
    SignalList& signalled_master() { return signalled_master_; }
    void open_master() { is_master_open_ = true; }
    // The last descriptor of the master has gone: the terminal is hung up.
    void close_master();

    // Of the slave's files: when the last one goes, the session that had the terminal has none.
    void slave_closed();

private:
    bool is_slave_open() const { return slave_files_ > 0; }
    void wake_master();

    u32 const index_;
    bool is_locked_ = true;
    bool is_master_open_ = false;
    // The slave was open and is not any more: its reader sees the end.
    bool was_closed_ = false;
    u32 slave_files_ = 0;
    ByteRing<kCapacity> shown_{};  // What the terminal shows and the master has not read.
    ByteRing<kCapacity> typed_{};  // What the master has written and the terminal not taken.
    WaitQueue master_readable_{};
    WaitQueue master_writable_{};
    SignalList signalled_master_{};
};

}  // namespace drydock
