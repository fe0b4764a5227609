#pragma once

// Work in a process of its own that hands back a text: the kernel runs natively, and a run that
// loops, crashes or scribbles must not take others with it.

#include "sim/black_box.h"
#include "sim/host/supervisor.h"

#include <functional>
#include <optional>
#include <string>

namespace drydock::sim {

// A black box in memory that forked processes share.
class SharedBlackBox {
public:
    // Throws std::runtime_error if the host has no memory.
    SharedBlackBox();
    ~SharedBlackBox();
    SharedBlackBox(SharedBlackBox const&) = delete;
    SharedBlackBox& operator=(SharedBlackBox const&) = delete;

    BlackBox& operator*() { return *box_; }
    BlackBox* operator->() { return box_; }
    // As new, for the next run.
    void reset();

private:
    BlackBox* box_;
};

struct IsolatedEnd {
    std::string text{};          // What the work returned.
    std::optional<Loss> loss{};  // Present: it did not return.
};

// Forks; the child returns from here never. What the work throws is the text "!" and its message,
// and is thrown here again. `cpu_seconds` of the host are what the child may take. Throws
// std::runtime_error if the host has no room for a process.
IsolatedEnd run_isolated(BlackBox& box,
                         unsigned cpu_seconds,
                         std::function<std::string()> const& work);

}  // namespace drydock::sim
