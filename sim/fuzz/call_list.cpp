#include "sim/fuzz/call_list.h"

#include <charconv>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr std::string_view kSettingMark = "# seed ";
constexpr usize kLongestLine = 2000;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

std::string_view take_line(std::string_view& text)
{
    usize const end = std::min(text.find('\n'), text.size());
    std::string_view const line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

// Up to a space that stands neither in quotes nor in a block.
std::string_view take_word(std::string_view& text)
{
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    bool is_quoted = false;
    usize depth = 0;
    usize end = 0;
    for (; end < text.size(); ++end) {
        char const character = text[end];
        if (character == '"') is_quoted = !is_quoted;
        if (is_quoted) continue;
        if (character == '{') ++depth;
        if (character == '}' && depth > 0) --depth;
        if (depth == 0 && (character == ' ' || character == '#')) break;
    }
    std::string_view const word = text.substr(0, end);
    text.remove_prefix(end);
    if (!text.empty() && text.front() == '#') text = {};
    return word;
}

template <typename Number>
bool read_number(std::string_view text, Number& number)
{
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

CallSetting parse_setting(std::string_view line)
{
    CallSetting setting;
    line.remove_prefix(2);
    while (!line.empty()) {
        std::string_view const key = take_word(line);
        std::string_view const value = take_word(line);
        u32 bits = 0;
        if (key == "seed") {
            if (!read_number(value, setting.seed)) setting.seed = 0;
        } else if (key == "faults") {
            setting.faults = parse_fault_plan(value).value_or(FaultPlan{});
        } else if (key == "tags" && read_number(value, bits) && bits <= 12) {
            setting.tag_bits = bits;
        }
    }
    return setting;
}

std::optional<CallLine> parse_line(std::string_view text)
{
    bool const is_call = text.size() > 3 && text.size() < kLongestLine && is_digit(text[0]) &&
                         text[0] - '0' < static_cast<int>(kActors) && text[1] == ':';
    if (!is_call) return {};
    CallLine line;
    line.actor = static_cast<u32>(text[0] - '0');
    text.remove_prefix(2);
    std::string_view word = take_word(text);
    u32 variable = 0;
    if (word.size() > 1 && word[0] == 'v' && read_number(word.substr(1), variable)) {
        if (variable >= kCallVariables || take_word(text) != "=") return {};
        line.variable = variable;
        word = take_word(text);
    }
    if (word.empty()) return {};
    line.name = word;
    while (line.arguments.size() < kMostCallArguments) {
        std::string_view const argument = take_word(text);
        if (argument.empty()) break;
        line.arguments.emplace_back(argument);
    }
    return line;
}

}  // namespace

CallList parse_calls(std::string_view text)
{
    CallList list;
    while (!text.empty()) {
        std::string_view const line = take_line(text);
        if (line.starts_with(kSettingMark)) list.setting = parse_setting(line);
        std::optional<CallLine> call = parse_line(line);
        if (call) list.lines.push_back(std::move(*call));
    }
    return list;
}

std::string print_line(CallLine const& line)
{
    std::string text = fmt::format("{}:", line.actor);
    if (line.variable) text += fmt::format(" v{} =", *line.variable);
    text += " " + line.name;
    for (std::string const& argument : line.arguments) text += " " + argument;
    return text;
}

std::string print_calls(CallList const& list)
{
    std::string text;
    CallSetting const& setting = list.setting;
    if (setting != CallSetting{}) {
        text += fmt::format("{}{}", kSettingMark, setting.seed);
        if (setting.faults != FaultPlan{}) text += " faults " + describe(setting.faults);
        if (setting.tag_bits != 0) text += fmt::format(" tags {}", setting.tag_bits);
        text += "\n";
    }
    for (CallLine const& line : list.lines) text += print_line(line) + "\n";
    return text;
}

}  // namespace drydock::sim
