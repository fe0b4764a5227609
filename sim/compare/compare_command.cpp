#include "sim/compare/compare_command.h"

#include "sim/command_line.h"
#include "sim/compare/compare_session.h"
#include "sim/host/machine_process.h"
#include "sim/image_inputs.h"
#include "sim/machine_layout.h"
#include "sim/option_values.h"
#include "sim/suite/order_option.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

using Options = CompareCommand::Options;

constexpr u64 kMostRuns = 100;

bool decide_kvm(Options const& options)
{
    if (options.accelerator == "tcg") return false;
    if (options.accelerator != "kvm") {
        throw UsageError(fmt::format("--accel {}: give tcg or kvm", options.accelerator));
    }
    if (options.counts_instructions)
        throw UsageError("--icount: KVM cannot count instructions; give --accel tcg");
    std::string const problem = kvm_problem();
    if (problem.empty()) return true;
    throw UsageError(fmt::format("--accel kvm: {}; give --accel tcg", problem));
}

void check_linux(Options const& options, Order const& order)
{
    if (options.mitigations != "off" && options.mitigations != "default") {
        throw UsageError(fmt::format("--mitigations {}: give off or default", options.mitigations));
    }
    if (options.linux_side == "stored") {
        if (!options.counts_instructions)
            throw UsageError("--linux stored: instructions are stored; give --icount");
        if (options.is_full)
            throw UsageError("--linux stored: the quick suite is stored; leave out --full");
        if (options.stores_counts)
            throw UsageError("--store keeps what Linux takes now; give --linux run");
    }
    if (!options.stores_counts) return;
    bool const is_whole = order == suite_order() && !options.is_full;
    if (!options.counts_instructions || !is_whole || options.linux_side != "run") {
        throw UsageError(
            "--store keeps all 44 counts of Debian's kernel: give --icount, and neither "
            "--only, --order, --full nor a kernel of your own");
    }
}

}  // namespace

CompareCommand::CompareCommand(CommandLine& line)
    : command_(line.add_command("compare",
                                "Run the 44 benchmarks on the image and on Debian's Linux, in the "
                                "same QEMU, and compare"))
{
    Command compare = command_;
    Options& to = options_;
    compare.add_option("--accel", to.accelerator, "tcg (default) or kvm");
    compare.add_flag("--icount",
                     to.counts_instructions,
                     "Count guest instructions, the same in each run (tcg only)");
    compare.add_option(
        "--order", to.order, "NAME,NAME,... or a file of names: what runs, in which order");
    compare.add_option("--only", to.only, "NAME,NAME,...: leave the others out");
    compare.add_flag(
        "--full", to.is_full, "As many iterations as published figures used (default: quick)");
    compare.add_option("--runs", to.runs, "Boot both so many times, in turn: medians (default 1)");
    compare.add_option("--mitigations",
                       to.mitigations,
                       "Linux's against faults of processors: off (default) or default");
    compare.add_option("--linux",
                       to.linux_side,
                       "run (default): fetch Debian's kernel and boot it; stored: take the counts "
                       "kept in the repository; or the path of a bzImage");
    compare.add_flag("--store", to.stores_counts, "Keep what Linux takes in the repository");
    compare.add_option("--memory", to.memory, "Physical memory of both in MiB (default 512)");
    compare.add_option(
        "--time-limit", to.time_limit, "End a boot after this many seconds (default 900)");
    compare.add_option("--image", to.image, "The image, if not the one built with this program");
    compare.add_option("--kernel", to.kernel, "The image with this bug put back (tests/bugs)");
    compare.add_option("--json", to.json_path, "Write all figures to this file, as JSON");
    compare.add_option("--svg", to.picture_path, "Draw the ratios in this file");
    compare.add_flag("--quiet", to.is_quiet, "No progress");
}

int CompareCommand::run(char const* kernel) const
{
    CompareRequest request;
    Order const order = options_.order.empty() ? suite_order() : order_of_text(options_.order);
    request.order = chosen_of(order, options_.only);
    request.is_full = options_.is_full;
    request.uses_kvm = decide_kvm(options_);
    request.counts_instructions = options_.counts_instructions;
    request.runs = parse_between("--runs", options_.runs, 1, kMostRuns);
    check_linux(options_, request.order);
    request.mitigations = options_.mitigations;
    request.linux_side = options_.linux_side;
    request.stores_counts = options_.stores_counts;
    request.memory_bytes = options_.memory.empty() ? kDefaultMemory : parse_memory(options_.memory);
    request.time_limit_ns = parse_time_limit(options_.time_limit, "seconds");
    request.json_path = options_.json_path;
    request.picture_path = options_.picture_path;
    request.is_quiet = options_.is_quiet;
    check_writable(request.json_path);
    check_writable(request.picture_path);
    bool const is_free = options_.kernel.empty() && options_.image.empty();
    request.image = find_image(options_.image, is_free ? kernel : options_.kernel);
    return run_compare_session(request);
}

}  // namespace drydock::sim
