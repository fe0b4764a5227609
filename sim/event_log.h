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

    // Where the newest records stand, the last written at records[used - 1]. At `used`, once the
    // ring went around, are the oldest.
    struct Ring {
        static constexpr usize kRecords = 1024;
        TraceRecord records[kRecords] = {};
        usize used = 0;
        u64 flushed = 0;  // Records before those of this round.
    };
    // Collects in the caller's ring from here on; before the first record.
    void collect_in(Ring& ring);

    // Writes the records to a file from here on. Throws std::runtime_error.
    void open_file(std::string const& path);

    void add(TraceRecord const& record) { append() = record; }
    // Room for the next record, all of which the caller fills in at once.
    TraceRecord& append()
    {
        if (ring_->used == limit_) flush();
        return ring_->records[ring_->used++];
    }

    // The hash of all records so far, 32 hexadecimal digits.
    std::string hash();
    u64 count() const { return ring_->flushed + ring_->used; }
    // Ends the file, which then starts with these lines. Throws std::runtime_error.
    void close_file(std::string const& header);
    EventMarks const& marks() const { return marks_; }
    // Right after append().
    TraceRecord const& newest() const { return ring_->records[ring_->used - 1]; }
    // The newest records, oldest first, at most `count`.
    std::vector<TraceRecord> last(usize count) const;

private:
    static constexpr usize kKept = 64;
    struct Hasher;

    void flush();
    void mark();

    std::unique_ptr<Hasher> hasher_;
    std::unique_ptr<TraceFile> file_;
    std::unique_ptr<Ring> own_ring_;
    Ring* ring_;
    // Where the ring ends: earlier after an early flush, so that a full one ends at a mark.
    usize limit_ = Ring::kRecords;
    std::vector<TraceRecord> previous_;  // The last records before the ring's first.
    EventMarks marks_{};
};

}  // namespace drydock::sim
