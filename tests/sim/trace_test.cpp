// Trace files: what is written is read back, and what was damaged is refused.

#include "sim/file_bytes.h"
#include "sim/trace_reader.h"
#include "sim/trace_text.h"
#include "tests/sim/run_support.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace drydock::sim {
namespace {

class TraceTest : public testing::Test {
protected:
    TraceTest()
    {
        char name[] = "/tmp/drydock-trace-XXXXXX";
        int const file = mkstemp(name);
        if (file >= 0) close(file);
        path_ = name;
    }
    ~TraceTest() override { unlink(path_.c_str()); }

    std::string write_run()
    {
        SimulationOptions options = test::options_for({"sh", "-c", "echo one | cat"});
        options.trace_path = path_;
        options.trace_header = {{"program", "sh"}, {"seed", "0"}};
        return test::run(options).figures.trace_hash;
    }
    std::string content() const { return std::string(MappedFile(path_).text()); }
    void overwrite(std::string const& text) const
    {
        std::ofstream(path_, std::ios::binary) << text;
    }
    std::string refusal() const
    {
        try {
            read_trace(path_);
        } catch (std::runtime_error const& error) {
            return error.what();
        }
        return {};
    }

    std::string path_;
};

TEST_F(TraceTest, is_read_back)
{
    std::string const hash = write_run();
    Trace const trace = read_trace(path_);
    EXPECT_EQ(trace.hash, hash);
    ASSERT_EQ(trace.header.size(), 2u);
    EXPECT_EQ(trace.header[0].second, "sh");
    EXPECT_GT(trace.records.size(), 50u);
    EXPECT_EQ(trace.records.back().kind, kRecordHalt);
    bool has_write = false;
    for (TraceRecord const& record : trace.records) {
        has_write = has_write || describe_record(record).find("write(0x1") != std::string::npos;
    }
    EXPECT_TRUE(has_write);
}

// A collection takes the list of exited processes once, and all that is in it.
TEST_F(TraceTest, each_collection_takes_all_that_was_reaped_since_the_last)
{
    SimulationOptions options = test::options_for(
        {"sh",
         "-c",
         "i=0; while [ $i -lt 40 ]; do (exit 3) | (exit 4) | true; i=$((i + 1)); done"});
    options.trace_path = path_;
    EXPECT_EQ(test::run(options).outcome.exit_status, 0);
    u64 reaped = 0;
    u64 collections = 0;
    for (TraceRecord const& record : read_trace(path_).records) {
        if (record.kind == static_cast<u32>(EventKind::Reap)) ++reaped;
        if (record.kind != static_cast<u32>(EventKind::Collect)) continue;
        EXPECT_EQ(record.a, reaped);
        reaped = 0;
        ++collections;
    }
    EXPECT_EQ(reaped, 0u);
    EXPECT_GE(collections, 10u);
}

TEST_F(TraceTest, cut_file_is_refused_at_every_length)
{
    write_run();
    std::string const whole = content();
    for (usize size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
        overwrite(whole.substr(0, size));
        std::string const message = refusal();
        EXPECT_FALSE(message.empty()) << size;
        EXPECT_EQ(message.find('\n'), std::string::npos);
    }
}

TEST_F(TraceTest, altered_file_is_refused)
{
    write_run();
    std::string const whole = content();
    usize const records = whole.find("\n\n") + 2;
    for (usize at = records; at < whole.size(); at += 1 + whole.size() / 61) {
        std::string altered = whole;
        altered[at] = static_cast<char>(altered[at] ^ 0x11);
        overwrite(altered);
        EXPECT_FALSE(refusal().empty()) << at;
    }
}

TEST(trace_file, is_not_made_where_it_cannot_be)
{
    SimulationOptions options = test::options_for({"true"});
    options.trace_path = "/nonexistent/folder/trace";
    MemoryConsole console;
    EXPECT_THROW(Simulation(options, console, test::root_bytes()), std::runtime_error);
}

}  // namespace
}  // namespace drydock::sim
