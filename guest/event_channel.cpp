#include "guest/event_channel.h"

#include "guest/instructions.h"

namespace drydock::guest {

namespace {

constexpr u16 kDebugConsole = 0xe9;

}  // namespace

void EventChannel::start(EventTarget const& target, std::byte* ring)
{
    kind_ = target.kind;
    if (kind_ != EventTarget::Kind::Memory) return;
    ASSERT(ring != nullptr);
    ASSERT(target.size >= kRingHeaderSize + sizeof(EventRecord));
    ring_ = reinterpret_cast<RingHeader*>(ring);
    records_ = reinterpret_cast<EventRecord*>(ring + kRingHeaderSize);
    capacity_ = (target.size - kRingHeaderSize) / sizeof(EventRecord);
    *ring_ = {kRingMagic, capacity_, 0};
}

void EventChannel::put(EventRecord const& record)
{
    switch (kind_) {
    case EventTarget::Kind::None: return;
    case EventTarget::Kind::Port: out8_repeated(kDebugConsole, &record, sizeof(record)); return;
    case EventTarget::Kind::Memory:
        records_[ring_->written % capacity_] = record;
        // The record is there before the count says so: stores stay in order on x86.
        asm volatile("" : : : "memory");
        ring_->written = ring_->written + 1;
    }
}

void EventChannel::add(Event const& event, Ticks time)
{
    put({static_cast<u32>(event.kind), event.pid, event.tid, 0, event.a, event.b, event.c, time});
}

void EventChannel::add_last(EventRecord const& record)
{
    put(record);
    if (kind_ != EventTarget::Kind::Port) out8_repeated(kDebugConsole, &record, sizeof(record));
}

}  // namespace drydock::guest
