#pragma once

// The outcome of a run whose process ended without a verdict, from what it left behind.

#include "sim/host/supervisor.h"
#include "sim/outcome.h"

namespace drydock::sim {

Outcome describe_loss(BlackBox const& box, Loss const& loss);

}  // namespace drydock::sim
