#pragma once

// What a contract program did in one place, and how two of them compare.

#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

struct ContractResult {
    std::string name{};
    std::string ending{};   // "exit 0", "signal 9", "timeout 20".
    std::string output{};   // Of standard output.
    std::string errors{};   // Of standard error.
    std::string problem{};  // Not empty: no result, or one that an oracle objects to; for people.
};

// What guest/user/contract_driver prints. A damaged or missing record ends the list.
std::vector<ContractResult> parse_contract_records(std::string_view text);

// One line of ASCII, and back; the latter throws std::runtime_error.
std::string print_contract_result(ContractResult const& result);
ContractResult parse_contract_result(std::string_view line);

// The first difference, for people, several lines; empty if both did the same.
std::string describe_contract_difference(std::string_view left_place,
                                         ContractResult const& left,
                                         std::string_view right_place,
                                         ContractResult const& right);

}  // namespace drydock::sim
