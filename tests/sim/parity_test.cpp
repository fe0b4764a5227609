// What `drydock parity` compares, with records made by hand.

#include "sim/parity.h"

#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

TraceRecord record_of(EventKind kind, u32 pid, u64 a, u64 b = 0, u64 c = 0, u64 time_ns = 0)
{
    TraceRecord record;
    record.kind = static_cast<u32>(kind);
    record.pid = pid;
    record.tid = pid;
    record.a = a;
    record.b = b;
    record.c = c;
    record.time_ns = time_ns;
    return record;
}

// Two processes: one calls read (0) and gets 5, the other faults.
SideRun sample(char const* name)
{
    SideRun side;
    side.name = name;
    side.records = {record_of(EventKind::SyscallEnter, 1, 0, 3),
                    record_of(EventKind::Switch, 1, 2),
                    record_of(EventKind::Fault, 2, 0x1000, 6),
                    record_of(EventKind::Wake, 2, 1),
                    record_of(EventKind::SyscallExit, 1, 0, 5)};
    side.output = "one\ntwo\n";
    return side;
}

TEST(parity, same_runs_are_equal)
{
    EXPECT_EQ(describe_differences(sample("left"), sample("right"), 8), "");
}

TEST(parity, time_is_not_compared)
{
    SideRun right = sample("right");
    for (TraceRecord& record : right.records) record.time_ns += 77;
    EXPECT_EQ(describe_differences(sample("left"), right, 8), "");
}

TEST(parity, switches_wakes_and_the_order_between_processes_are_not_compared)
{
    SideRun right = sample("right");
    std::swap(right.records[0], right.records[2]);
    right.records.erase(right.records.begin() + 3);
    right.records.erase(right.records.begin() + 1);
    EXPECT_EQ(describe_differences(sample("left"), right, 8), "");
}

TEST(parity, every_number_of_a_record_counts)
{
    for (int field = 0; field < 5; ++field) {
        SideRun right = sample("right");
        TraceRecord& record = right.records[2];
        if (field == 0) record.a ^= 1;
        if (field == 1) record.b ^= 1;
        if (field == 2) record.c ^= 1;
        if (field == 3) record.tid = 3;
        if (field == 4) record.kind = static_cast<u32>(EventKind::CacheInsert);
        EXPECT_NE(describe_differences(sample("left"), right, 8), "") << field;
    }
}

TEST(parity, order_within_a_process_counts)
{
    SideRun right = sample("right");
    std::swap(right.records[0], right.records[4]);
    EXPECT_NE(describe_differences(sample("left"), right, 8).find("process 1 differ from number 1"),
              std::string::npos);
}

TEST(parity, missing_end_and_missing_process_are_differences)
{
    SideRun shorter = sample("right");
    shorter.records.pop_back();
    std::string const text = describe_differences(sample("left"), shorter, 8);
    EXPECT_NE(text.find("process 1 differ from number 2"), std::string::npos) << text;
    EXPECT_NE(text.find("no more events of this process"), std::string::npos) << text;
    SideRun more = sample("right");
    more.records.push_back(record_of(EventKind::Exit, 7, 0));
    EXPECT_NE(describe_differences(sample("left"), more, 8).find("process 7"), std::string::npos);
}

TEST(parity, first_difference_of_all_processes_is_shown_with_what_came_before)
{
    SideRun right = sample("right");
    right.records[2].a = 0x2000;
    right.records[4].b = 6;
    std::string const text = describe_differences(sample("left"), right, 8);
    EXPECT_NE(text.find("process 2 differ from number 1"), std::string::npos) << text;
    EXPECT_NE(text.find("0x1000"), std::string::npos) << text;
    EXPECT_NE(text.find("0x2000"), std::string::npos) << text;
    right.records[2].a = 0x1000;
    std::string const other = describe_differences(sample("left"), right, 8);
    EXPECT_NE(other.find("call           read(0x3"), std::string::npos) << other;
    EXPECT_NE(other.find("read = 5"), std::string::npos) << other;
    EXPECT_NE(other.find("read = 6"), std::string::npos) << other;
    EXPECT_EQ(describe_differences(sample("left"), right, 0).find("read(0x3"), std::string::npos);
}

TEST(parity, output_errors_and_status_are_compared)
{
    SideRun right = sample("right");
    right.output = "one\nt\x1bo\n";
    std::string const text = describe_differences(sample("left"), right, 8);
    EXPECT_NE(text.find("standard output differs in line 2"), std::string::npos) << text;
    EXPECT_NE(text.find("t\\x1bo"), std::string::npos) << text;
    right = sample("right");
    right.errors = "x";
    EXPECT_NE(describe_differences(sample("left"), right, 8).find("standard error"),
              std::string::npos);
    right = sample("right");
    right.status = 3;
    EXPECT_NE(describe_differences(sample("left"), right, 8).find("exit status"),
              std::string::npos);
    right = sample("right");
    right.output = "one\ntwo";
    EXPECT_NE(describe_differences(sample("left"), right, 8), "");
}

}  // namespace
}  // namespace drydock::sim
