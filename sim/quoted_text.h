#pragma once

// Words and quoted strings of a trace's header: one line of ASCII, whatever the bytes are.

#include "core/base/integers.h"

#include <string>
#include <string_view>

namespace drydock::sim {

// "text" with \n, \t, \", \\ and \xNN for what is not printable ASCII.
std::string quoted(std::string_view text);

// `text` with a ? for each byte that is not printable ASCII: what damaged files hold is no message.
std::string printable(std::string_view text);

// Takes a line apart. Each function throws std::runtime_error (a few words for people) if the next
// thing on the line is something else.
class LineParser {
public:
    explicit LineParser(std::string_view line) : rest_(line) {}

    bool is_at_end() const { return rest_.empty(); }
    // Up to the next space.
    std::string_view word();
    // Decimal, at most `most`.
    u64 number(u64 most = ~u64{0});
    // Permissions, as 755.
    u32 octal();
    // Exactly `digits` lower-case hexadecimal digits.
    std::string hexadecimal(usize digits);
    // What quoted() wrote.
    std::string text();
    void expect_end() const;

private:
    void skip_space();

    std::string_view rest_;
};

}  // namespace drydock::sim
