#pragma once

// What runs on the first kernel stack once the machine is up: the kernel, or a test of the machine.
// The program that is linked has one of them.

#include "core/kernel/kernel.h"

namespace drydock::guest {

// `storage` is the memory of the kernel object. Never returns; Platform::halt() ends the machine.
[[noreturn]] void run_payload(Platform& platform, void* storage, BootProgram const& program);

// What an oracle found in a payload that has halted.
struct PayloadProblem {
    u64 count = 0;  // 0: nothing.
    StringView what{};
};
PayloadProblem check_payload(void* storage);

}  // namespace drydock::guest
