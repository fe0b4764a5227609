#pragma once

// Takes every record of a run: hashes it, keeps the last ones for reports, and writes the trace
// file if there is one. Costs a few nanoseconds a record.

#include "sim/trace_format.h"

#include <memory>
#include <string>
#include <vector>

namespace drydock::sim {

class TraceFile;

class EventLog {
public:
    EventLog();
    ~EventLog();
    EventLog(EventLog const&) = delete;
    EventLog& operator=(EventLog const&) = delete;

    // Writes the records to a file from here on. Throws std::runtime_error.
    void open_file(std::string const& path, TraceHeader const& header);

    void add(TraceRecord const& record) { append() = record; }
    // Room for the next record, all of which the caller fills in at once.
    TraceRecord& append()
    {
        if (used_ == kBufferRecords) flush();
        return buffer_[used_++];
    }

    // The hash of all records so far, 32 hexadecimal digits.
    std::string hash();
    u64 count() const { return flushed_ + used_; }
    // Ends the file, with the hash. Throws std::runtime_error.
    void close_file();
    // The newest records, oldest first, at most `count`.
    std::vector<TraceRecord> last(usize count) const;

private:
    static constexpr usize kBufferRecords = 1024;
    static constexpr usize kKept = 64;
    struct Hasher;

    void flush();

    std::unique_ptr<Hasher> hasher_;
    std::unique_ptr<TraceFile> file_;
    std::vector<TraceRecord> buffer_;
    std::vector<TraceRecord> previous_;  // The last records before the buffer's first.
    usize used_ = 0;
    u64 flushed_ = 0;
};

}  // namespace drydock::sim
