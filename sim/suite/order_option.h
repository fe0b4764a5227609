#pragma once

// --order and --only, as several commands have them.

#include "sim/suite/orders.h"

#include <string>

namespace drydock::sim {

// Names with commas between them, or a file of names. Throws UsageError or OrderError.
Order order_of_text(std::string const& text);
// Those of `order` that `names` names; all if it is empty. Throws UsageError or OrderError.
Order chosen_of(Order const& order, std::string const& names);

}  // namespace drydock::sim
