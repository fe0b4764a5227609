#pragma once

// A run in a process of its own, with this process as its supervisor: the kernel runs natively and
// may loop, crash or scribble over the simulator, and somebody must be left to say so.
//
// Both processes are of one process group, so what a terminal sends reaches the child directly;
// what is sent to the supervisor alone is passed on. The supervisor stops, continues and ends as
// its child does.

#include "sim/black_box.h"

#include <functional>
#include <string>

namespace drydock::sim {

// A child that ended without a verdict.
struct Loss {
    enum class Kind : u8 {
        Crashed,   // By a signal that a program brings upon itself.
        Stuck,     // Took CPU time without getting on; the supervisor ended it.
        Vanished,  // Exited before its time.
    };
    Kind kind = Kind::Vanished;
    int number = 0;  // The signal, the CPU seconds without progress, the exit status.
};

struct SupervisorOptions {
    // CPU seconds that the child may take without a heartbeat.
    unsigned stuck_seconds = 0;
};

// Forks before anything else has been set up. In the child: runs `simulate` and returns what it
// returns (or lets its exception through). In the supervisor: waits for the child's end and returns
// its exit status, or what `on_loss` makes of a child that ended without a verdict; does not return
// if a signal from outside ended the child, but ends by the same. Throws std::runtime_error if the
// host has no room for a process.
int run_supervised(SupervisorOptions const& options,
                   std::function<int(BlackBox&)> const& simulate,
                   std::function<int(BlackBox const&, Loss const&)> const& on_loss);

}  // namespace drydock::sim
