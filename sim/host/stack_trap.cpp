#include "sim/host/stack_trap.h"

#include "core/base/address.h"
#include "core/base/assert.h"
#include "sim/host/running.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace drydock::sim {

namespace {

constexpr i64 kTrapFlag = 0x100;  // Intel SDM vol. 1, 3.4.3.3: a trap after the next instruction.

// The end of the page that holds a word.
u64 closed_end(u64 target) { return (target & ~(kPageSize - 1)) + kPageSize; }

}  // namespace

StackTrap::StackTrap() { set_stack_trap(this); }

StackTrap::~StackTrap()
{
    set_stack_trap(nullptr);
    for (Watched const& watched : watched_) protect(watched, false);
}

void StackTrap::protect(Watched const& watched, bool is_closed)
{
    mprotect(reinterpret_cast<void*>(watched.base),
             closed_end(watched.target) - watched.base,
             is_closed ? PROT_NONE : PROT_READ | PROT_WRITE);
}

void StackTrap::arm(u64 stack, u64 base, u64 top, u64 target)
{
    ASSERT(base % kPageSize == 0);
    ASSERT(base <= target && target + 8 <= top);
    ASSERT(!is_armed(stack));
    Watched watched;
    watched.stack = stack;
    watched.base = base;
    watched.top = top;
    watched.target = target;
    // Filled in a signal handler, where nothing may be allocated.
    watched.moment.lowest = target;
    watched.moment.words.resize((top - target) / 8);
    watched_.push_back(std::move(watched));
    protect(watched_.back(), true);
}

bool StackTrap::is_armed(u64 stack) const
{
    return std::ranges::any_of(watched_,
                               [stack](Watched const& watched) { return watched.stack == stack; });
}

std::optional<StackMoment> StackTrap::disarm(u64 stack)
{
    auto const found = std::ranges::find_if(
        watched_, [stack](Watched const& watched) { return watched.stack == stack; });
    if (found == watched_.end()) return std::nullopt;
    protect(*found, false);
    std::optional<StackMoment> moment;
    if (found->is_caught) moment = std::move(found->moment);
    watched_.erase(found);
    return moment;
}

bool StackTrap::take_fault(Interrupted const& interrupted)
{
    for (Watched& watched : watched_) {
        bool const is_here =
            interrupted.address >= watched.base && interrupted.address < closed_end(watched.target);
        if (!is_here || watched.is_lifted || watched.is_caught) continue;
        protect(watched, false);
        if (interrupted.address >= watched.target + 8) {
            watched.is_lifted = true;
            *interrupted.flags |= kTrapFlag;
            return true;
        }
        watched.is_caught = true;
        watched.moment.rip = interrupted.rip;
        watched.moment.rsp = interrupted.rsp;
        watched.moment.rbp = interrupted.rbp;
        std::memcpy(watched.moment.words.data(),
                    reinterpret_cast<void const*>(watched.target),
                    watched.moment.words.size() * 8);
        return true;
    }
    return false;
}

bool StackTrap::take_step(Interrupted const& interrupted)
{
    bool was_lifted = false;
    for (Watched& watched : watched_) {
        if (!watched.is_lifted) continue;
        watched.is_lifted = false;
        was_lifted = true;
        protect(watched, true);
    }
    if (was_lifted) *interrupted.flags &= ~kTrapFlag;
    return was_lifted;
}

}  // namespace drydock::sim
