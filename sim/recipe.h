#pragma once

// A recipe: everything that a run is a function of, as a value. It is what a trace's header says;
// `drydock run` makes one from its command line, replay, search and shrinking start from one.

#include "sim/build_identity.h"
#include "sim/choice_source.h"
#include "sim/event_log.h"
#include "sim/kernel_stacks.h"
#include "sim/outcome.h"
#include "sim/program.h"
#include "sim/root_archive.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace drydock::sim {

// Input that came from a terminal.
struct TypedInput {
    u64 time_ps = 0;     // Virtual time at which the machine notices it.
    std::string text{};  // Empty: the terminal is hung up.
    bool operator==(TypedInput const&) const = default;
};

// The world at the other end of the console, as far as the guest can tell.
struct ConsoleRecord {
    ConsoleMode mode{};
    // What a standard input that is no terminal holds. Where it is too long to be kept, `input` is
    // empty and size and hash tell what it was.
    std::string input{};
    u64 input_size = 0;
    std::string input_hash{};
    std::vector<TypedInput> typed{};  // By time.
    // The first write to output [1] and error [2] that found nobody reading; kNever: none did.
    u64 closed_at[3] = {kNever, kNever, kNever};

    bool is_input_kept() const { return input_size == input.size(); }
};

// What the guest wrote to a stream.
struct PrintedText {
    u64 size = 0;
    std::string hash{};
    bool operator==(PrintedText const&) const = default;
};
// To output [0] and error [1].
using PrintedTexts = std::array<PrintedText, 2>;

// How the recorded run ended.
struct Expectation {
    OutcomeKind kind = OutcomeKind::Running;
    int status = 0;
    std::string summary{};  // For people.
    u64 events = 0;
    std::string hash{};  // Of all events.
    std::optional<PrintedTexts> printed{};
    EventMarks marks{};
};

struct Recipe {
    BuildIdentity build{};
    Program program{};
    std::string root{};  // As given to --root; empty: the default tree.
    std::string tree_hash{};
    std::vector<TreeEntry> imports{};
    u64 memory_bytes = 0;
    StackMode stack_mode = StackMode::Guarded;
    std::string costs{};
    bool check_tlb = false;
    bool check_tables = false;
    unsigned tag_bits = 0;
    u64 time_limit_ns = 0;  // 0: none.
    ConsoleRecord console{};
    u64 seed = 0;
    FaultPlan faults{};
    // Absent: seed and fault plan decide. Present: these, and option 0 everywhere else; the seed
    // then drives entropy only.
    std::optional<std::vector<RecordedChoice>> choices{};
    std::optional<Expectation> expected{};
};

// How many bytes of a standard input a header keeps as they are.
inline constexpr u64 kKeptInputBytes = 64 * kKiB;

}  // namespace drydock::sim
