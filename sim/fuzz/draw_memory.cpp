// Places in memory, and what stands there.

#include "core/base/assert.h"
#include "sim/fuzz/draw.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace drydock::sim::draw {

namespace {

using Draw = std::string (*)(Random& random, KnownValues const& known);

// Pages of the arena that are there at first. Those from kNoisyPage on take what differs from
// machine to machine.
constexpr u32 kPages = 16;
constexpr u32 kNoisyPage = 12;

}  // namespace

namespace {

// A place in memory, sometimes at the edge of a page or of what is there.
std::string place(Random& random, u32 first, u32 count)
{
    u32 const page = first + random.below(count);
    switch (random.below(10)) {
    case 0: return fmt::format("m{}-{}", page, 1 + random.below(16));
    case 1: return fmt::format("m{}+{}", page, random.below(4096));
    case 2:
        return pick(random,
                    {"0",
                     "m16-4",
                     "m16",
                     "m20",
                     "0x400000",
                     "0x7ffffffff000",
                     "0x800000000000",
                     "0xffff800000000000",
                     "0xffffffff80000000",
                     "-1",
                     "m16-1",
                     "1"});
    default: return fmt::format("m{}", page);
    }
}

}  // namespace

// What the kernel writes there may be noise.
std::string out(Random& random, KnownValues const& known)
{
    bool const is_compared = known.use == CallUse::Compared;
    return is_compared ? place(random, kNoisyPage, kPages - kNoisyPage) : place(random, 0, kPages);
}

std::string bytes_in(Random& random, KnownValues const& known)
{
    switch (random.below(4)) {
    case 0: return place(random, 0, known.use == CallUse::Compared ? kNoisyPage - 1 : kPages);
    case 1: return "{q" + std::to_string(random.below(4)) + "q0q0q0}";
    case 2:
        return joined({"{r",
                       std::to_string(1 + random.below(600)),
                       ":",
                       std::to_string(97 + random.below(26)),
                       "}"});
    default: return "{s\"hello, world\"b0z20}";
    }
}

std::string pointer_out(Random& random, KnownValues const& known)
{
    return one_in(random, 3) ? "0" : out(random, known);
}

std::string page(Random& random, KnownValues const&)
{
    if (one_in(random, 10)) return pick(random, {"m3+1", "m63", "-4096", "m0-4096"});
    return fmt::format("m{}", random.below(24));
}

std::string map_at(Random& random, KnownValues const& known)
{
    return one_in(random, 3) ? "0" : page(random, known);
}

std::string length(Random& random, KnownValues const&)
{
    return pick(random,
                {"4096",
                 "4096",
                 "8192",
                 "8192",
                 "12288",
                 "0x10000",
                 "0",
                 "1",
                 "4097",
                 "0x40000",
                 "-1",
                 "-4096",
                 "0x7ffffffff000"});
}

std::string page_offset(Random& random, KnownValues const&)
{
    return pick(random, {"0", "0", "0", "4096", "8192", "1", "-4096", "0x7ffffffffffff000"});
}

namespace {

std::string vectors(Random& random, KnownValues const& known, Draw draw)
{
    if (one_in(random, 12)) return pick(random, {"0", "m20", "m16-8"});
    std::string text = "{";
    for (u32 i = 0; i < 3; ++i) {
        text += joined({"q",
                        draw(random, known),
                        "q",
                        pick(random, {"0", "1", "3", "8", "24", "100", "400", "-1", "4096"})});
    }
    return text + "}";
}

}  // namespace

std::string vectors_out(Random& random, KnownValues const& known)
{
    return vectors(random, known, out);
}
std::string vectors_in(Random& random, KnownValues const& known)
{
    return vectors(random, known, bytes_in);
}

std::string word(Random& random, KnownValues const&)
{
    return pick(random, {"m3", "m3", "m3+4", "m4", "m3+1", "m20", "0"});
}

std::string robust(Random& random, KnownValues const&)
{
    return pick(random, {"{qm3q0q0}", "m3", "{qm20q0qm3}", "0", "m20", "{q{qm4}q4q0}"});
}

}  // namespace drydock::sim::draw
