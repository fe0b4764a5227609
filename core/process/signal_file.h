#pragma once

// signalfd(2): a descriptor through which signals are taken. It belongs to no process: each reader
// takes what is pending for itself, and each poller asks about itself.

#include "core/process/process_table.h"

namespace drydock {

// struct signalfd_siginfo, <linux/signalfd.h>.
struct SignalFileInfo {
    u32 number = 0;
    i32 error = 0;
    i32 code = 0;
    u32 pid = 0;
    u32 uid = 0;
    i32 descriptor = 0;
    u32 timer = 0;
    u32 band = 0;
    u32 overrun = 0;
    u32 trap_number = 0;
    i32 status = 0;
    i32 integer = 0;
    u64 pointer = 0;
    u64 user_time = 0;
    u64 system_time = 0;
    u64 address = 0;
    u16 address_bits = 0;
    u16 unused = 0;
    i32 syscall = 0;
    u64 call_address = 0;
    u32 architecture = 0;
    u8 padding[28] = {};
};
static_assert(sizeof(SignalFileInfo) == 128);

// What signalfd(2) tells of a signal.
SignalFileInfo describe_signal(SignalInfo const& info);

class SignalFile final : public File {
public:
    // `flags`: open flags, of which O_NONBLOCK counts. Errno::NoMem.
    static Result<Ref<File>> create(System& system, SignalSet mask, u32 flags);
    SignalFile(System& system, Ref<Inode> inode, SignalSet mask, u32 flags)
        : File(std::move(inode), Path(), flags), system_(system), mask_(mask)
    {}

    // Other signals from now on.
    void set_mask(SignalSet mask);

    FileKind kind() const override { return FileKind::Signals; }
    bool can_poll() const override { return true; }
    // There is no position, but it can be asked for (Linux noop_llseek()).
    Result<u64> seek(i64, u32) override { return u64{0}; }
    // As many as fit, 128 bytes each; waits for the first. Errno::Inval below that, Again, Fault,
    // RestartSys.
    Result<usize> read(IoBuffer& target) override;
    u32 poll(PollRegistration* registration) override;

private:
    UserThread& reader() const;
    bool has_any(UserThread& thread) const;

    System& system_;
    SignalSet mask_;
};

}  // namespace drydock
