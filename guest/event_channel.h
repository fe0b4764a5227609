#pragma once

// Events out of the machine, in records as the simulator's traces have them (sim/trace_format.h).
// pid and tid stay 0 where the kernel left them so: who reads fills them in from the switches.
//
//   port     each record's bytes to the debug console, port 0xe9 (-device isa-debugcon,iobase=0xe9)
//   memory   into a ring at a physical address beyond the kernel's memory, which QEMU keeps in a
//   file
//            (-object memory-backend-file,share=on): as cheap as a store
//
// The last record, the exit status, goes to the port in any case.

#include "core/platform/platform.h"

namespace drydock::guest {

struct EventTarget {
    enum class Kind : u8 { None, Port, Memory };
    Kind kind = Kind::None;
    u64 address = 0;
    u64 size = 0;
};

struct EventRecord {
    u32 kind = 0;
    u32 pid = 0;
    u32 tid = 0;
    u32 reserved = 0;
    u64 a = 0;
    u64 b = 0;
    u64 c = 0;
    u64 time_ns = 0;
};
static_assert(sizeof(EventRecord) == 48);

// The kinds that are no events of the kernel.
inline constexpr u32 kRecordHalt = 131;    // a: exit status
inline constexpr u32 kRecordFailed = 132;  // The kernel gave up; why is on the console.

class EventChannel {
public:
    // The start of the ring in memory; records follow from kRingHeaderSize on.
    struct RingHeader {
        u64 magic = 0;
        u64 capacity = 0;  // In records.
        u64 written = 0;   // In all; record i is at i modulo capacity.
    };
    static constexpr u64 kRingMagic = 0x3174'6e65'7665'6464;  // "ddevent1"
    static constexpr usize kRingHeaderSize = 4096;

    // `ring` is the target's memory; null unless the kind is Memory.
    void start(EventTarget const& target, std::byte* ring);

    bool is_open() const { return kind_ != EventTarget::Kind::None; }
    void add(Event const& event, Ticks time);
    // The last record: to the port whatever the target.
    void add_last(EventRecord const& record);

private:
    void put(EventRecord const& record);

    EventTarget::Kind kind_ = EventTarget::Kind::None;
    RingHeader* ring_ = nullptr;
    EventRecord* records_ = nullptr;
    u64 capacity_ = 0;
};

}  // namespace drydock::guest
