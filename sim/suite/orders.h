#pragma once

// In which order benchmarks run: any sequence of them, each any number of times.

#include "core/base/integers.h"
#include "sim/suite/benchmarks.h"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

// Places in the table of benchmarks.
using Order = std::vector<usize>;

// Longer orders would not fit on the suite's command line.
inline constexpr usize kMaximumOrder = 10'000;

// One line that says what is wrong with an order, and what to do.
class OrderError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The suite's own order: all 44.
Order suite_order();
// Row `row` (0 to 43) of a row-complete Latin square of order 44 (E. J. Williams, 1949): each row
// has every benchmark once, and over all rows each of the 1 892 ordered pairs stands side by side
// exactly once. Throws OrderError for another row.
Order square_row(u64 row);
// A permutation of all 44, the same for the same seed.
Order shuffled_order(u64 seed);

// Names between commas, blanks or line ends; `#` starts a comment that lasts to the end of its
// line. `source` names the text in messages. Throws OrderError: an unknown name, no name, too many.
Order parse_order(std::string_view text, std::string const& source);
// The benchmarks of `order` that are in `chosen`, in the order of `order`.
Order only(Order const& order, Order const& chosen);
// The whole order, `count` times over. Throws OrderError if that is too long or count is 0.
Order repeated(Order const& order, u64 count);

// The names with commas between them, as parse_order() reads them.
std::string describe(Order const& order);

}  // namespace drydock::sim
