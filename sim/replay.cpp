#include "sim/replay.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

// Where a debugger waits: the kernel is making the event in question.
extern "C" __attribute__((noinline)) void drydock_sim_reached_event() { asm volatile(""); }

namespace drydock::sim {

namespace {

struct Unit {
    std::string_view name;
    double nanoseconds;
};
constexpr Unit kUnits[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
constexpr double kLongestNs = 1e18;

}  // namespace

std::optional<StopPoint> parse_stop_point(std::string_view text)
{
    char const* const end = text.data() + text.size();
    StopPoint point;
    u64 event = 0;
    auto const whole = std::from_chars(text.data(), end, event);
    if (whole.ec == std::errc{} && whole.ptr == end) {
        point.event = event;
        return point;
    }
    double value = 0;
    auto const parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc{} || !std::isfinite(value) || value < 0) return {};
    std::string_view const unit = text.substr(static_cast<usize>(parsed.ptr - text.data()));
    for (Unit const& known : kUnits) {
        if (unit != known.name || value * known.nanoseconds > kLongestNs) continue;
        point.time_ns = static_cast<u64>(value * known.nanoseconds);
        return point;
    }
    return {};
}

ReplayWatch::ReplayWatch(std::vector<TraceRecord> const* expected,
                         StopPoint until,
                         std::optional<u64> signal_before)
    : expected_(expected), until_(until), signal_before_(signal_before)
{}

void ReplayWatch::will_see(u64 index)
{
    if (signal_before_ == index) drydock_sim_reached_event();
}

bool ReplayWatch::saw(TraceRecord const& record, u64 index)
{
    if (record.kind == static_cast<u32>(EventKind::AvoidableFault) && !first_finding_) {
        first_finding_ = index;
    }
    bool const differs = expected_ != nullptr && !difference_ &&
                         (index >= expected_->size() || (*expected_)[index] != record);
    if (differs) {
        difference_ = index;
        found_ = record;
    }
    is_until_reached_ = (until_.event && index >= *until_.event) ||
                        (until_.time_ns && record.time_ns >= *until_.time_ns);
    return differs || is_until_reached_;
}

std::string refusal_of(Trace const& trace)
{
    std::string const& recorded = trace.recipe.build.version;
    std::string const here = this_build().version;
    if (recorded != here) {
        return fmt::format("recorded by drydock {}, this is {}", recorded, here);
    }
    if (find_costs(trace.recipe.costs) == nullptr) {
        return fmt::format("recorded with the cost table {}, which this drydock does not have",
                           trace.recipe.costs);
    }
    return {};
}

std::string kernel_change(Trace const& trace)
{
    std::string const& recorded = trace.recipe.build.kernel;
    std::string const here = this_build().kernel;
    if (trace.kind == TraceKind::HeaderOnly || recorded == here) return {};
    return fmt::format("recorded with another kernel ({}, this is {}); replay its header (drydock "
                       "trace --header), or give --any-kernel to see where they part",
                       recorded,
                       here);
}

}  // namespace drydock::sim
