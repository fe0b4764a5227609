#include "core/base/integers.h"
#include "sim/story/chapters.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <string_view>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* kIntroduction =
    R"(2. A PIPE THAT IS BUILT ON THE KERNEL STACK

The ring of a pipe is 64 KiB. With the bug (--kernel pipe-on-stack) the whole object is built as a
temporary on the kernel stack, which is 16 KiB, and then moved to the heap.

)";

std::string text_of(Json const& run, char const* key) { return run.at(key).get<std::string>(); }

std::string name_of(Json const& run)
{
    std::string const order = text_of(run, "order");
    return order.empty() ? "as published (all 44)" : order;
}

// The call chain in a report: the lines after "call chain:" that begin with a number.
std::string chain_of(std::string_view report)
{
    constexpr std::string_view kHead = "  call chain:\n";
    usize const start = report.find(kHead);
    if (start == std::string_view::npos) return {};
    std::string_view rest = report.substr(start + kHead.size());
    std::string chain;
    while (rest.starts_with("    #")) {
        std::string_view const line = rest.substr(0, rest.find('\n'));
        chain += std::string(line) + "\n";
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    return chain;
}

// The number in front of these words in the summary of a stack overflow; 0 if there is none.
u64 number_before(std::string_view summary, std::string_view words)
{
    usize const end = summary.find(words);
    if (end == std::string_view::npos) return 0;
    usize start = end;
    while (start > 0 && summary[start - 1] >= '0' && summary[start - 1] <= '9') --start;
    u64 number = 0;
    std::from_chars(summary.data() + start, summary.data() + end, number);
    return number;
}

// "13 kernel heap" of the frames that the overflow reaches.
std::string describe_below(Json const& run, u64 frames)
{
    Json const& below = run.at("below");
    if (below.empty()) return "-";
    std::map<std::string, u64> uses;
    for (usize i = 0; i < below.size() && i < frames; ++i) ++uses[below[i].get<std::string>()];
    std::string text;
    for (auto const& [name, count] : uses) {
        text += (text.empty() ? "" : ", ") + fmt::format("{} {}", count, name);
    }
    return text;
}

bool has_failed(Json const& run) { return !run.at("is_complete").get<bool>(); }

std::string describe_end(Json const& run)
{
    if (!has_failed(run)) return "passes";
    std::string const place =
        run.at("failed_in").is_null() ? "at the end" : "in " + text_of(run, "failed_in");
    return fmt::format("{}: {}", place, text_of(run, "summary"));
}

std::string describe_guarded(Json const& run)
{
    return fmt::format(
        "Guarded stacks (1 MiB of nothing below each), the published order: stops {},"
        " at pipe() number {}\nof the run.\n\n  {}\n{}\n",
        run.at("failed_in").is_null() ? "at the end" : "in " + text_of(run, "failed_in"),
        run.at("pipe_calls").get<u64>(),
        text_of(run, "summary"),
        chain_of(text_of(run, "report")));
}

std::string describe_unguarded(std::vector<Json> const& runs, u64 bytes, u64 frames)
{
    std::string text = fmt::format(
        "Unguarded stacks, as the reference kernel's: the object ends in the {} frames ({} bytes) "
        "below\nthe stack, whoever has them. What lay there at the newest pipe() of each "
        "order:\n\n",
        frames,
        bytes);
    for (Json const& run : runs) {
        text += fmt::format("{:<24}{}\n{:<24}pipe() calls: {}; below: {}\n",
                            name_of(run),
                            describe_end(run),
                            "",
                            run.at("pipe_calls").get<u64>(),
                            describe_below(run, frames));
    }
    return text + "\n";
}

// Why those orders fail and the others do not, as far as the runs tell.
std::string explain(std::vector<Json> const& runs)
{
    bool const is_first_call = std::all_of(runs.begin(), runs.end(), [](Json const& run) {
        return run.at("pipe_calls").get<u64>() == (has_failed(run) ? 1 : 0);
    });
    if (!is_first_call) {
        return "Whether an order fails depends on what lies below the stack of the process that "
               "makes the pipe,\nand so on what ran before.\n";
    }
    return "An order fails here if anything in it makes a pipe, and at the first one: the frames "
           "below the stack\nare in use. An order passes if nothing in it makes a pipe. In the "
           "reference kernel other things lay\nthere: its pipes went well 42 benchmarks long, and "
           "sort_uniq and tar_extract hung as numbers 43 and\n44, each fine alone. The bug is the "
           "same; what it hits is a matter of the memory's layout.\n";
}

}  // namespace

Chapter make_pipe_chapter(Json const& all)
{
    Chapter chapter;
    Json const* guarded = nullptr;
    std::vector<Json> unguarded;
    for (Json const& run : all) {
        if (run.at("stack") == "guarded") {
            guarded = &run;
        } else {
            unguarded.push_back(run);
        }
    }
    if (guarded == nullptr || unguarded.empty()) throw std::runtime_error("a run is missing");
    std::string const summary = text_of(*guarded, "summary");
    u64 const bytes = number_before(summary, " bytes below the base of a stack");
    u64 const frames = (bytes + kPageSize - 1) / kPageSize;
    if (bytes == 0) chapter.problems.emplace_back("guarded stacks: no overflow was found");
    if (!has_failed(unguarded.front())) {
        chapter.problems.emplace_back("unguarded stacks: the published order passes");
    }
    chapter.text = kIntroduction + describe_guarded(*guarded) +
                   describe_unguarded(unguarded, bytes, frames) + explain(unguarded);
    chapter.figures = all;
    return chapter;
}

}  // namespace drydock::sim
