#pragma once

// The world at the other end of a simulated machine's console: the host's standard streams, or
// memory in tests.

#include "core/platform/platform.h"

#include <string>

namespace drydock::sim {

class Console {
public:
    virtual ~Console() = default;

    virtual ConsoleMode mode() = 0;
    // As Platform::console_input: a stream that is no terminal fills `target` or ends.
    virtual ConsoleRead read(Bytes target) = 0;
    // False if nobody reads the other end any more.
    virtual bool write(ConsoleStream stream, ConstBytes bytes) = 0;
    virtual void flush() = 0;
    // Terminal input only: whether read() has something at this virtual time.
    virtual bool has_input(u64 now_ps) = 0;
    // Terminal input only: waits from `now_ps` on for input for at most `timeout_ns` (kNever: for
    // ever). The nanoseconds that passed.
    virtual u64 wait_for_input(u64 now_ps, u64 timeout_ns) = 0;
};

// Input given beforehand, output kept: nothing of the host takes part.
class MemoryConsole final : public Console {
public:
    explicit MemoryConsole(std::string input = {}) : input_(std::move(input)) {}

    ConsoleMode mode() override;
    ConsoleRead read(Bytes target) override;
    bool write(ConsoleStream stream, ConstBytes bytes) override;
    void flush() override {}
    bool has_input(u64) override { return false; }
    u64 wait_for_input(u64, u64) override { return 0; }

    std::string const& output() const { return output_; }
    std::string const& errors() const { return errors_; }

private:
    std::string input_;
    usize taken_ = 0;
    std::string output_;
    std::string errors_;
};

}  // namespace drydock::sim
