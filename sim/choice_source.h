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
    bool late_timers = false;
    bool operator==(FaultPlan const&) const = default;
};

// What a fault plan may list, for messages.
inline constexpr char const* kFaultWords = "alloc, short-io, eintr, timer, rate=N";
// "alloc,short-io,eintr,timer[,rate=N]"; nothing if it is not that.
std::optional<FaultPlan> parse_fault_plan(std::string_view text);
std::string describe(FaultPlan const& plan);

// One decision that was not the default. Each site counts for itself the calls that had more than
// one option, so that leaving out a decision of one site does not renumber the others.
struct RecordedChoice {
    Choice site{};
    u64 index = 0;
    u32 answer = 0;
    bool operator==(RecordedChoice const&) const = default;
};
using RecordedChoices = std::vector<RecordedChoice>;

// "next-thread", ...: what headers call a site.
char const* choice_word(Choice site);

struct ChoicePlan {
    u64 seed = 0;
    FaultPlan faults{};
    // Present: these answers (clamped to what is on offer) and 0 for all others; the seed then
    // drives entropy only. Of two for the same call the first counts.
    std::optional<RecordedChoices> recorded{};
};

class ChoiceSource {
public:
    explicit ChoiceSource(ChoicePlan const& plan);

    // Postcondition: the answer is below `count`.
    u32 choose(Choice site, u32 count);
    void fill(std::byte* target, usize size);

    // How often this site had more than one option.
    u64 asked(Choice site) const { return asked_[static_cast<usize>(site)]; }

private:
    struct Script {
        RecordedChoices choices{};  // Of one site, by index.
        usize next = 0;
    };

    bool is_armed(Choice site) const;
    u32 decide(Choice site, u32 count);
    u32 read_script(Choice site, u32 count, u64 index);

    u64 seed_;
    FaultPlan plan_;
    bool is_recorded_;
    Script scripts_[kChoiceCount];
    u64 asked_[kChoiceCount] = {};
    Random schedule_;
    Random faults_;
    Random entropy_;
};

}  // namespace drydock::sim
