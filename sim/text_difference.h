#pragma once

// Where two outputs of the same program part, as text for people.

#include "core/base/integers.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

struct NamedText {
    char const* side = "";
    std::string const& text;
};

using SameLine = std::function<bool(std::string_view, std::string_view)>;

// Of `what` ("output", "error") the first line that differs, with both sides; empty if there is
// none. Lines are compared by `is_same`, to the byte if that is empty.
std::string describe_text_difference(char const* what,
                                     NamedText const& left,
                                     NamedText const& right,
                                     SameLine const& is_same = {});
// Empty if they are equal.
std::string describe_status_difference(char const* left_side,
                                       int left_status,
                                       char const* right_side,
                                       int right_status);

}  // namespace drydock::sim
