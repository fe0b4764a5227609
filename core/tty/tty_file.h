#pragma once

// An open file on a terminal.

#include "core/tty/tty.h"

namespace drydock {

class TtyFile : public File {
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

}  // namespace drydock
