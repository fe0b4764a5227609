#pragma once

// A console that notes down what the guest gets to know of the world: with it any run can be had
// again from its recipe.

#include "sim/console.h"
#include "sim/recipe.h"

#include <memory>

namespace drydock::sim {

class RecordingConsole final : public Console {
public:
    // What is on the other end is borrowed.
    explicit RecordingConsole(Console& console);
    ~RecordingConsole() override;
    RecordingConsole(RecordingConsole const&) = delete;
    RecordingConsole& operator=(RecordingConsole const&) = delete;

    ConsoleMode mode() override { return record_.mode; }
    ConsoleRead read(Bytes target) override;
    bool write(ConsoleStream stream, ConstBytes bytes) override;
    void flush() override { console_.flush(); }
    bool has_input(u64 now_ps) override;
    u64 wait_for_input(u64 now_ps, u64 timeout_ns) override
    {
        return console_.wait_for_input(now_ps, timeout_ns);
    }

    // What the guest has had so far.
    ConsoleRecord record() const;

private:
    struct Hasher;

    Console& console_;
    ConsoleRecord record_{};
    std::unique_ptr<Hasher> hasher_;
    u64 now_ps_ = 0;
    u64 writes_[3] = {};
};

}  // namespace drydock::sim
