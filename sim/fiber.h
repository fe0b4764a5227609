#pragma once

// The way between the driver (the host's own stack) and a simulation's stacks. Inside, any stack
// may leave; entering again continues where it left.

#include "core/base/integers.h"

#include <boost/context/detail/fcontext.hpp>

namespace drydock::sim {

class Gate {
public:
    using Entry = void (*)(void* argument);

    // Arranges that the next enter() runs entry(argument) on that stack; it must end with leave().
    void start(void* stack_bottom, u64 stack_size, Entry entry, void* argument);
    // From outside. Returns when somebody inside leaves.
    void enter();
    // From inside. Returns when the driver enters again, which it need not.
    void leave();

private:
    static void first_entry(boost::context::detail::transfer_t transfer);

    boost::context::detail::fcontext_t inside_ = nullptr;
    boost::context::detail::fcontext_t outside_ = nullptr;
    Entry entry_ = nullptr;
    void* argument_ = nullptr;
    // For sanitizers.
    void const* inside_bottom_ = nullptr;
    u64 inside_size_ = 0;
    void const* outside_bottom_ = nullptr;
    u64 outside_size_ = 0;
};

}  // namespace drydock::sim
