// Epoll files in the sets of others: no circles, no long chains, and not too many ways.

#include "core/event/epoll.h"

namespace drydock {

// All four walks end after kMaximumNesting steps: no set that is there already reaches further.

// The longest chain of sets below this one; more than kMaximumNesting if `wanted` is among them.
u32 Epoll::steps_down(Epoll const& wanted, u32 depth)
{
    ASSERT(depth <= kMaximumNesting);
    if (this == &wanted) return kMaximumNesting + 1;
    u32 longest = 0;
    for (Item& item : nested_) {
        u32 const steps = 1 + static_cast<Epoll&>(item.file).steps_down(wanted, depth + 1);
        if (steps > longest) longest = steps;
        if (longest > kMaximumNesting) break;
    }
    return longest;
}

// The longest chain of sets above this one. Only epoll sets watch an epoll file.
u32 Epoll::steps_up(u32 depth)
{
    ASSERT(depth <= kMaximumNesting);
    u32 longest = 0;
    for (FileWatch& watch : watches()) {
        u32 const steps = 1 + static_cast<Item&>(watch).epoll.steps_up(depth + 1);
        if (steps > longest) longest = steps;
    }
    return longest;
}

// Linux ep_loop_check().
Result<void> Epoll::check_nesting(Epoll& inner)
{
    u32 const below = inner.steps_down(*this, 0);
    if (below > kMaximumNesting) return Errno::Loop;
    if (below + 1 + steps_up(0) > kMaximumNesting) return Errno::Loop;
    return {};
}

// Counts the ways from here to the sets that are in no other, by their number of steps. False once
// there are too many.
bool Epoll::count_ways_up(u32 steps, WayCounts& counts)
{
    ASSERT(steps <= kMaximumNesting);
    // Linux path_limits[], fs/eventpoll.c: what one event may set off.
    constexpr u32 kMost[kMaximumNesting + 1] = {1000, 500, 100, 50, 10};
    if (watches().is_empty()) {
        ++counts.ways[steps];
        return counts.ways[steps] <= kMost[steps];
    }
    for (FileWatch& watch : watches()) {
        if (!static_cast<Item&>(watch).epoll.count_ways_up(steps + 1, counts)) return false;
    }
    return true;
}

// Whether every set from here downwards is reached in few enough ways. Linux counts from the other
// files in the sets, one step further down.
bool Epoll::has_few_ways(u32 depth)
{
    ASSERT(depth <= kMaximumNesting);
    WayCounts counts;
    if (!count_ways_up(0, counts)) return false;
    for (Item& item : nested_) {
        if (!static_cast<Epoll&>(item.file).has_few_ways(depth + 1)) return false;
    }
    return true;
}

}  // namespace drydock
