#include "guest/words.h"

namespace drydock::guest {

namespace {

bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

}  // namespace

bool Words::next()
{
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ == text_.size()) return false;
    usize const start = at_;
    usize size = 0;
    char quotation = '\0';
    while (at_ < text_.size()) {
        char character = text_[at_];
        if (quotation == '\0' && is_blank(character)) break;
        ++at_;
        if (character == quotation) {
            quotation = '\0';
            continue;
        }
        if (quotation == '\0' && (character == '"' || character == '\'')) {
            quotation = character;
            continue;
        }
        if (character == '\\' && quotation != '\'' && at_ < text_.size()) {
            character = text_[at_] == 'n' ? '\n' : text_[at_];
            ++at_;
        }
        text_[start + size] = character;
        ++size;
    }
    word_ = {text_.data() + start, size};
    is_unfinished_ = quotation != '\0';
    return true;
}

bool parse_number(StringView text, u64& number)
{
    bool const is_hexadecimal = text.starts_with("0x");
    if (is_hexadecimal) text = text.from(2);
    if (text.is_empty() || text.size() > (is_hexadecimal ? 16u : 19u)) return false;
    number = 0;
    for (char const digit : text) {
        u64 value = 0;
        if (digit >= '0' && digit <= '9') {
            value = static_cast<u64>(digit - '0');
        } else if (is_hexadecimal && (digit | 32) >= 'a' && (digit | 32) <= 'f') {
            value = static_cast<u64>((digit | 32) - 'a' + 10);
        } else {
            return false;
        }
        number = number * (is_hexadecimal ? 16 : 10) + value;
    }
    return true;
}

}  // namespace drydock::guest
