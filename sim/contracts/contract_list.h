#pragma once

// The contract programs that were built with this one: tests/contracts/FAMILY/NAME.c.

#include <string>
#include <vector>

namespace drydock::sim {

struct ContractList {
    std::string folder{};
    std::vector<std::string> names{};  // FAMILY/NAME, sorted; FAMILY/NAME.glibc: the other library.
};

// Throws std::runtime_error with a line that says what to do if they are not built.
ContractList find_contracts();
// The path of the program that starts them in a guest; throws the same.
std::string find_contract_driver();

// Those of `names` that one of `wanted` asks for: a name, a family or a glob; all if it is empty.
// Throws UsageError for a word that asks for none.
std::vector<std::string> select_contracts(std::vector<std::string> const& names,
                                          std::vector<std::string> const& wanted);

}  // namespace drydock::sim
