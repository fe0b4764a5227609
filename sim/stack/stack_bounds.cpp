#include "sim/stack/stack_bounds.h"

#include "sim/file_bytes.h"
#include "sim/host/places.h"
#include "sim/kernel_stacks.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace drydock::sim {

namespace {

using Json = nlohmann::json;

constexpr char const* kFormat = "drydock stack bound 1";

StackBound bound_of(Json const& item)
{
    StackBound bound;
    bound.bytes = item.at("bytes").get<u64>();
    for (Json const& step : item.at("path")) {
        bound.path.push_back({step.at("function").get<std::string>(), step.at("bytes").get<u64>()});
    }
    return bound;
}

}  // namespace

StackBound const& StackBounds::of(u32 doing) const
{
    if (doing == kDoingStart) return start_of_thread;
    auto const found = calls.find(doing);
    if (found != calls.end()) return found->second;
    bool const is_call = doing < kDoingReturn || doing == kDoingOutOfRange;
    return is_call ? unknown_call : other;
}

std::string path_of_stack_bounds() { return path_of_program() + ".stack.json"; }

StackBounds read_stack_bounds(std::string const& path)
{
    std::string text;
    try {
        MappedFile const file(path);
        text = file.text();
    } catch (std::runtime_error const&) {
        throw std::runtime_error(fmt::format(
            "{} is missing, the bounds that the build finds; build again, or write it with "
            "tools/stack_bound.py OBJECT --calls FILE",
            path));
    }
    Json const report = Json::parse(text, nullptr, false);
    StackBounds bounds;
    try {
        if (report.at("format") != kFormat) throw std::runtime_error("another format");
        bounds.start_bytes = report.at("start").get<u64>();
        bounds.unknown_call = bound_of(report.at("unknown_call"));
        bounds.start_of_thread = bound_of(report.at("start_of_thread"));
        bounds.other = bound_of(report.at("other"));
        for (Json const& item : report.at("calls")) {
            bounds.calls[item.at("number").get<u32>()] = bound_of(item);
        }
    } catch (std::exception const&) {
        throw std::runtime_error(
            fmt::format("{}: not what tools/stack_bound.py --calls writes; build again", path));
    }
    return bounds;
}

}  // namespace drydock::sim
