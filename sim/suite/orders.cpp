#include "sim/suite/orders.h"

#include "sim/random.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace drydock::sim {

namespace {

constexpr u64 kOrderStream = 0x6f72646572;  // "order": apart from the streams of the machine.

bool is_separator(char character)
{
    return character == ',' || character == ' ' || character == '\t' || character == '\n' ||
           character == '\r';
}

// A name from a file that is no order may be anything.
std::string printable(std::string_view text)
{
    constexpr usize kShown = 40;
    std::string result;
    for (char const character : text.substr(0, kShown)) {
        bool const is_plain = character >= 0x20 && character < 0x7f;
        result += is_plain ? character : '?';
    }
    return text.size() > kShown ? result + "..." : result;
}

usize place_of(std::string_view name, std::string const& source, usize line)
{
    std::optional<usize> const place = find_benchmark(name);
    if (place) return *place;
    throw OrderError(fmt::format("{}, line {}: no benchmark is called {}; drydock suite --list "
                                 "names them",
                                 source,
                                 line,
                                 printable(name)));
}

void check_length(Order const& order, std::string const& source)
{
    if (order.size() <= kMaximumOrder) return;
    throw OrderError(fmt::format("{}: more than {} benchmarks in a row", source, kMaximumOrder));
}

}  // namespace

Order suite_order()
{
    Order order(kBenchmarkCount);
    for (usize place = 0; place < kBenchmarkCount; ++place) order[place] = place;
    return order;
}

Order square_row(u64 row)
{
    static_assert(kBenchmarkCount % 2 == 0, "the construction is for even orders");
    if (row >= kBenchmarkCount) {
        throw OrderError(fmt::format("the square has rows 0 to {}", kBenchmarkCount - 1));
    }
    Order order;
    // 0, 1, n-1, 2, n-2, ...: the differences of neighbours are 1, -2, 3, -4, ... and so all
    // different modulo an even n. Adding the row's number keeps them.
    for (usize step = 0; step < kBenchmarkCount; ++step) {
        usize const half = (step + 1) / 2;
        usize const start = step % 2 == 1 ? half : kBenchmarkCount - half;
        order.push_back((start + row) % kBenchmarkCount);
    }
    return order;
}

Order shuffled_order(u64 seed)
{
    Order order = suite_order();
    Random random(seed, kOrderStream);
    for (usize left = order.size(); left > 1; --left) {
        u32 const other = random.below(static_cast<u32>(left));
        std::swap(order[left - 1], order[other]);
    }
    return order;
}

Order parse_order(std::string_view text, std::string const& source)
{
    Order order;
    usize line = 1;
    for (usize at = 0; at < text.size();) {
        if (text[at] == '#') {
            at = std::min(text.find('\n', at), text.size());
        } else if (is_separator(text[at])) {
            if (text[at] == '\n') ++line;
            ++at;
        } else {
            usize end = at;
            while (end < text.size() && text[end] != '#' && !is_separator(text[end])) ++end;
            order.push_back(place_of(text.substr(at, end - at), source, line));
            check_length(order, source);
            at = end;
        }
    }
    if (order.empty()) {
        throw OrderError(source + ": names no benchmark; give names with commas between them");
    }
    return order;
}

Order only(Order const& order, Order const& chosen)
{
    Order result;
    for (usize const place : order) {
        bool const is_chosen = std::find(chosen.begin(), chosen.end(), place) != chosen.end();
        if (is_chosen) result.push_back(place);
    }
    return result;
}

Order repeated(Order const& order, u64 count)
{
    if (count == 0 || order.size() > kMaximumOrder / count) {
        throw OrderError(fmt::format("an order of {} benchmarks can be repeated 1 to {} times",
                                     order.size(),
                                     kMaximumOrder / std::max<usize>(order.size(), 1)));
    }
    Order result;
    for (u64 round = 0; round < count; ++round)
        result.insert(result.end(), order.begin(), order.end());
    return result;
}

std::string describe(Order const& order)
{
    std::string text;
    for (usize const place : order) {
        if (!text.empty()) text += ',';
        text += benchmarks()[place].name;
    }
    return text;
}

}  // namespace drydock::sim
