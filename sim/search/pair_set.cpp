#include "sim/search/pair_set.h"

#include <algorithm>
#include <stdexcept>

namespace drydock::sim {

void PairSet::add(Order const& order, usize count)
{
    usize const end = std::min(count, order.size());
    for (usize place = 1; place < end; ++place) {
        if (order[place - 1] == order[place]) continue;
        pairs_.set(order[place - 1] * kBenchmarkCount + order[place]);
    }
}

PairSet PairSet::parse(std::string_view text)
{
    PairSet set;
    bool const is_sound =
        text.size() == set.pairs_.size() && text.find_first_not_of("01") == std::string_view::npos;
    if (!is_sound) throw std::runtime_error("not a set of pairs");
    set.pairs_ = decltype(set.pairs_)(std::string(text));
    return set;
}

}  // namespace drydock::sim
