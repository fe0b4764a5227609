#pragma once

// Somebody who follows what each kernel stack is used for. Asked only of a machine that has one;
// the run itself is the same.

#include "core/base/integers.h"

namespace drydock::sim {

// What a stack does from some moment on, until it does something else.
struct StackUse {
    u64 stack = 0;  // The number of the stack (KernelStack::private_data).
    u64 base = 0;   // Its lowest usable address.
    u32 doing = 0;  // A system call's number, or kDoing....
};

class StackWatch {
public:
    virtual ~StackWatch() = default;

    virtual void began(StackUse const& use) = 0;
    // The dead part of that stack is about to be read and painted: what it did is over.
    virtual void will_measure(u64 stack) = 0;
    // What it did took so many bytes of it, counted from its top.
    virtual void used(u64 stack, u32 doing, u64 bytes) = 0;
};

}  // namespace drydock::sim
