// Virtual time as the cost table says it.

#include "sim/cost_table.h"
#include "sim/stack_notice.h"
#include "tests/sim/program_support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace drydock::sim {
namespace {

test::Result shell(std::string const& arguments)
{
    return test::run_program(DRYDOCK_PROGRAM, arguments);
}

Event event_of(EventKind kind, u64 a = 0, u64 b = 0, u64 c = 0)
{
    Event event;
    event.kind = kind;
    event.a = a;
    event.b = b;
    event.c = c;
    return event;
}

TEST(cost_table, is_found_by_its_name)
{
    std::string const names = cost_table_names();
    for (CostTable const* table :
         {&reference_kvm_costs(), &image_icount_costs(), &event_clock_costs()}) {
        EXPECT_EQ(find_costs(table->name), table);
        EXPECT_NE(names.find(table->name), std::string::npos) << names;
    }
    EXPECT_EQ(find_costs(""), nullptr);
    EXPECT_EQ(find_costs("reference-kv"), nullptr);
}

// Published: 11.8 us for a full prefault of about 285 pages, 1.5 us for a template's replay.
TEST(cost_table, a_replayed_template_costs_an_eighth_of_a_full_prefault)
{
    CostTable const& table = reference_kvm_costs();
    u64 const full = cost_of(table, event_of(EventKind::Prefault, 1, 285));
    u64 const replayed = cost_of(table, event_of(EventKind::TemplateHit, 1, 285));
    EXPECT_NEAR(static_cast<double>(full), 11.8e6, 0.1e6);
    EXPECT_NEAR(static_cast<double>(replayed), 1.5e6, 0.1e6);
}

TEST(cost_table, fork_is_paid_by_the_entries_it_copies)
{
    CostTable const& table = reference_kvm_costs();
    u64 const none = cost_of(table, event_of(EventKind::Fork, 2, 0, 0));
    u64 const many = cost_of(table, event_of(EventKind::Fork, 2, 0, 290));
    EXPECT_NEAR(static_cast<double>(many - none), 14.4e6, 0.1e6);
}

TEST(cost_table, a_call_beyond_the_table_costs_what_every_call_does)
{
    CostTable const& table = reference_kvm_costs();
    u64 const plain = cost_of(table, event_of(EventKind::SyscallEnter, 39));
    EXPECT_EQ(cost_of(table, event_of(EventKind::SyscallEnter, CostTable::kCalls)), plain);
    EXPECT_EQ(cost_of(table, event_of(EventKind::SyscallEnter, ~u64{0})), plain);
    EXPECT_GT(cost_of(table, event_of(EventKind::SyscallEnter, 10)), plain);
}

// The run's other figures do not depend on what its time costs.
TEST(cost_table, is_chosen_by_name_and_named_in_report_and_trace)
{
    test::Folder const folder;
    std::string const command = " -- sh -c 'seq 50 | sort -rn | tail -n 1'";
    std::set<u64> times;
    std::set<u64> events;
    for (std::string const name : {"reference-kvm", "image-icount", "event-clock"}) {
        std::string const file = folder / name;
        test::Result const run = shell("run --costs " + name + " --trace " + file + " --report " +
                                       file + ".json" + command);
        EXPECT_EQ(run.status, 0) << run.output;
        auto const report = nlohmann::json::parse(test::content_of(file + ".json"));
        EXPECT_EQ(report["machine"]["cost_table"], name);
        times.insert(report["virtual_ns"].get<u64>());
        events.insert(report["system_calls"].get<u64>());
        EXPECT_NE(shell("trace --header " + file).output.find(" costs " + name + " "),
                  std::string::npos);
        test::Result const again = shell("replay " + file);
        EXPECT_EQ(again.status, 0) << again.output;
    }
    EXPECT_EQ(times.size(), 3u);
    EXPECT_EQ(events.size(), 1u);
}

// One nanosecond for each instruction, and nothing for what the kernel does.
TEST(cost_table, user_only_counts_instructions)
{
    test::Folder const folder;
    std::string const file = folder / "report";
    EXPECT_EQ(shell("run --costs user-only --report " + file + " -- true").status, 0);
    auto const report = nlohmann::json::parse(test::content_of(file));
    EXPECT_GE(report["virtual_ns"].get<u64>(), report["user_instructions"].get<u64>());
    EXPECT_LT(report["virtual_ns"].get<u64>(), 2 * report["user_instructions"].get<u64>());
}

}  // namespace
}  // namespace drydock::sim
