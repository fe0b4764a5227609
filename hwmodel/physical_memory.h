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

    // From here on no memory is there, as where a machine has its devices; a host access ends in
    // SIGSEGV. Once, for whole pages inside. Throws std::runtime_error.
    void make_hole(u64 first, u64 end);
    bool has_page(u64 physical) const
    {
        bool const is_in_hole = physical >= hole_first_ && physical < hole_end_;
        return physical + kPageSize <= size_ && !is_in_hole;
    }

    std::byte* base() const { return base_; }
    // One past the last address, a hole included.
    u64 size() const { return size_; }

private:
    std::byte* base_ = nullptr;
    u64 size_ = 0;
    u64 hole_first_ = 0;
    u64 hole_end_ = 0;
};

}  // namespace drydock::hwmodel
