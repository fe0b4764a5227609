#pragma once

// The world at the console as a recipe tells it; what the guest writes is kept, or passed on.

#include "sim/console.h"
#include "sim/recipe.h"
#include "sim/text_hash.h"

#include <functional>

namespace drydock::sim {

class ReplayConsole final : public Console {
public:
    using Output = std::function<void(ConsoleStream stream, std::string_view text)>;

    // `output` may be empty. Precondition: the input is kept.
    explicit ReplayConsole(ConsoleRecord record, Output output = {});

    ConsoleMode mode() override { return record_.mode; }
    ConsoleRead read(Bytes target) override;
    bool write(ConsoleStream stream, ConstBytes bytes) override;
    void flush() override {}
    bool has_input(u64 now_ps) override;
    u64 wait_for_input(u64 now_ps, u64 timeout_ns) override;

    // What the guest has written so far.
    PrintedTexts printed() const;

private:
    ConsoleRecord record_;
    Output output_;
    usize taken_ = 0;  // Bytes of the input.
    usize typed_ = 0;  // Entries of `typed` that have been read, and bytes of the next one.
    usize typed_bytes_ = 0;
    bool is_abandoned_ = false;  // The script is over and nothing else would ever happen.
    u64 writes_[3] = {};
    TextHash printed_[2]{};
};

}  // namespace drydock::sim
