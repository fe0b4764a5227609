#pragma once

// The machine's physical memory: private anonymous host memory at a fixed host address, so that
// host pointers into it are the same in every run and a forked child has its own copy of every
// byte.

#include "core/base/integers.h"

namespace drydock::hwmodel {

class PhysicalMemory {
public:
    // Maps `size_bytes` (a multiple of the page size) at exactly `host_base`. Throws
    // std::runtime_error if that range of host addresses is not free. Pages cost host memory once
    // they are written.
    PhysicalMemory(u64 host_base, u64 size_bytes);
    ~PhysicalMemory();
    PhysicalMemory(PhysicalMemory const&) = delete;
    PhysicalMemory& operator=(PhysicalMemory const&) = delete;

    std::byte* base() const { return base_; }
    u64 size() const { return size_; }

private:
    std::byte* base_ = nullptr;
    u64 size_ = 0;
};

}  // namespace drydock::hwmodel
