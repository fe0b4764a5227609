#pragma once

// A campaign: hands out batches of runs to workers, has each failure made small, keeps everything
// in the campaign's record.

#include "sim/host/worker_pool.h"
#include "sim/search/campaign_record.h"
#include "sim/search/campaign_work.h"

#include <deque>
#include <functional>
#include <map>
#include <set>

namespace drydock::sim {

struct CampaignLimits {
    usize jobs = 1;
    // Of this host's time, from run() on; then no batch is begun and those that run are left off,
    // but what has been found is still made small. kNever: until there is nothing left to run.
    u64 budget_ns = kNever;
    // Orders and programs of the whole campaign: then no batch is begun. Those that run come to
    // their end, so it may be a few more.
    u64 runs = kNever;
    bool stops_at_first = false;  // Finding.
};

// Told from run(), in the campaign's own process.
struct CampaignListener {
    std::function<void(Finding const&, Trial const&)> on_finding{};
    // Several times a second.
    std::function<void()> on_beat{};
};

class Campaign {
public:
    // Borrows plan, tree and record.
    Campaign(CampaignPlan const& plan,
             RootArchive const& root,
             CampaignRecord& record,
             CampaignLimits const& limits,
             CampaignListener listener);

    // Throws std::runtime_error if the host cannot run it.
    void run();
    // Every batch of the plan has run. Campaigns with random orders or programs have no end.
    bool is_complete() const;
    u64 elapsed_ns() const;
    // Different runs with a result; those of batches that have not come to their end yet are
    // counted too.
    u64 orders() const;
    u64 programs() const;

private:
    enum class Kind : u8 { Alone, Orders, Programs, Shrink };
    struct Task {
        Kind kind{};
        u64 number = 0;  // Of the batch, or of the failure.
        std::string signature{};
        Batch batch{};
        std::vector<Recipe> programs{};
        usize told = 0;  // Of its runs; several of them were one if it ended before they part.
        usize runs = 0;  // Different ones that came to a result.
        PairSet pairs{};

        usize count() const
        {
            return kind == Kind::Programs ? programs.size() : batch.orders.size();
        }
    };

    bool start_one();
    bool start_shrink();
    bool start_alone();
    bool start_batch();
    bool start_order_batch();
    bool start_program_batch();
    void start(Task task, WorkerPool::Work const& work);
    void take(WorkerPool::News const& news);
    void take_visit(Task& task, Visit const& visit);
    void take_shrunk(Task const& task, ShrinkReport const& report);
    void finish(Task const& task);
    void add_failure(Task const& task, Visit const& visit);
    bool is_over() const;
    bool has_begun_enough() const;
    bool is_running(Kind kind) const;
    std::optional<u64> next_batch(std::set<u64> const& done, Kind kind, u64 count) const;
    u64 worked_ns() const { return worked_before_ns_ + elapsed_ns(); }
    void leave_off_batches();

    CampaignPlan const& plan_;
    RootArchive const& root_;
    CampaignRecord& record_;
    CampaignLimits limits_;
    CampaignListener listener_;
    CampaignGround ground_;
    OrderPlan orders_;
    WorkerPool pool_{};
    std::map<u64, Task> tasks_{};  // By the number of their worker.
    u64 workers_ = 0;
    bool was_programs_turn_ = false;
    u64 began_ns_ = 0;
    u64 worked_before_ns_ = 0;
};

}  // namespace drydock::sim
