#pragma once

// Answers the kernel's open decisions and its wish for entropy. Seed 0 takes option 0 everywhere;
// another seed drives scheduling and entropy. Failure sites answer 0 unless they are armed.

#include "core/platform/choice.h"
#include "sim/random.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

// Which failure sites may answer other than 0, each time with a probability of 1 / rate.
struct FaultPlan {
    bool allocations = false;
    bool short_transfers = false;
    bool interrupted_waits = false;
    u32 rate = 64;
};

// "alloc,short-io,eintr[,rate=N]"; nothing if it is not that.
std::optional<FaultPlan> parse_fault_plan(std::string_view text);
std::string describe(FaultPlan const& plan);

struct ForcedChoice {
    u64 index = 0;  // Among all calls with more than one option.
    u32 answer = 0;
};

class ChoiceSource {
public:
    ChoiceSource(u64 seed, FaultPlan const& plan, std::vector<ForcedChoice> forced);

    // Postcondition: the answer is below `count`.
    u32 choose(Choice site, u32 count);
    void fill(std::byte* target, usize size);

    u64 asked() const { return asked_; }

private:
    bool is_armed(Choice site) const;

    u64 seed_;
    FaultPlan plan_;
    std::vector<ForcedChoice> forced_;
    usize next_forced_ = 0;
    u64 asked_ = 0;
    Random schedule_;
    Random faults_;
    Random entropy_;
};

}  // namespace drydock::sim
