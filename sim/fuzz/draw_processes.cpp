// Processes, signals, timers.

#include "core/base/assert.h"
#include "sim/fuzz/draw.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace drydock::sim::draw {

std::string process(Random& random, KnownValues const& known)
{
    if (!known.processes.empty() && !one_in(random, 6)) return variable_of(random, known.processes);
    return pick(random, {"0", "0", "-1", "99999", "0x7fffffff", "0x80000000", "-2"});
}

std::string wait_options(Random& random, KnownValues const& known)
{
    if (known.use == CallUse::Compared) return pick(random, {"1", "1", "3", "0x40000001", "9"});
    return pick(random,
                {"0", "1", "3", "0x40000001", "9", "0x40000000", "0x20000001", "0x80000001"});
}

std::string strings(Random& random, KnownValues const&)
{
    return pick(random,
                {"0",
                 "{q\"calls\"q0}",
                 "{q\"calls\"q\"x\"q0}",
                 "{q0}",
                 "m20",
                 "{qm20q0}",
                 "{q{r3000:97b0}q{r1000:97b0}q0}"});
}

std::string signal(Random& random, KnownValues const& known)
{
    if (one_in(random, 6)) return pick(random, {"0", "9", "19", "64", "65", "-1", "32", "33"});
    if (known.use == CallUse::Compared)
        return pick(random, {"10", "12", "14", "15", "17", "18", "13", "34", "35", "1", "23"});
    return fmt::format("{}", 1 + random.below(64));
}

std::string set(Random& random, KnownValues const&)
{
    return pick(random,
                {"{q0}",
                 "{q0x200}",
                 "{q0x800}",
                 "{q0xa00}",
                 "{q-1}",
                 "{q0x2000}",
                 "{q0x10000}",
                 "{q0x200000000}",
                 "{q0x8200}",
                 "0",
                 "m20",
                 "{q0x12a00}"});
}

std::string action(Random& random, KnownValues const&)
{
    constexpr char const* kFlags[] = {"0x04000000",
                                      "0x14000000",
                                      "0x44000000",
                                      "0x84000000",
                                      "0x04000004",
                                      "0x0c000000",
                                      "0x04000001",
                                      "0x04000002",
                                      "0"};
    constexpr char const* kMasks[] = {"0", "0x200", "-1", "0x800", "0x2000"};
    switch (random.below(8)) {
    case 0: return "{q0q0q0q0}";
    case 1: return "{q1q0x04000000qhrq0}";
    case 2: return pick(random, {"0", "m20"});
    default:
        return joined({"{qh",
                       std::to_string(random.below(2)),
                       "q",
                       pick(random, kFlags),
                       "qhrq",
                       pick(random, kMasks),
                       "}"});
    }
}

std::string alternate(Random& random, KnownValues const&)
{
    return pick(random,
                {"{qm8w0w0q8192}",
                 "{qm8w0w0q8192}",
                 "{qm8w2w0q0}",
                 "{qm8w0w0q1000}",
                 "0",
                 "m20",
                 "{qm20w0w0q8192}",
                 "{qm8w9w0q8192}",
                 "{qm8w0x80000000w0q8192}"});
}

std::string short_timeval(Random& random, KnownValues const&)
{
    return pick(random, {"{q0q0}", "{q0q1000}", "{q0q1}", "{q-1q0}", "{q0q1000000}", "m20"});
}

std::string short_timespec(Random& random, KnownValues const&)
{
    return pick(
        random,
        {"{q0q0}", "{q0q1000000}", "{q0q1}", "{q-1q0}", "{q0q1000000000}", "m20", "{q0q2000000}"});
}

std::string interval(Random& random, KnownValues const&)
{
    return pick(random,
                {"{q0q0q0q0}",
                 "{q0q0q0q1000}",
                 "{q0q1000q0q1000}",
                 "{q0q0q1q0}",
                 "{q0q0q-1q0}",
                 "{q0q0q0q1000000}",
                 "0",
                 "{q0q300q0q1}"});
}

std::string timer_value(Random& random, KnownValues const&)
{
    return pick(random,
                {"{q0q0q0q0}",
                 "{q0q0q0q1000000}",
                 "{q0q1000000q0q1000000}",
                 "{q0q0q1q0}",
                 "{q0q0q-1q0}",
                 "{q0q0q0q1000000000}",
                 "0",
                 "{q0q100000q0q1}",
                 "{q0q0q0x7fffffffffffffffq0}",
                 "{q0q0q1q1}"});
}

std::string event(Random& random, KnownValues const&)
{
    return pick(random,
                {"0",
                 "{q5w10w0z48}",
                 "{q5w14w0z48}",
                 "{q5w0w1z48}",
                 "{q5w64w0z48}",
                 "{q5w10w4z48}",
                 "m20",
                 "{q5w35w0z48}",
                 "{q5w65w0z48}"});
}

std::string id(Random& random, KnownValues const& known)
{
    if (!known.ids.empty() && !one_in(random, 4)) return variable_of(random, known.ids);
    return pick(random, {"0", "1", "2", "3", "-1"});
}

}  // namespace drydock::sim::draw
