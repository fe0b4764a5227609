#pragma once

// Which ordered pairs of benchmarks have run next to each other.

#include "sim/suite/orders.h"

#include <bitset>
#include <string>
#include <string_view>

namespace drydock::sim {

// Of different benchmarks.
inline constexpr usize kPairCount = kBenchmarkCount * (kBenchmarkCount - 1);

class PairSet {
public:
    // Neighbours among the first `count` of an order.
    void add(Order const& order, usize count);
    void add(PairSet const& other) { pairs_ |= other.pairs_; }
    usize size() const { return pairs_.count(); }
    bool operator==(PairSet const&) const = default;

    // One digit for each pair, "0" or "1".
    std::string text() const { return pairs_.to_string(); }
    // Throws std::runtime_error for another text.
    static PairSet parse(std::string_view text);

private:
    // Those of a benchmark and itself stay empty.
    std::bitset<kBenchmarkCount * kBenchmarkCount> pairs_{};
};

}  // namespace drydock::sim
