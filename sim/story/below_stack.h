#pragma once

// What lies below the running kernel stack in physical memory whenever a program makes a pipe: what
// an overflow of unguarded stacks hits.

#include "core/base/frame_source.h"
#include "sim/machine.h"

#include <array>

namespace drydock::sim {

// Plain numbers, so that they can lie in memory that outlives the process.
struct PipeCalls {
    static constexpr usize kFrames = 16;

    u64 count = 0;
    // Of the newest call: uses of the frames below the stack, the nearest first. Free beyond the
    // start of memory.
    std::array<FrameUse, kFrames> below{};
};

// Stands on a machine with unguarded stacks and writes into `calls` before each pipe is made.
class BelowStackWatch final : public RecordWatch {
public:
    BelowStackWatch(Machine& machine, PipeCalls& calls) : machine_(machine), calls_(calls) {}

    void will_see(u64) override {}
    bool saw(TraceRecord const& record, u64 index) override;

private:
    Machine& machine_;
    PipeCalls& calls_;
};

}  // namespace drydock::sim
