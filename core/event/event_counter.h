#pragma once

// eventfd(2): a 64-bit counter behind a descriptor. Reading takes the counter (or one of it),
// writing adds to it and waits while it would pass its maximum.

#include "core/vfs/vfs.h"

namespace drydock {

class EventCounter final : public File {
public:
    // The largest value; one more is only reached by the kernel's own additions.
    static constexpr u64 kMaximum = ~u64{0} - 1;

    // `flags`: open flags, of which O_NONBLOCK counts. Errno::NoMem.
    static Result<Ref<File>> create(Vfs& vfs, u64 initial, bool is_semaphore, u32 flags);

    EventCounter(Vfs& vfs, Ref<Inode> inode, u64 initial, bool is_semaphore, u32 flags)
        : File(std::move(inode), Path(), flags)
        , scheduler_(vfs.scheduler())
        , count_(initial)
        , is_semaphore_(is_semaphore)
    {}

    FileKind kind() const override { return FileKind::EventCounter; }
    bool can_poll() const override { return true; }
    // There is no position, but it can be asked for (Linux noop_llseek()).
    Result<u64> seek(i64, u32) override { return u64{0}; }
    // Errno::Inval below eight bytes, Again, RestartSys, Fault.
    Result<usize> read(IoBuffer& target) override;
    Result<usize> write(IoBuffer& source) override;
    u32 poll(PollRegistration* registration) override;

private:
    Scheduler& scheduler_;
    u64 count_;
    bool const is_semaphore_;
    WaitQueue changed_{};
};

}  // namespace drydock
