#include "sim/progress.h"

#include "sim/host/host_usage.h"
#include "sim/simulation.h"

#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kFirstShownNs = 1'000'000'000;
constexpr u64 kPeriodNs = 200'000'000;

}  // namespace

ProgressLine::ProgressLine(bool is_wanted, u64 began_ns)
    : is_wanted_(is_wanted && is_host_terminal(2)), began_ns_(began_ns)
{}

void ProgressLine::update(Simulation& simulation)
{
    if (!is_wanted_) return;
    u64 const now = host_monotonic_ns();
    u64 const since_start = now - began_ns_;
    if (since_start < kFirstShownNs || now - last_shown_ns_ < kPeriodNs) return;
    last_shown_ns_ = now;
    Machine& machine = simulation.machine();
    double const millions = static_cast<double>(machine.user_instructions()) / 1e6;
    double const seconds = static_cast<double>(since_start) / 1e9;
    fmt::print(stderr,
               "\r\033[K{:.3f} s virtual, {:.0f} M instructions, {:.0f} MIPS, {} processes\r",
               static_cast<double>(machine.now()) / 1e9,
               millions,
               millions / seconds,
               machine.process_count());
    std::fflush(stderr);
}

void ProgressLine::erase()
{
    if (last_shown_ns_ == 0) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    last_shown_ns_ = 0;
}

}  // namespace drydock::sim
