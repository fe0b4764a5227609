#include "sim/quoted_text.h"

#include <charconv>
#include <fmt/format.h>
#include <stdexcept>

namespace drydock::sim {

namespace {

int digit_of(char character)
{
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    return -1;
}

// What a backslash and this character stand for; negative if nothing.
int escape_of(char character)
{
    switch (character) {
    case 'n': return '\n';
    case 't': return '\t';
    case '"': return '"';
    case '\\': return '\\';
    default: return -1;
    }
}

}  // namespace

std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (char const character : text) {
        if (character == '\n') {
            result += "\\n";
        } else if (character == '\t') {
            result += "\\t";
        } else if (character == '"' || character == '\\') {
            result += '\\';
            result += character;
        } else if (character >= 0x20 && character < 0x7f) {
            result += character;
        } else {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(character));
        }
    }
    return result + '"';
}

std::string printable(std::string_view text)
{
    std::string result(text);
    for (char& character : result) {
        if (character < 0x20 || character >= 0x7f) character = '?';
    }
    return result;
}

void LineParser::skip_space()
{
    if (rest_.starts_with(' ')) rest_.remove_prefix(1);
}

std::string_view LineParser::word()
{
    usize const end = rest_.find(' ');
    std::string_view const result = rest_.substr(0, end);
    if (result.empty()) throw std::runtime_error("a word is missing");
    rest_.remove_prefix(result.size());
    skip_space();
    return result;
}

u64 LineParser::number(u64 most)
{
    std::string_view const digits = word();
    u64 value = 0;
    auto const parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size() || value > most) {
        throw std::runtime_error(fmt::format("{} is not a number up to {}", digits, most));
    }
    return value;
}

u32 LineParser::octal()
{
    std::string_view const digits = word();
    u32 value = 0;
    auto const parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
    if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size() || value > 07777) {
        throw std::runtime_error(fmt::format("{} are no permissions", digits));
    }
    return value;
}

std::string LineParser::hexadecimal(usize digits)
{
    std::string const result(word());
    bool is_hexadecimal = result.size() == digits;
    for (char const character : result) {
        is_hexadecimal = is_hexadecimal && digit_of(character) >= 0;
    }
    if (!is_hexadecimal) {
        throw std::runtime_error(fmt::format("{} is no hash of {} digits", result, digits));
    }
    return result;
}

std::string LineParser::text()
{
    std::string result;
    if (!rest_.starts_with('"')) throw std::runtime_error("a quoted text is missing");
    usize at = 1;
    while (at < rest_.size() && rest_[at] != '"') {
        char const character = rest_[at++];
        if (character != '\\') {
            result += character;
            continue;
        }
        char const kind = at < rest_.size() ? rest_[at++] : '\0';
        int value = escape_of(kind);
        if (kind == 'x' && at + 2 <= rest_.size()) {
            int const high = digit_of(rest_[at]);
            int const low = digit_of(rest_[at + 1]);
            if (high >= 0 && low >= 0) value = high * 16 + low;
            at += 2;
        }
        if (value < 0) throw std::runtime_error("a quoted text has an unknown escape");
        result += static_cast<char>(value);
    }
    if (at >= rest_.size()) throw std::runtime_error("a quoted text does not end");
    rest_.remove_prefix(at + 1);
    if (!rest_.empty() && rest_[0] != ' ')
        throw std::runtime_error("a quoted text is followed by more");
    skip_space();
    return result;
}

void LineParser::expect_end() const
{
    if (!rest_.empty()) throw std::runtime_error(fmt::format("unexpected: {}", rest_));
}

}  // namespace drydock::sim
