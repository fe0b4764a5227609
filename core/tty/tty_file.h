#pragma once

// An open file on a terminal.

#include "core/tty/tty.h"

namespace drydock {

class TtyFile : public File {
public:
    TtyFile(TtyDevice& device, OpenRequest const& request)
        : File(request.inode, request.path, request.flags)
        , device_(device)
        , hang_ups_(device.hang_ups())
    {}
    Result<usize> read(IoBuffer& target) override
    {
        if (is_gone()) return usize{0};
        return device_.read(target, is_non_blocking());
    }
    Result<usize> write(IoBuffer& source) override
    {
        if (is_gone()) return Errno::Io;
        return device_.write(source, is_non_blocking());
    }
    Result<usize> read_at(IoBuffer&, u64) override { return Errno::Spipe; }
    Result<usize> write_at(IoBuffer&, u64) override { return Errno::Spipe; }
    Result<u64> seek(i64, u32) override { return Errno::Spipe; }
    u32 poll(PollRegistration* registration) override
    {
        return is_gone() ? TtyDevice::kHungUpEvents : device_.poll(registration);
    }
    bool can_poll() const override { return true; }
    Result<i64> ioctl(IoctlCall const& call) override
    {
        if (is_gone()) return Errno::Io;
        return device_.ioctl(call);
    }
    SignalLists signal_lists() override
    {
        return is_gone() ? SignalLists{} : SignalLists{&device_.signalled(), nullptr};
    }
    void* terminal() override { return &device_; }

private:
    bool is_gone() const { return hang_ups_ != device_.hang_ups(); }

    TtyDevice& device_;
    // When it was opened.
    u32 const hang_ups_;
};

}  // namespace drydock
