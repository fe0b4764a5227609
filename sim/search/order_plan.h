#pragma once

// Which orders a campaign runs, in batches. A batch is a function of its number: campaigns resume
// and are shared out by number alone. Orders of a batch begin alike where the plan allows it, so
// that the beginning need run only once.

#include "sim/suite/orders.h"

#include <string_view>

namespace drydock::sim {

enum class OrderKind : u8 {
    Rows,    // The 44 rows of the square in which each ordered pair stands side by side once.
    Random,  // Without end.
    Pairs,   // Each ordered pair alone, and each benchmark twice.
};

// "rows", "random", "pairs"; nothing for another word.
std::optional<OrderKind> parse_order_kind(std::string_view word);
char const* order_kind_word(OrderKind kind);

struct Batch {
    u64 seed = 0;                 // Of scheduling and failures.
    std::vector<Order> orders{};  // Sorted, each once, of one length.
};

class OrderPlan {
public:
    // `seed` gives other random orders and schedules. `schedules`: how many seeds each order runs
    // with, the first of them 0 (the default schedule) unless failures are injected, which need
    // one.
    OrderPlan(OrderKind kind, u64 seed, u64 schedules, bool injects_failures);

    // kNever if there is no end.
    u64 batch_count() const;
    // Precondition: number < batch_count(). Benchmarks in `left_out` are in no order; orders of
    // which nothing is left are not there.
    Batch batch(u64 number, Order const& left_out) const;

private:
    std::vector<Order> group(u64 number) const;

    u64 derive(u64 number) const;

    OrderKind kind_;
    u64 seed_;
    u64 schedules_;
    bool injects_failures_;
};

}  // namespace drydock::sim
