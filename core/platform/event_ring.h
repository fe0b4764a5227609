#pragma once

// The last events, for reports: on a machine that hands none out this is all that is done with most
// of them, and each system call has two or more. The platform reads it, the kernel never does.

#include "core/platform/event.h"

#include <cstddef>

namespace drydock {

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

// Offsets are part of the contract with guest/platform_thunk.S.
struct EventRing {
    static constexpr usize kKept = 32;

    // Bit i: events of kind i are only kept. None, where the platform looks at each.
    u32 quick_kinds = 0;
    // Where the next event is kept: a number of bytes from kept[0].
    u32 next_kept = 0;
    KeptEvent kept[kKept] = {};

    bool only_keeps(EventKind kind) const
    {
        return (quick_kinds & u32{1} << static_cast<u8>(kind)) != 0;
    }
    void keep(Event const& event)
    {
        KeptEvent& place = next_place();
        place.kind = static_cast<u32>(event.kind);
        place.pid = event.pid;
        place.tid = event.tid;
        place.a = event.a;
        place.b = event.b;
        place.c = event.c;
    }
    // Of the running thread. By value: an event in memory would cost more than all else.
    void keep(EventKind kind, u64 a, u64 b, u64 c)
    {
        KeptEvent& place = next_place();
        place.kind = static_cast<u32>(kind);
        place.pid = 0;
        place.tid = 0;
        place.a = a;
        place.b = b;
        place.c = c;
    }
    // For reports: the event `age` before the newest; null if there is none.
    KeptEvent const* find_kept(usize age) const
    {
        if (age >= kKept) return nullptr;
        usize const newest = next_kept / sizeof(KeptEvent) + kKept - 1;
        KeptEvent const& event = kept[(newest - age) % kKept];
        return event.kind == KeptEvent::kNone ? nullptr : &event;
    }

private:
    KeptEvent& next_place()
    {
        u32 const place = next_kept;
        next_kept = (place + sizeof(KeptEvent)) % sizeof(kept);
        return *reinterpret_cast<KeptEvent*>(reinterpret_cast<std::byte*>(kept) + place);
    }
};
static_assert(kEventKindCount <= 32);
static_assert(offsetof(EventRing, quick_kinds) == 0);
static_assert(offsetof(EventRing, next_kept) == 4);
static_assert(offsetof(EventRing, kept) == 64);
static_assert(sizeof(EventRing::kept) == 2048);

}  // namespace drydock
