#pragma once

// The console of a machine whose next benchmark is decided when the suite asks for it.

#include "sim/console.h"
#include "sim/recipe.h"
#include "sim/suite/region_meter.h"
#include "sim/suite/suite_run.h"
#include "sim/text_hash.h"

#include <functional>

namespace drydock::sim {

class ExplorerConsole final : public Console {
public:
    using OnResult = std::function<void(BenchmarkRun const&)>;
    explicit ExplorerConsole(OnResult on_result) : on_result_(std::move(on_result)) {}

    // The suite reads this name next. Precondition: needs_name().
    void give(usize benchmark);
    // There are no more names.
    void end() { has_ended_ = true; }
    // The next byte that is read is that of a name which nobody has given yet.
    bool needs_name() const { return name_.empty() && !has_ended_; }

    ConsoleMode mode() override;
    ConsoleRead read(Bytes target) override;
    bool write(ConsoleStream stream, ConstBytes bytes) override;
    void flush() override {}
    bool has_input(u64) override { return false; }
    u64 wait_for_input(u64, u64) override { return 0; }

    EventObserver& meter() { return meter_; }
    // What the guest has written so far.
    PrintedTexts printed() const;

private:
    OnResult on_result_;
    ResultParser parser_{Order{}};
    RegionMeter meter_{};
    std::string name_{};  // What is left of it.
    bool has_ended_ = false;
    TextHash printed_[2]{};
};

}  // namespace drydock::sim
