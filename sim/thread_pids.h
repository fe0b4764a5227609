#pragma once

// Which process a record belongs to. The kernel names pid and tid only where a record is of another
// thread than the running one; the rest follows from the switches.

#include "core/platform/event.h"
#include "sim/trace_format.h"

#include <vector>

namespace drydock::sim {

class ThreadPids {
public:
    // Fills in pid and tid where both are 0, else learns from them. Before switch_to() of a switch.
    void attribute(TraceRecord& record)
    {
        if (record.pid == 0 && record.tid == 0) {
            record.tid = current_tid_;
            record.pid = current_pid_;
        } else if (record.pid != 0 && record.tid != 0 && pid_of(record.tid) != record.pid) {
            learn(record.tid, record.pid);
        }
    }
    // The thread that runs from now on.
    void switch_to(u32 tid)
    {
        current_tid_ = tid;
        current_pid_ = pid_of(tid);
    }

    u32 current_tid() const { return current_tid_; }
    u32 current_pid() const { return current_pid_; }

private:
    // A process's first thread has its number.
    u32 pid_of(u32 tid) const { return tid < pids_.size() && pids_[tid] != 0 ? pids_[tid] : tid; }
    void learn(u32 tid, u32 pid)
    {
        if (pids_.size() <= tid) pids_.resize(tid + 64);
        pids_[tid] = pid;
        current_pid_ = pid_of(current_tid_);
    }

    u32 current_tid_ = 0;
    u32 current_pid_ = 0;
    std::vector<u32> pids_;  // By tid.
};

}  // namespace drydock::sim
