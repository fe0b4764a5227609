#pragma once

// What a count of instructions does not show, of each benchmark of an order: from the simulator,
// whose kernel does the same as the image's, event by event.

#include "sim/compare/comparison.h"

namespace drydock::sim {

// One for each place of the order. Throws std::runtime_error if the suite does not come to its end.
std::vector<HiddenCosts> measure_hidden_costs(Order const& order, bool is_full);

}  // namespace drydock::sim
