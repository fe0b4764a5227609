#pragma once

// The line on a terminal that shows how a long run gets on.

#include "core/base/integers.h"

namespace drydock::sim {

class Simulation;

class ProgressLine {
public:
    // Shows nothing unless wanted and standard error is a terminal.
    ProgressLine(bool is_wanted, u64 began_ns);
    void update(Simulation& simulation);
    void erase();

private:
    bool is_wanted_;
    u64 began_ns_;
    u64 last_shown_ns_ = 0;
};

}  // namespace drydock::sim
