#pragma once

// Many contract programs in several places at once, and what comes of it: progress, the table, the
// differences, the report.

#include "sim/contracts/contract_places.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct ContractRequest {
    ContractGround ground{};
    std::vector<std::string> names{};
    std::vector<ContractPlace> places{};
    std::string image_problem{};  // Not empty: there is no image, and why.
    u64 jobs = 1;
    std::string report_path{};  // Empty: none.
    bool is_quiet = false;
};

// 0: all that could be compared is equal; 1: something differs; 125: nothing could be run.
int run_contract_session(ContractRequest const& request);

}  // namespace drydock::sim
