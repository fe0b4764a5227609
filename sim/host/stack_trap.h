#pragma once

// Finds the moment at which a kernel stack is used down to a given word, and keeps registers and
// stack of that moment. The pages of the stack down from that word's are taken away; each access
// there faults, and its instruction is run alone with the pages back, until the word is touched.

#include "core/base/integers.h"

#include <optional>
#include <vector>

namespace drydock::sim {

// A kernel stack at one moment.
struct StackMoment {
    u64 rip = 0, rsp = 0, rbp = 0;
    u64 lowest = 0;            // The address of the first word.
    std::vector<u64> words{};  // From there to the top of the stack.
};

class StackTrap {
public:
    // Handlers ask this one; one at a time in a process.
    StackTrap();
    ~StackTrap();
    StackTrap(StackTrap const&) = delete;
    StackTrap& operator=(StackTrap const&) = delete;

    // Waits for an access to the word at `target` of the stack [base, top), addresses of the host.
    // Several stacks may be waited for. `stack` is the caller's name for it.
    void arm(u64 stack, u64 base, u64 top, u64 target);
    // No longer; what was kept, if the word was touched.
    std::optional<StackMoment> disarm(u64 stack);
    bool is_armed(u64 stack) const;

    // In a signal handler: whether the fault, or the trap after one instruction, was of this
    // class's making. `flags` are the interrupted code's, to be changed.
    struct Interrupted {
        u64 address = 0;  // Of the access.
        u64 rip = 0, rsp = 0, rbp = 0;
        i64* flags = nullptr;
    };
    bool take_fault(Interrupted const& interrupted);
    bool take_step(Interrupted const& interrupted);

private:
    struct Watched {
        u64 stack = 0;
        u64 base = 0, top = 0, target = 0;
        bool is_lifted = false;  // While an instruction runs alone.
        bool is_caught = false;
        StackMoment moment{};
    };

    static void protect(Watched const& watched, bool is_closed);

    std::vector<Watched> watched_{};
};

}  // namespace drydock::sim
