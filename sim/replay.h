#pragma once

// Runs a recipe again and compares as it goes with what was recorded.

#include "sim/recipe_run.h"
#include "sim/trace_reader.h"

#include <optional>
#include <string>

namespace drydock::sim {

// Where a replay stops early.
struct StopPoint {
    std::optional<u64> event{};    // After this event; the first one is 0.
    std::optional<u64> time_ns{};  // At the first chance at or after this virtual time.
};

// "1234" is an event; "1.5s", "20ms", "300us" and "7ns" are times.
std::optional<StopPoint> parse_stop_point(std::string_view text);

// Compares records with what is expected, and stops at the first that differs.
class ReplayWatch final : public RecordWatch {
public:
    // `expected` is borrowed; null: nothing to compare with. `signal_before`: the event before
    // which drydock_sim_reached_event() is called, for a debugger that waits there.
    ReplayWatch(std::vector<TraceRecord> const* expected,
                StopPoint until,
                std::optional<u64> signal_before);

    void will_see(u64 index) override;
    bool saw(TraceRecord const& record, u64 index) override;

    std::optional<u64> difference() const { return difference_; }
    TraceRecord const& found() const { return found_; }
    bool is_until_reached() const { return is_until_reached_; }
    // The first event of an oracle that lets the run go on; absent: none.
    std::optional<u64> first_finding() const { return first_finding_; }

private:
    std::vector<TraceRecord> const* expected_;
    StopPoint until_;
    std::optional<u64> signal_before_;
    std::optional<u64> difference_{};
    std::optional<u64> first_finding_{};
    TraceRecord found_{};
    bool is_until_reached_ = false;
};

// Why no build of this version can replay a trace; empty if one can.
std::string refusal_of(Trace const& trace);
// That the sources of the kernel are not those of the recorded events; empty if they are. A header
// alone may be of another state of the kernel: then only the way the run ends is compared.
std::string kernel_change(Trace const& trace);

}  // namespace drydock::sim
