#pragma once

// Delta debugging (A. Zeller, R. Hildebrandt: Simplifying and Isolating Failure-Inducing Input,
// IEEE TSE 28(2), 2002): the smallest part of a list that still fails.

#include "core/base/integers.h"

#include <functional>
#include <vector>

namespace drydock::sim {

// Places in a list, ascending.
using Places = std::vector<usize>;
// Whether that part of the list alone still fails.
using StillFails = std::function<bool(Places const&)>;

struct Minimized {
    Places places{};
    // Leaving out any one of them passes; false if the tests ran out before that was known.
    bool is_minimal = false;
};

// `places` is known to fail and the empty list is taken to pass; neither is asked about. Asks at
// most `*tests_left` times, never twice about one list, and takes what it asked from the number.
Minimized minimize(Places places, StillFails const& still_fails, u64* tests_left);

}  // namespace drydock::sim
