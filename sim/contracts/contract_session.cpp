#include "sim/contracts/contract_session.h"

#include "sim/contracts/contract_table.h"
#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/host/worker_pool.h"

#include <algorithm>
#include <deque>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kProgressMs = 200;

struct ContractBatch {
    ContractPlace place{};
    std::vector<std::string> names{};
};

// How many a worker takes at once. A boot costs more than a program, and so does a namespace; in
// the simulator each has a machine of its own, so that an oracle names the program.
usize batch_size(ContractPlace place)
{
    switch (place) {
    case ContractPlace::Linux: return 24;
    case ContractPlace::Simulator: return 8;
    case ContractPlace::Image: return 24;
    }
    return 1;
}
usize group_size(ContractPlace place)
{
    return place == ContractPlace::Simulator ? 1 : batch_size(place);
}

// The longest first.
std::deque<ContractBatch> make_batches(ContractRequest const& request)
{
    std::deque<ContractBatch> batches;
    for (auto place = request.places.rbegin(); place != request.places.rend(); ++place) {
        if (*place == ContractPlace::Image && !request.image_problem.empty()) continue;
        usize const size = batch_size(*place);
        for (usize at = 0; at < request.names.size(); at += size) {
            auto const first = request.names.begin() + static_cast<isize>(at);
            usize const count = std::min(size, request.names.size() - at);
            batches.push_back({*place, {first, first + static_cast<isize>(count)}});
        }
    }
    return batches;
}

// One that takes the place down with it ends a group; those after it get a new one.
void run_batch(ContractGround const& ground, ContractBatch const& batch, WorkerPool::Say const& say)
{
    usize const most = group_size(batch.place);
    for (usize at = 0; at < batch.names.size();) {
        auto const first = batch.names.begin() + static_cast<isize>(at);
        usize const count = std::min(most, batch.names.size() - at);
        std::vector<std::string> const group(first, first + static_cast<isize>(count));
        std::vector<ContractResult> const results = run_contracts(ground, batch.place, group);
        for (ContractResult const& result : results) say(print_contract_result(result));
        at += results.size();
    }
}

class Progress {
public:
    explicit Progress(bool is_wanted) : is_wanted_(is_wanted && is_host_terminal(2)) {}
    void show(ContractTable const& table) const
    {
        if (!is_wanted_) return;
        fmt::print(stderr, "\r{} of {} runs", table.count(), table.most());
        std::fflush(stderr);
    }
    void erase() const
    {
        if (is_wanted_) fmt::print(stderr, "\r\x1b[K");
    }

private:
    bool is_wanted_;
};

void run_all(ContractRequest const& request, ContractTable& table)
{
    std::deque<ContractBatch> waiting = make_batches(request);
    std::vector<ContractBatch> started;
    Progress const progress(!request.is_quiet);
    WorkerPool pool;
    while (!waiting.empty() || pool.count() > 0) {
        while (!waiting.empty() && pool.count() < request.jobs) {
            started.push_back(std::move(waiting.front()));
            waiting.pop_front();
            ContractBatch const& batch = started.back();
            pool.start(started.size() - 1, [&request, batch](WorkerPool::Say const& say) {
                run_batch(request.ground, batch, say);
            });
        }
        progress.show(table);
        std::optional<WorkerPool::News> const news = pool.wait(kProgressMs);
        if (!news) continue;
        ContractPlace const place = started[news->worker].place;
        if (!news->has_ended)
            table.add(place, parse_contract_result(news->line));
        else if (!news->line.empty())
            table.lose(place, news->line);
    }
    progress.erase();
}

}  // namespace

int run_contract_session(ContractRequest const& request)
{
    u64 const began = host_monotonic_ns();
    ContractTable table(request.names, request.places);
    bool const has_image = request.image_problem.empty();
    if (!has_image) table.lose(ContractPlace::Image, request.image_problem);
    run_all(request, table);
    double const seconds = static_cast<double>(host_monotonic_ns() - began) / 1e9;
    if (!request.report_path.empty()) write_file(request.report_path, table.json_report(seconds));
    if (request.places.size() == 1)
        fmt::print("{}", table.describe_outputs());
    else if (!request.is_quiet)
        fmt::print("{}", table.describe_table());
    fmt::print("{}{}", table.describe_differences(), table.describe_sums());
    return table.status();
}

}  // namespace drydock::sim
