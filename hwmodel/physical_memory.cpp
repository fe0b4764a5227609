#include "hwmodel/physical_memory.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/mman.h>

namespace drydock::hwmodel {

PhysicalMemory::PhysicalMemory(u64 host_base, u64 size_bytes) : size_(size_bytes)
{
    if (host_base % kPageSize != 0 || size_bytes % kPageSize != 0 || size_bytes == 0) {
        throw std::runtime_error(
            fmt::format("physical memory: base {:#x} and size {:#x} must be whole pages",
                        host_base,
                        size_bytes));
    }
    // MAP_PRIVATE: a shared mapping would leak a forked child's writes into its parent.
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
    auto* const wanted = reinterpret_cast<void*>(host_base);
    void* const mapped = mmap(wanted, size_bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
    if (mapped == MAP_FAILED) {
        throw std::runtime_error(fmt::format("physical memory: cannot map {:#x} bytes at {:#x}: {}",
                                             size_bytes,
                                             host_base,
                                             std::strerror(errno)));
    }
    if (mapped != wanted) {
        munmap(mapped, size_bytes);
        throw std::runtime_error(fmt::format(
            "physical memory: the host does not honour MAP_FIXED_NOREPLACE at {:#x}", host_base));
    }
    base_ = static_cast<std::byte*>(mapped);
}

void PhysicalMemory::make_hole(u64 first, u64 end)
{
    bool const is_sound = hole_end_ == 0 && first % kPageSize == 0 && end % kPageSize == 0 &&
                          first < end && end <= size_;
    if (!is_sound || mprotect(base_ + first, end - first, PROT_NONE) != 0) {
        throw std::runtime_error(
            fmt::format("physical memory: cannot leave out {:#x} to {:#x}", first, end));
    }
    hole_first_ = first;
    hole_end_ = end;
}

PhysicalMemory::~PhysicalMemory() { munmap(base_, size_); }

}  // namespace drydock::hwmodel
