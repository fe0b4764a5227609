#include "sim/contracts/contract_result.h"

#include "sim/quoted_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>

namespace drydock::sim {

namespace {

constexpr u64 kMostBytes = 64 * kMiB;

// Takes `size` bytes off the front; nothing if there are not so many.
std::optional<std::string> take(std::string_view& text, u64 size)
{
    if (size > text.size()) return {};
    std::string taken(text.substr(0, size));
    text.remove_prefix(size);
    return taken;
}

std::optional<ContractResult> take_record(std::string_view& text)
{
    usize const end = text.find('\n');
    if (end == std::string_view::npos) return {};
    LineParser line(text.substr(0, end));
    text.remove_prefix(end + 1);
    try {
        if (line.word() != "contract") return {};
        ContractResult result;
        result.name = line.word();
        std::string const kind(line.word());
        u64 const number = line.number();
        result.ending = fmt::format("{} {}", kind, number);
        u64 const output_size = line.number(kMostBytes);
        u64 const error_size = line.number(kMostBytes);
        line.expect_end();
        std::optional<std::string> output = take(text, output_size);
        std::optional<std::string> errors = take(text, error_size);
        if (!output || !errors || !text.starts_with('\n')) return {};
        text.remove_prefix(1);
        result.output = std::move(*output);
        result.errors = std::move(*errors);
        return result;
    } catch (std::runtime_error const&) {
        return {};
    }
}

std::string_view line_at(std::string_view text, usize start)
{
    return text.substr(start, text.find('\n', start) - start);
}

std::string shown_line(std::string_view text, usize start)
{
    if (start >= text.size()) return "(nothing more)";
    std::string const line = quoted(line_at(text, start));
    return line.substr(1, line.size() - 2);
}

std::string describe_text(char const* what,
                          std::string_view left_place,
                          std::string_view left,
                          std::string_view right_place,
                          std::string_view right)
{
    auto const parted = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    usize const place = static_cast<usize>(parted.first - left.begin());
    usize const before = left.substr(0, place).rfind('\n');
    usize const start = before == std::string_view::npos ? 0 : before + 1;
    auto const line = 1 + std::count(left.begin(), parted.first, '\n');
    return fmt::format("  standard {} differs in line {}\n    {:<10} {}\n    {:<10} {}\n",
                       what,
                       line,
                       fmt::format("{}:", left_place),
                       shown_line(left, start),
                       fmt::format("{}:", right_place),
                       shown_line(right, start));
}

}  // namespace

std::vector<ContractResult> parse_contract_records(std::string_view text)
{
    std::vector<ContractResult> results;
    while (std::optional<ContractResult> result = take_record(text)) {
        results.push_back(std::move(*result));
    }
    return results;
}

std::string print_contract_result(ContractResult const& result)
{
    return fmt::format("{} {} {} {} {}",
                       quoted(result.name),
                       quoted(result.ending),
                       quoted(result.output),
                       quoted(result.errors),
                       quoted(result.problem));
}

ContractResult parse_contract_result(std::string_view line)
{
    LineParser parser(line);
    ContractResult result;
    for (std::string* const field :
         {&result.name, &result.ending, &result.output, &result.errors, &result.problem}) {
        *field = parser.text();
    }
    parser.expect_end();
    return result;
}

std::string describe_contract_difference(std::string_view left_place,
                                         ContractResult const& left,
                                         std::string_view right_place,
                                         ContractResult const& right)
{
    std::string text;
    if (!right.problem.empty()) text += fmt::format("  {}: {}\n", right_place, right.problem);
    if (!left.problem.empty() || right.ending.empty()) return text;
    if (left.output != right.output) {
        text += describe_text("output", left_place, left.output, right_place, right.output);
    }
    if (left.errors != right.errors) {
        text += describe_text("error", left_place, left.errors, right_place, right.errors);
    }
    if (left.ending != right.ending) {
        text +=
            fmt::format("  {}: {}, {}: {}\n", left_place, left.ending, right_place, right.ending);
    }
    return text;
}

}  // namespace drydock::sim
