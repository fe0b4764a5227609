#pragma once

// What a run does one after the other and could do less of: the benchmarks of the suite, or the
// lines of a shell's script.

#include "sim/recipe.h"
#include "sim/suite/orders.h"

#include <optional>
#include <string>
#include <vector>

namespace drydock::sim {

using Steps = std::vector<std::string>;

// Nothing for a run of another kind, or with only one line.
std::optional<Steps> steps_of(Recipe const& recipe);
// The same recipe with other steps. Precondition: it has steps.
Recipe with_steps(Recipe recipe, Steps const& steps);

// What steps are called in reports: a benchmark's name; of a line the comment at its end, or else
// the line.
std::string step_name(std::string const& step);
// A line that runs several checks of the probe ("$P CHECK SEED CHECK SEED...") with one of them
// left out, once for each; nothing for other steps.
Steps shorter_steps(std::string const& step);
// Text in which numbers do not count: each is "#". Two runs that fail alike differ in numbers.
std::string without_numbers(std::string_view text);

// Which step makes which fail, when so many went well: "pipe -> tar_extract", "pipe alone".
std::string name_pair(Steps const& steps, usize results);

}  // namespace drydock::sim
