#pragma once

// An open end of a pipe or FIFO (or both ends: a FIFO opened for reading and writing).

#include "core/pipe/pipe_state.h"

namespace drydock {

class PipeFile final : public File {
public:
    PipeFile(Ref<Inode> inode, Path path, u32 flags, Ref<PipeState> state)
        : File(std::move(inode), std::move(path), flags), state_(std::move(state))
    {}
    ~PipeFile() override;

    // Counts as open from now on.
    void attach();
    // A FIFO without writers is at its end only for those who have met one (poll(2), POLLHUP).
    void remember_writers() { seen_openings_ = state_->writers().openings; }

    PipeState& state() const { return *state_; }
    FileKind kind() const override { return FileKind::Pipe; }
    bool can_poll() const override { return true; }
    Result<usize> read(IoBuffer& target) override;
    Result<usize> write(IoBuffer& source) override;
    u32 poll(PollRegistration* registration) override;
    Result<i64> ioctl(IoctlCall const& call) override;
    SignalLists signal_lists() override
    {
        return {is_readable() ? &state_->signalled_readers() : nullptr,
                is_writable() ? &state_->signalled_writers() : nullptr};
    }
    Result<u64> pipe_capacity() override { return u64{state_->capacity()}; }
    Result<void> set_pipe_capacity(u64 bytes) override;

private:
    // As many pages as there are free slots.
    Result<void> fill_slots(IoBuffer& source);
    usize shorten_by_choice(usize size);

    Ref<PipeState> state_;
    bool is_attached_ = false;
    u64 seen_openings_ = 0;
};

}  // namespace drydock
