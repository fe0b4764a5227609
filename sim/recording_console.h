#pragma once

// A console that notes down what the guest gets to know of the world: with it any run can be had
// again from its recipe.

#include "sim/console.h"
#include "sim/recipe.h"
#include "sim/text_hash.h"

namespace drydock::sim {

class RecordingConsole final : public Console {
public:
    // What is on the other end is borrowed.
    explicit RecordingConsole(Console& console);

    ConsoleMode mode() override { return record_.mode; }
    ConsoleRead read(Bytes target) override;
    bool write(ConsoleStream stream, ConstBytes bytes) override;
    void flush() override { console_.flush(); }
    bool has_input(u64 now_ps) override;
    u64 wait_for_input(u64 now_ps, u64 timeout_ns) override
    {
        return console_.wait_for_input(now_ps, timeout_ns);
    }

    // What the guest has had so far, and what it has written.
    ConsoleRecord record() const;
    PrintedTexts printed() const;

private:
    Console& console_;
    ConsoleRecord record_{};
    TextHash input_{};
    TextHash printed_[2]{};
    u64 now_ps_ = 0;
    u64 writes_[3] = {};
};

}  // namespace drydock::sim
