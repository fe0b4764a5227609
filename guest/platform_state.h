#pragma once

// What the assembly of platform_thunk.S and entry.S shares with the machine: the first members of
// the object behind Platform::implementation(). Offsets are part of the contract with those files.

#include "core/platform/event.h"
#include "core/platform/platform.h"

#include <cstddef>

namespace drydock::guest {

class Machine;

// An event that reports can tell about: most runs hand none out, and each system call has two or
// more, so this is all that is done with most of them.
struct alignas(64) KeptEvent {
    static constexpr u32 kNone = ~u32{0};

    u32 kind = kNone;
    u32 pid = 0;
    u32 tid = 0;
    u32 reserved = 0;
    u64 a = 0;
    u64 b = 0;
    u64 c = 0;
};
static_assert(sizeof(KeptEvent) == 64);
static_assert(offsetof(Event, pid) == offsetof(KeptEvent, pid));
static_assert(offsetof(Event, a) == offsetof(KeptEvent, a));
static_assert(offsetof(Event, c) == offsetof(KeptEvent, c));

struct PlatformState {
    static constexpr usize kKept = 32;

    // Where the platform's own calls run.
    u64 platform_stack_top = 0;
    // The kernel's stack pointer at the last call through the door.
    u64 kernel_stack_pointer = 0;
    // Of the kernel stack that runs: its lowest usable address and the number of its place.
    u64 current_stack_base = 0;
    u64 current_stack_private = 0;
    Machine* machine = nullptr;
    // Bit i: events of kind i are only kept, by the assembly itself.
    u32 quick_kinds = 0;
    // Where the next event is kept: a number of bytes from kept[0].
    u32 next_kept = 0;
    // What user code may be returned to without the machine's looking at it, if the context asks
    // for nothing else itself: the registers of ring 3 that the kernel does not use are loaded,
    // this root is, and none of its selectors is known. Null: nothing.
    UserContext const* quick_context = nullptr;
    u64 quick_root = 0;
    u64 quick_base_changes = 0;
    // What set_timer() was told, and when the hardware's timer fires.
    Ticks deadline = kNever;
    Ticks armed = kNever;
    // Of the time-stamp counter, in user code.
    u64 user_counts = 0;
    // The kernel's rbx, r12 to r15 while user code runs.
    u64 callee_saved[5] = {};
    // Why run_user() ends, if not by SYSCALL.
    Trap trap{};
    KeptEvent kept[kKept] = {};

    void keep(Event const& event)
    {
        KeptEvent& place = kept[next_kept / sizeof(KeptEvent)];
        place.kind = static_cast<u32>(event.kind);
        place.pid = event.pid;
        place.tid = event.tid;
        place.a = event.a;
        place.b = event.b;
        place.c = event.c;
        next_kept = (next_kept + sizeof(KeptEvent)) % sizeof(kept);
    }
    // For reports: the event `age` before the newest; null if there is none.
    KeptEvent const* find_kept(usize age) const
    {
        if (age >= kKept) return nullptr;
        usize const newest = next_kept / sizeof(KeptEvent) + kKept - 1;
        KeptEvent const& event = kept[(newest - age) % kKept];
        return event.kind == KeptEvent::kNone ? nullptr : &event;
    }
};
static_assert(kEventKindCount <= 32);
static_assert(offsetof(PlatformState, platform_stack_top) == 0);
static_assert(offsetof(PlatformState, kernel_stack_pointer) == 8);
static_assert(offsetof(PlatformState, current_stack_base) == 16);
static_assert(offsetof(PlatformState, current_stack_private) == 24);
static_assert(offsetof(PlatformState, quick_kinds) == 40);
static_assert(offsetof(PlatformState, next_kept) == 44);
static_assert(offsetof(PlatformState, quick_context) == 48);
static_assert(offsetof(PlatformState, quick_root) == 56);
static_assert(offsetof(PlatformState, quick_base_changes) == 64);
static_assert(offsetof(PlatformState, deadline) == 72);
static_assert(offsetof(PlatformState, armed) == 80);
static_assert(offsetof(PlatformState, user_counts) == 88);
static_assert(offsetof(PlatformState, callee_saved) == 96);
static_assert(offsetof(PlatformState, trap) == 136);
static_assert(offsetof(PlatformState, kept) == 192);
static_assert(sizeof(PlatformState::kept) == 2048);

}  // namespace drydock::guest
