#pragma once

// Recipes that run the suite: the order is in their arguments or in their standard input.

#include "sim/recipe.h"
#include "sim/suite/orders.h"

#include <optional>

namespace drydock::sim {

// The order that a recipe runs; nothing if it does not run the suite, or says something that is no
// order.
std::optional<Order> order_of(Recipe const& recipe);
// The same recipe with another order, in the same place as before. Precondition: it has one.
Recipe with_order(Recipe recipe, Order const& order);

}  // namespace drydock::sim
