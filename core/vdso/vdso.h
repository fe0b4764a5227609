#pragma once

// The code that programs call instead of the kernel to read a clock, and the page of data that it
// reads: vdso(7). All programs share the same two frames, mapped next to each other at exec:
//
//   [vvar]  data, written by the kernel alone
//   [vdso]  an ELF shared object, built from core/vdso/user
//
// What it answers never lies before what a system call has answered already: both compute the same
// function of the time-stamp counter.

#include "core/mm/address_space.h"

namespace drydock {

class Vdso final : public PageSource {
public:
    // Both pages, filled. Errno::NoMem.
    static Result<Own<Vdso>> create(Heap& heap, FrameAllocator& frames, Platform& platform);

    // Maps both where an mmap(2) without a hint would be placed, as Linux does where addresses are
    // not random (arch/x86/entry/vdso/vma.c). Returns the address of the shared object.
    // Errno::NoMem. Neither page is ever written to, privately or not: fork leaves their entries
    // out.
    Result<UserAddr> map_into(AddressSpace& space);

    // Nanoseconds that CLOCK_REALTIME is ahead of CLOCK_MONOTONIC from now on.
    void set_wall_clock_offset(i64 nanoseconds);

    Result<void> load_page(u64 index, Bytes page) override;

    Vdso(FrameAllocator& frames, ClockParameters const& clock) : frames_(frames), clock_(clock) {}

private:
    FrameAllocator& frames_;
    ClockParameters const clock_;
    Ref<FileCache> cache_{};
};

}  // namespace drydock
