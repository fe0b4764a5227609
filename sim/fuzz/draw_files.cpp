// Descriptors, paths and what else calls about files take.

#include "core/base/assert.h"
#include "sim/fuzz/draw.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace drydock::sim::draw {

bool one_in(Random& random, u32 bound) { return random.below(bound) == 0; }

std::string joined(std::initializer_list<std::string> parts)
{
    std::string text;
    for (std::string const& part : parts) text += part;
    return text;
}

std::string variable_of(Random& random, std::vector<u32> const& variables)
{
    ASSERT(!variables.empty());
    u32 const count = static_cast<u32>(variables.size());
    u32 const back = one_in(random, 2) ? random.below(std::min(count, 3u)) : random.below(count);
    return fmt::format("v{}", variables[count - 1 - back]);
}

std::string descriptor(Random& random, KnownValues const& known)
{
    if (!known.descriptors.empty() && !one_in(random, 12))
        return variable_of(random, known.descriptors);
    return pick(random, {"0", "1", "3", "4", "5", "-1", "1000", "-100", "0x7fffffff"});
}

std::string any_descriptor(Random& random, KnownValues const& known)
{
    if (one_in(random, 2)) return descriptor(random, known);
    return pick(random, {"3", "4", "7", "20", "0", "-1", "1023", "1024"});
}

std::string descriptor_or_none(Random& random, KnownValues const& known)
{
    return one_in(random, 2) ? "-1" : descriptor(random, known);
}

std::string folder(Random& random, KnownValues const& known)
{
    return one_in(random, 3) ? descriptor(random, known) : "-100";
}

namespace {

std::string text_of(std::string_view path) { return fmt::format("\"{}\"", path); }

}  // namespace

std::string path(Random& random, KnownValues const& known)
{
    constexpr char const* kOrdinary[] = {"a",
                                         "b",
                                         "c",
                                         "d",
                                         "d/a",
                                         "d/b",
                                         "d/e",
                                         "d/e/a",
                                         "l",
                                         "l/a",
                                         "f",
                                         "s",
                                         "/w/a",
                                         "/w/d",
                                         "../w/d/b",
                                         "./a",
                                         "d/../b",
                                         "/w"};
    constexpr char const* kOdd[] = {"",
                                    ".",
                                    "..",
                                    "/",
                                    "a/",
                                    "d/",
                                    "a/b",
                                    "missing/x",
                                    "d//a",
                                    "/w/./d/.",
                                    "/calls",
                                    "/tmp",
                                    "d/e/../../../w/a"};
    constexpr char const* kOwn[] = {"/proc/self/fd/3", "/proc/self/maps",    "/proc/self/status",
                                    "/proc/self/exe",  "/proc/self/cwd",     "/proc/self/fd",
                                    "/proc/meminfo",   "/proc/self/task",    "/proc/self/stat",
                                    "/proc/self/mem",  "/proc/mounts",       "/dev/tty",
                                    "/proc",           "/proc/self/cmdline", "/proc/self/fd/4",
                                    "/dev/random",     "/dev/urandom",       "/dev/console",
                                    "/dev/null",       "/dev/zero",          "/dev/full"};
    u32 const kind = random.below(16);
    if (kind < 11) return text_of(kOrdinary[random.below(std::size(kOrdinary))]);
    if (kind < 14) return text_of(kOdd[random.below(std::size(kOdd))]);
    if (kind == 14 && known.use == CallUse::Simulated)
        return text_of(kOwn[random.below(std::size(kOwn))]);
    return pick(random,
                {"0",
                 "m20",
                 "{r255:97b0}",
                 "{r256:97b0}",
                 "{r4095:47b0}",
                 "{r4096:97}",
                 "0x800000000000",
                 "m1-1",
                 "{s\"d/\"r250:98b0}"});
}

std::string open_flags(Random& random, KnownValues const&)
{
    constexpr u32 kExtra[] = {0x80,
                              0x100,
                              0x200,
                              0x400,
                              0x800,
                              0x1000,
                              0x8000,
                              0x10000,
                              0x20000,
                              0x80000,
                              0x200000,
                              0x410000,
                              0x101000,
                              0x2000,
                              0x4000,
                              0x40000};
    u32 flags = random.below(3);
    if (!one_in(random, 3)) flags |= 0x40;
    // Otherwise a fifo makes its opener wait.
    if (!one_in(random, 6)) flags |= 0x800;
    while (one_in(random, 2)) flags |= kExtra[random.below(std::size(kExtra))];
    return fmt::format("{:#x}", flags);
}

