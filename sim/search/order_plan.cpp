#include "sim/search/order_plan.h"

#include "core/base/assert.h"
#include "core/platform/platform.h"
#include "sim/random.h"

#include <algorithm>

namespace drydock::sim {

namespace {

constexpr u64 kRowsTogether = 4;
static_assert(kBenchmarkCount % kRowsTogether == 0);
// Random orders that share their first half: each costs little more than half of a whole one.
constexpr u64 kRandomTogether = 8;
constexpr usize kShared = kBenchmarkCount / 2;
constexpr u64 kTailStream = 0x7461696c;  // "tail": apart from the stream of whole orders.

constexpr char const* kWords[] = {"rows", "random", "pairs"};

void shuffle_tail(Order& order, u64 seed)
{
    Random random(seed, kTailStream);
    for (usize left = order.size(); left > kShared + 1; --left) {
        u32 const count = static_cast<u32>(left - kShared);
        std::swap(order[left - 1], order[kShared + random.below(count)]);
    }
}

bool is_in(Order const& order, usize benchmark)
{
    return std::find(order.begin(), order.end(), benchmark) != order.end();
}

}  // namespace

std::optional<OrderKind> parse_order_kind(std::string_view word)
{
    for (OrderKind const kind : {OrderKind::Rows, OrderKind::Random, OrderKind::Pairs}) {
        if (word == order_kind_word(kind)) return kind;
    }
    return {};
}

char const* order_kind_word(OrderKind kind) { return kWords[static_cast<usize>(kind)]; }

OrderPlan::OrderPlan(OrderKind kind, u64 seed, u64 schedules, bool injects_failures)
    : kind_(kind), seed_(seed), schedules_(schedules), injects_failures_(injects_failures)
{
    ASSERT(schedules_ > 0);
}

u64 OrderPlan::batch_count() const
{
    switch (kind_) {
    case OrderKind::Rows: return kBenchmarkCount / kRowsTogether * schedules_;
    case OrderKind::Random: return kNever;
    case OrderKind::Pairs: return kBenchmarkCount * schedules_;
    }
    return 0;
}

// Never 0, which means the default.
u64 OrderPlan::derive(u64 number) const { return Random(seed_, number).next() | 1; }

std::vector<Order> OrderPlan::group(u64 number) const
{
    std::vector<Order> orders;
    switch (kind_) {
    case OrderKind::Rows:
        for (u64 row = 0; row < kRowsTogether; ++row) {
            orders.push_back(square_row(number * kRowsTogether + row));
        }
        break;
    case OrderKind::Random:
        for (u64 tail = 0; tail < kRandomTogether; ++tail) {
            orders.push_back(shuffled_order(derive(number)));
            shuffle_tail(orders.back(), derive(number) + tail);
        }
        break;
    case OrderKind::Pairs:
        for (usize second = 0; second < kBenchmarkCount; ++second) {
            orders.push_back({static_cast<usize>(number), second});
        }
        break;
    }
    return orders;
}

Batch OrderPlan::batch(u64 number, Order const& left_out) const
{
    ASSERT(number < batch_count());
    Batch batch;
    bool const is_plain = number % schedules_ == 0 && !injects_failures_;
    batch.seed = is_plain ? 0 : derive(number);
    for (Order& order : group(number / schedules_)) {
        usize const whole = order.size();
        std::erase_if(order, [&](usize benchmark) { return is_in(left_out, benchmark); });
        // Half a pair says nothing.
        bool const is_whole = kind_ != OrderKind::Pairs || order.size() == whole;
        if (is_whole && !order.empty()) batch.orders.push_back(std::move(order));
    }
    std::sort(batch.orders.begin(), batch.orders.end());
    batch.orders.erase(std::unique(batch.orders.begin(), batch.orders.end()), batch.orders.end());
    return batch;
}

}  // namespace drydock::sim
