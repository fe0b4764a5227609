#include "sim/text_difference.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> lines;
    for (usize at = 0; at < text.size();) {
        usize const end = std::min(text.find('\n', at), text.size() - 1);
        lines.push_back(text.substr(at, end + 1 - at));
        at = end + 1;
    }
    return lines;
}

// Control bytes as \xNN: what a program prints must not act on the terminal here.
std::string visible(std::string const& line)
{
    std::string text;
    for (char const character : line) {
        auto const byte = static_cast<unsigned char>(character);
        text += byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte)
                                            : std::string(1, character);
    }
    return text;
}

}  // namespace

std::string describe_text_difference(char const* what,
                                     NamedText const& left,
                                     NamedText const& right,
                                     SameLine const& is_same)
{
    if (left.text == right.text) return {};
    std::vector<std::string> const left_lines = lines_of(left.text);
    std::vector<std::string> const right_lines = lines_of(right.text);
    usize line = 0;
    usize const common = std::min(left_lines.size(), right_lines.size());
    while (line < common && (left_lines[line] == right_lines[line] ||
                             (is_same && is_same(left_lines[line], right_lines[line])))) {
        ++line;
    }
    if (line == left_lines.size() && line == right_lines.size()) return {};
    auto const show = [line](char const* side, std::vector<std::string> const& lines) {
        return fmt::format("  {:<10} {}\n",
                           fmt::format("{}:", side),
                           line < lines.size() ? visible(lines[line]) : "(nothing more)");
    };
    return fmt::format("standard {} differs in line {}\n", what, line + 1) +
           show(left.side, left_lines) + show(right.side, right_lines);
}

std::string describe_status_difference(char const* left_side,
                                       int left_status,
                                       char const* right_side,
                                       int right_status)
{
    if (left_status == right_status) return {};
    return fmt::format("the exit status differs: {} {}, {} {}\n",
                       left_side,
                       left_status,
                       right_side,
                       right_status);
}

}  // namespace drydock::sim