std::string mode(Random& random, KnownValues const&)
{
    return pick(random,
                {"0644",
                 "0755",
                 "0600",
                 "0777",
                 "0",
                 "0444",
                 "0111",
                 "02755",
                 "04755",
                 "01777",
                 "07777",
                 "-1"});
}

std::string size(Random& random, KnownValues const& known)
{
    if (known.use == CallUse::Compared && !one_in(random, 8))
        return pick(random, {"0", "1", "2", "3", "5", "8", "16", "24", "100", "128", "512"});
    return pick(random,
                {"0",     "1",     "2",   "3",          "5",          "8",          "16",   "24",
                 "100",   "128",   "512", "1000",       "4095",       "4096",       "4097", "8192",
                 "10000", "65536", "-1",  "0x7fffffff", "0x7ffff000", "0x100000000"});
}

std::string offset(Random& random, KnownValues const&)
{
    return pick(random,
                {"0",
                 "0",
                 "1",
                 "2",
                 "5",
                 "7",
                 "100",
                 "4095",
                 "4096",
                 "4097",
                 "5000",
                 "8192",
                 "12288",
                 "65536",
                 "-1",
                 "-4096",
                 "0x7fffffffffffffff",
                 "0x8000000000000000",
                 "0x7ffffffffffff000",
                 "0x100000000"});
}

std::string offset_pointer(Random& random, KnownValues const&)
{
    return pick(random, {"0", "0", "0", "{q0}", "{q3}", "{q4096}", "{q-1}", "m20"});
}

std::string owner(Random& random, KnownValues const&)
{
    return pick(random, {"0", "0", "-1", "1", "1000", "65534"});
}

std::string times(Random& random, KnownValues const&)
{
    return pick(random,
                {"0",
                 "{q1q0q2q0}",
                 "{q0q0x3fffffffq0q0x3ffffffe}",
                 "{q1q0q0q0x3ffffffe}",
                 "m20",
                 "{q1q1000000000q1q0}",
                 "{q100000q5q200000q999999}"});
}

std::string fcntl_value(Random& random, KnownValues const& known)
{
    if (one_in(random, 4)) return process(random, known);
    return pick(random,
                {"0",
                 "1",
                 "0x800",
                 "0xc00",
                 "0x400",
                 "0x2c00",
                 "4096",
                 "65536",
                 "10",
                 "0xf",
                 "2000",
                 "-1"});
}

std::string lock(Random& random, KnownValues const&)
{
    return joined({"{h",
                   pick(random, {"0", "1", "2", "3"}),
                   "h",
                   pick(random, {"0", "1", "2"}),
                   "w0q",
                   pick(random, {"0", "1", "5", "10", "-1"}),
                   "q",
                   pick(random, {"0", "1", "5", "10", "-1", "0x7fffffffffffffff"}),
                   "w0w0}"});
}

std::string how(Random& random, KnownValues const& known)
{
    return joined({"{q",
                   open_flags(random, known),
                   "q",
                   pick(random, {"0", "0644", "0"}),
                   "q",
                   pick(random, {"0", "1", "2", "4", "8", "16", "32", "64"}),
                   "q0}"});
}

std::string polls(Random& random, KnownValues const& known)
{
    constexpr char const* kEvents[] = {"1", "4", "5", "0", "0x2000", "0x1f", "2", "0x7fff"};
    std::string text = "{";
    for (u32 i = 0; i < 3; ++i) {
        text += joined({"w", descriptor(random, known), "h", pick(random, kEvents), "h0"});
    }
    return text + "}";
}

std::string event_wanted(Random& random, KnownValues const&)
{
    return pick(random,
                {"{w1q1}",
                 "{w4q2}",
                 "{w5q3}",
                 "{w0x80000001q4}",
                 "{w0x40000005q5}",
                 "{w0q6}",
                 "0",
                 "{w0x10000001q7}",
                 "{w0x2001q8}",
                 "{w0x20000001q9}"});
}

}  // namespace drydock::sim::draw
