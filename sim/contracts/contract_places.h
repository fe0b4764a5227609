#pragma once

// The three places where contract programs run: this host's Linux, the simulator, the image in
// QEMU. In each, guest/user/contract_driver is the first process and starts the programs one by
// one.

#include "core/base/integers.h"
#include "sim/contracts/contract_result.h"

#include <array>
#include <string>
#include <vector>

namespace drydock::sim {

enum class ContractPlace : u8 { Linux, Simulator, Image };
inline constexpr std::array<ContractPlace, 3> kContractPlaces = {
    ContractPlace::Linux, ContractPlace::Simulator, ContractPlace::Image};
// As --on takes it.
char const* contract_place_name(ContractPlace place);

struct ContractGround {
    std::string driver{};
    std::string folder{};  // The programs' files: FAMILY/NAME.
    std::string image{};
    u64 seconds = 20;  // For each program: of the place's own clock.
};

// Runs the programs in order and returns what they did. The list is shorter than `names` where one
// took the place down with it: its own result, the last, has the problem. Throws std::runtime_error
// if the place cannot run anything at all.
std::vector<ContractResult> run_contracts(ContractGround const& ground,
                                          ContractPlace place,
                                          std::vector<std::string> const& names);

}  // namespace drydock::sim
