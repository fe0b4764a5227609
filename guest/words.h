#pragma once

// Splits a command line into words, with the quoting that options.h describes.

#include "core/base/span.h"

namespace drydock::guest {

// Works in place: words move to the left over their quotation marks.
class Words {
public:
    explicit Words(Span<char> text) : text_(text) {}

    bool next();
    // Valid as long as the text.
    StringView word() const { return word_; }
    bool is_unfinished() const { return is_unfinished_; }

private:
    Span<char> text_;
    usize at_ = 0;
    StringView word_{};
    bool is_unfinished_ = false;
};

// Decimal, or hexadecimal behind 0x.
bool parse_number(StringView text, u64& number);

}  // namespace drydock::guest
