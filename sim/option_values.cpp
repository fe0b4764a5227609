#include "sim/option_values.h"

#include "sim/command_line.h"
#include "sim/machine_layout.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace drydock::sim {

u64 parse_number(std::string const& option, std::string const& text)
{
    u64 value = 0;
    auto const parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
        throw UsageError(fmt::format("{} {}: not a number from 0 to 2^64-1", option, text));
    }
    return value;
}

u64 parse_between(std::string const& option, std::string const& text, u64 least, u64 most)
{
    u64 value = 0;
    auto const parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const is_number = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    if (is_number && value >= least && value <= most) return value;
    throw UsageError(fmt::format("{} {}: give a number from {} to {}", option, text, least, most));
}

u64 parse_memory(std::string const& text)
{
    u64 const mebibytes = parse_number("--memory", text);
    if (mebibytes < kMinimumMemory / kMiB || mebibytes > kMaximumMemory / kMiB) {
        throw UsageError(fmt::format("--memory {}: give {} to {} (MiB)",
                                     text,
                                     kMinimumMemory / kMiB,
                                     kMaximumMemory / kMiB));
    }
    return mebibytes * kMiB;
}

u64 parse_time_limit(std::string const& text, char const* unit)
{
    double seconds = 0;
    auto const parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    bool const is_number = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    if (!is_number || !std::isfinite(seconds) || seconds <= 0 || seconds > 1e9) {
        throw UsageError(
            fmt::format("--time-limit {}: give {} above 0, up to 1000000000", text, unit));
    }
    return static_cast<u64>(seconds * 1e9);
}

unsigned parse_kernel_limit(std::string const& text)
{
    constexpr u64 kMaximumSeconds = 86'400;
    u64 const seconds = parse_number("--kernel-limit", text);
    if (seconds < 1 || seconds > kMaximumSeconds) {
        throw UsageError(
            fmt::format("--kernel-limit {}: give 1 to {} (seconds)", text, kMaximumSeconds));
    }
    return static_cast<unsigned>(seconds);
}

StackMode parse_stack_mode(std::string const& text)
{
    if (text == "guarded") return StackMode::Guarded;
    if (text == "unguarded") return StackMode::Unguarded;
    throw UsageError(fmt::format("--stack {}: give guarded or unguarded", text));
}

CostTable const& parse_costs(std::string const& name)
{
    if (name.empty()) return reference_kvm_costs();
    CostTable const* const table = find_costs(name);
    if (table != nullptr) return *table;
    throw UsageError(
        fmt::format("--costs {}: no such cost table; there are {}", name, cost_table_names()));
}

unsigned parse_tag_bits(std::string const& text)
{
    u64 const bits = parse_number("--tags", text);
    if (bits > kMaximumTagBits) {
        throw UsageError(fmt::format("--tags {}: give 0 to {} (bits)", text, kMaximumTagBits));
    }
    return static_cast<unsigned>(bits);
}

Checks parse_checks(std::vector<std::string> const& names)
{
    Checks checks;
    for (std::string const& name : names) {
        if (name != "tlb" && name != "tables") {
            throw UsageError(fmt::format("--check {}: the checks are tlb and tables", name));
        }
        (name == "tlb" ? checks.tlb : checks.tables) = true;
    }
    return checks;
}

Import parse_import(std::string const& text)
{
    usize const colon = text.rfind(':');
    Import import{text.substr(0, colon), {}};
    if (colon != std::string::npos) import.guest = text.substr(colon + 1);
    while (import.host.size() > 1 && import.host.back() == '/') import.host.pop_back();
    if (import.host.empty())
        throw UsageError(fmt::format("--in {}: give HOST or HOST:GUEST", text));
    if (colon == std::string::npos) {
        import.guest = "/" + import.host.substr(import.host.rfind('/') + 1);
    }
    if (!import.guest.starts_with('/')) {
        throw UsageError(fmt::format("--in {}: the guest path must start with /", text));
    }
    return import;
}

void check_variable(std::string const& text)
{
    if (text.find('=') == std::string::npos || text.starts_with('=')) {
        throw UsageError(fmt::format("--env {}: give NAME=VALUE", text));
    }
}

}  // namespace drydock::sim
