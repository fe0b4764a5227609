#include "sim/search/steps.h"

#include "sim/search/suite_recipe.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr std::string_view kComment = "  # ";
constexpr std::string_view kProbe = "$P ";
constexpr std::string_view kAfterProbe = " || exit 1";

// sh -c SCRIPT, as `drydock run` takes it, and calls -c LIST (sim/fuzz/calls_run.h).
bool is_script(Recipe const& recipe)
{
    std::vector<std::string> const& arguments = recipe.program.arguments;
    if (arguments.size() != 3 || arguments[1] != "-c") return false;
    return arguments[0].ends_with("sh") || arguments[0].ends_with("/calls");
}

Steps lines_of(std::string_view text)
{
    Steps lines;
    while (!text.empty()) {
        usize const end = std::min(text.find('\n'), text.size());
        if (end > 0) lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        usize const end = std::min(text.find(' '), text.size());
        if (end > 0) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

Steps names_of(Order const& order)
{
    Steps names;
    for (usize const place : order) names.emplace_back(benchmarks()[place].name);
    return names;
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_word(char character)
{
    bool const is_letter = (character >= 'a' && character <= 'z') ||
                           (character >= 'A' && character <= 'Z') || character == '_';
    return is_letter || is_digit(character);
}

std::string joined(Steps const& steps)
{
    std::string text;
    for (std::string const& step : steps) text += (text.empty() ? "" : ",") + step_name(step);
    return text;
}

}  // namespace

std::optional<Steps> steps_of(Recipe const& recipe)
{
    if (std::optional<Order> const order = order_of(recipe)) return names_of(*order);
    if (!is_script(recipe)) return {};
    Steps lines = lines_of(recipe.program.arguments[2]);
    if (lines.size() < 2 && !lines.empty() && lines[0].find(kComment) == std::string::npos) {
        return {};
    }
    return lines;
}

Recipe with_steps(Recipe recipe, Steps const& steps)
{
    if (!is_script(recipe)) {
        Order order;
        for (std::string const& step : steps) order.push_back(find_benchmark(step).value());
        return with_order(std::move(recipe), order);
    }
    std::string text;
    for (std::string const& step : steps) text += step + "\n";
    recipe.program.arguments[2] = text;
    return recipe;
}

std::string step_name(std::string const& step)
{
    usize const comment = step.rfind(kComment);
    return comment == std::string::npos ? step : step.substr(comment + kComment.size());
}

Steps shorter_steps(std::string const& step)
{
    if (!step.starts_with(kProbe)) return {};
    usize const end = step.find(kAfterProbe);
    if (end == std::string::npos) return {};
    std::vector<std::string> const words =
        words_of(std::string_view(step).substr(kProbe.size(), end - kProbe.size()));
    Steps shorter;
    for (usize out = 0; words.size() > 2 && out + 1 < words.size(); out += 2) {
        std::string line{kProbe.substr(0, kProbe.size() - 1)};
        std::string name = "probe";
        for (usize at = 0; at + 1 < words.size(); at += 2) {
            if (at == out) continue;
            line += " " + words[at] + " " + words[at + 1];
            name += " " + words[at];
        }
        shorter.push_back(line + std::string(kAfterProbe) + std::string(kComment) + name);
    }
    return shorter;
}

std::string without_numbers(std::string_view text)
{
    std::string result;
    for (usize at = 0; at < text.size();) {
        bool const starts = is_digit(text[at]) && (at == 0 || !is_word(text[at - 1]));
        if (!starts) {
            result += text[at++];
            continue;
        }
        while (at < text.size() && is_word(text[at])) ++at;  // Hexadecimal ones too.
        result += '#';
    }
    return result;
}

std::string name_pair(Steps const& steps, usize results)
{
    usize const before = std::min(results, steps.size());
    Steps const culprits(steps.begin(), steps.begin() + static_cast<isize>(before));
    if (before == steps.size()) return joined(culprits) + ", seen after the last benchmark";
    std::string const victim = step_name(steps[before]);
    return culprits.empty() ? victim + " alone" : joined(culprits) + " -> " + victim;
}

}  // namespace drydock::sim
