#pragma once

// What a run leaves where its supervisor still finds it when the process of the run is gone: the
// last events, a heartbeat, and the place of a crash. Lives in memory that both processes see.
//
// Written by one process without locks and read by the other after the first has ended (the
// heartbeat while it runs). A kernel that scribbles over memory may have hit it: whatever reads it
// bounds what it finds.

#include "sim/event_log.h"

#include <atomic>

namespace drydock::sim {

struct BlackBox {
    // Where the kernel was when a handler last interrupted it without seeing it get on.
    struct Place {
        static constexpr usize kMaximumFrames = 48;
        int signal = 0;  // 0: nothing was noted.
        u64 address = 0;
        u64 rip = 0, rsp = 0;
        u32 frame_count = 0;
        u64 return_addresses[kMaximumFrames] = {};
        u64 frame_ends[kMaximumFrames] = {};  // The stack address behind each frame.
    };

    EventLog::Ring ring{};
    Place place{};
    // Goes up for each second of CPU time in which the run got on.
    std::atomic<u64> beats{0};
    // Results that a run of the suite has printed.
    std::atomic<u64> results{0};
    // A handler has found a crash or a loop, and its report is being written.
    std::atomic<bool> is_reporting{false};
    // The run has come to its verdict; the exit status says the rest.
    std::atomic<bool> has_verdict{false};
};

}  // namespace drydock::sim
