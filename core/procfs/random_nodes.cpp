// /proc/sys/kernel/random (random(4)): the machine's source of entropy never runs dry.

#include "core/procfs/node.h"

namespace drydock::proc {

namespace {

// Bits (drivers/char/random.c, POOL_BITS; CRNG_RESEED_INTERVAL in seconds).
constexpr u32 kPoolBits = 256, kReseedSeconds = 60;
constexpr usize kIdSize = 16;

void draw(Platform& platform, u8 (&id)[kIdSize])
{
    platform.fill_entropy({reinterpret_cast<std::byte*>(id), kIdSize});
    // RFC 9562, 5.4: version 4, variant 10.
    id[6] = static_cast<u8>((id[6] & 0x0f) | 0x40);
    id[8] = static_cast<u8>((id[8] & 0x3f) | 0x80);
}

void append_id(u8 const (&id)[kIdSize], Text& text)
{
    for (usize i = 0; i < kIdSize; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text << '-';
        text.hex(id[i], 2);
    }
    text << '\n';
}

}  // namespace

Result<void> random_id(Subject const& subject, Text& text)
{
    u8 id[kIdSize] = {};
    draw(subject.system.platform, id);
    append_id(id, text);
    return {};
}

Result<void> boot_id(Subject const& subject, Text& text)
{
    System& system = subject.system;
    if (!system.has_boot_id) draw(system.platform, system.boot_id);
    system.has_boot_id = true;
    append_id(system.boot_id, text);
    return {};
}

Result<void> entropy_bits(Subject const&, Text& text)
{
    text << kPoolBits << '\n';
    return {};
}

Result<void> reseed_seconds(Subject const&, Text& text)
{
    text << kReseedSeconds << '\n';
    return {};
}

}  // namespace drydock::proc
