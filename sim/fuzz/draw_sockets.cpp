// Addresses and messages of sockets.

#include "core/base/assert.h"
#include "sim/fuzz/draw.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace drydock::sim::draw {

std::string address(Random& random, KnownValues const& known)
{
    if (one_in(random, 8)) return out(random, known);
    return pick(random,
                {"{h1s\"s\"b0z106}",
                 "{h1s\"s\"b0z106}",
                 "{h1b0s\"abs\"z100}",
                 "{h1s\"d/s\"b0z100}",
                 "{h1s\"a\"b0z106}",
                 "{h1z108}",
                 "{h0z14}",
                 "{h2h0x901fw0x100007fz8}",
                 "0",
                 "{h1r108:97}"});
}
std::string address_size(Random& random, KnownValues const&)
{
    return pick(random, {"4", "6", "110", "110", "2", "0", "1", "111", "128", "129", "-1", "5"});
}
std::string size_pointer(Random& random, KnownValues const&)
{
    return pick(random,
                {"0", "{w110}", "{w110}", "{w4}", "{w0}", "{w-1}", "{w2}", "m20", "{w128}"});
}

std::string send_flags(Random& random, KnownValues const& known)
{
    // MSG_DONTWAIT and MSG_NOSIGNAL are among them; not every Linux has MSG_OOB here.
    if (known.use == CallUse::Compared) return pick(random, {"0x4040", "0x40", "0x4040", "0x40"});
    return pick(random, {"0", "0x40", "0x4040", "0x4000", "0x8040", "1", "0x80"});
}
std::string receive_flags(Random& random, KnownValues const& known)
{
    if (known.use == CallUse::Compared) return pick(random, {"0x40", "0x42", "0x60", "0x62"});
    return pick(random,
                {"0", "0x40", "0x42", "0x60", "0x100", "0x142", "0x40000040", "1", "0x2040"});
}

namespace {

std::string control(Random& random, KnownValues const& known)
{
    switch (random.below(6)) {
    case 0: return fmt::format("q{{q20w1w1w{}w0}}q24", descriptor(random, known));
    case 1:
        return joined(
            {"q{q24w1w1w", descriptor(random, known), "w", descriptor(random, known), "}q24"});
    case 2: return "q{q28w1w2w0w0w0w0}q32";
    case 3: return "q{q4w1w1q0}q16";
    default: return "q0q0";
    }
}

}  // namespace

namespace {

std::string message(Random& random, KnownValues const& known, bool is_in)
{
    std::string const name = one_in(random, 3) ? address(random, known) : "0";
    std::string const name_size = name == "0" ? "0" : address_size(random, known);
    std::string text = joined({"{q",
                               name,
                               "w",
                               name_size,
                               "w0q",
                               is_in ? vectors_in(random, known) : vectors_out(random, known),
                               "q",
                               pick(random, {"1", "2"})});
    if (is_in)
        text += control(random, known);
    else
        text += joined(
            {"q", out(random, known), "q", pick(random, {"0", "24", "64", "16", "20", "-1"})});
    return text + "w0w0}";
}

}  // namespace

std::string message_in(Random& random, KnownValues const& known)
{
    return message(random, known, true);
}
std::string message_out(Random& random, KnownValues const& known)
{
    return message(random, known, false);
}
std::string messages_in(Random& random, KnownValues const& known)
{
    std::string text = message_in(random, known);
    text.insert(text.size() - 1, "w0w0");
    return text;
}

}  // namespace drydock::sim::draw
