#pragma once

// Processes that work side by side and tell the one that started them, in lines of text.

#include "core/base/integers.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace drydock::sim {

class WorkerPool {
public:
    using Say = std::function<void(std::string const& line)>;
    // Runs in a child; what it throws is the reason that its end gives.
    using Work = std::function<void(Say const&)>;

    struct News {
        u64 worker = 0;  // The number that it was started with.
        bool has_ended = false;
        std::string line{};  // What it says, or why it ended early; empty: it was done.
    };

    WorkerPool() = default;
    // Ends those that still run, and all that they started.
    ~WorkerPool();
    WorkerPool(WorkerPool const&) = delete;
    WorkerPool& operator=(WorkerPool const&) = delete;

    // Throws std::runtime_error if the host has no room for a process.
    void start(u64 number, Work const& work);
    usize count() const { return workers_.size(); }
    // The next that one of them says; nothing if none does for so long.
    std::optional<News> wait(u64 milliseconds);
    // Ends one of them, and what it started; without news.
    void stop(u64 number);
    void stop();

private:
    struct Worker {
        u64 number = 0;
        int process = -1;
        int descriptor = -1;
        std::string pending{};
        bool has_closed = false;
    };

    std::optional<News> take_line(Worker& worker);
    void read_from(Worker& worker);
    News end_of(usize index);

    std::vector<Worker> workers_{};
};

}  // namespace drydock::sim
