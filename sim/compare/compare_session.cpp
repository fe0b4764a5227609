#include "sim/compare/compare_session.h"

#include "sim/compare/hidden_costs.h"
#include "sim/compare/linux_counts.h"
#include "sim/compare/linux_package.h"
#include "sim/compare/suite_boot.h"
#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/host/program_output.h"
#include "sim/host/suite_program.h"
#include "sim/root_archive.h"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>

namespace drydock::sim {

namespace {

constexpr char const* kStored = "stored";
constexpr char const* kRun = "run";

// One line on a terminal that says which benchmark is running.
class BootProgress {
public:
    explicit BootProgress(bool is_wanted) : is_wanted_(is_wanted && is_host_terminal(2)) {}
    ~BootProgress() { erase(); }
    BootProgress(BootProgress const&) = delete;
    BootProgress& operator=(BootProgress const&) = delete;

    void show(std::string const& text)
    {
        if (!is_wanted_) return;
        fmt::print(stderr, "\r\033[K{}\r", text);
        std::fflush(stderr);
    }
    void erase() { show({}); }

private:
    bool is_wanted_;
};

class Session {
public:
    explicit Session(CompareRequest const& request)
        : request_(request), progress_(!request.is_quiet)
    {}

    Comparison run()
    {
        prepare();
        std::vector<Measurements> ours, theirs;
        for (usize i = 0; i < request_.runs; ++i) {
            ours.push_back(boot(ours_, request_.order));
            if (is_linux_booted_) theirs.push_back(boot(linux_, request_.order));
        }
        if (request_.counts_instructions) check_counts(ours, theirs);
        std::vector<HiddenCosts> hidden;
        if (request_.counts_instructions) {
            progress_.show("simulator: flushes, faults, frames");
            hidden = measure_hidden_costs(request_.order, request_.is_full);
        }
        progress_.erase();
        Measurements const linux_side =
            is_linux_booted_ ? together(theirs)
                             : stored_measurements(stored_, request_.mitigations, request_.order);
        if (request_.stores_counts) store(linux_side);
        return {conditions_, side_by_side(together(ours), linux_side, hidden)};
    }

private:
    void prepare()
    {
        conditions_.counts_instructions = request_.counts_instructions;
        conditions_.is_full = request_.is_full;
        conditions_.runs = request_.runs;
        conditions_.memory_bytes = request_.memory_bytes;
        conditions_.accelerator = request_.uses_kvm ? "kvm" : "tcg";
        conditions_.cpu = kCompareCpu;
        conditions_.qemu = qemu_version();
        conditions_.mitigations = request_.mitigations;
        std::string const suite = find_suite_program();
        conditions_.suite = ProgramOutput(suite, {"--version"}).take();
        while (conditions_.suite.ends_with('\n')) conditions_.suite.pop_back();
        conditions_.suite_hash = content_hash(MappedFile(suite).text());
        conditions_.busybox_hash = content_hash(MappedFile(find_busybox()).text());
        is_linux_booted_ = request_.linux_side != kStored;
        conditions_.linux_source = is_linux_booted_ ? kRun : kStored;
        if (is_linux_booted_) {
            progress_.show("fetching Debian's kernel");
            package_ = request_.linux_side == kRun ? find_linux_package()
                                                   : given_linux(request_.linux_side);
            conditions_.linux_name = package_.name();
        } else {
            std::string const path = newest_linux_counts(linux_counts_folder());
            stored_ = parse_linux_counts(MappedFile(path).text(), path);
            conditions_.linux_name = stored_.package + " " + stored_.version;
            conditions_.notes = notes_on(stored_, conditions_);
        }
        prepare_boots();
    }

    void prepare_boots()
    {
        ours_.kernel = request_.image;
        ours_.uses_kvm = request_.uses_kvm;
        ours_.counts_instructions = request_.counts_instructions;
        ours_.is_full = request_.is_full;
        ours_.memory_bytes = request_.memory_bytes;
        ours_.time_limit_ns = request_.time_limit_ns;
        linux_ = ours_;
        linux_.is_linux = true;
        linux_.kernel = package_.kernel;
        if (request_.mitigations == "off") linux_.more_words = "mitigations=off";
    }

    Measurements boot(SuiteBoot const& machine, Order const& order)
    {
        progress_.show(fmt::format("{}: booting", machine.name()));
        return boot_suite(machine, order, [&](usize results) {
            if (results >= order.size()) return;
            progress_.show(fmt::format("{}: {} of {}, {}",
                                       machine.name(),
                                       results + 1,
                                       order.size(),
                                       benchmarks()[order[results]].name));
        });
    }

    // Every boot takes the same number of instructions, or the counts say nothing. With one run,
    // one benchmark shows it.
    void check_counts(std::vector<Measurements> const& ours,
                      std::vector<Measurements> const& theirs)
    {
        if (request_.runs > 1) {
            compare_counts("drydock", ours);
            compare_counts("Linux", theirs);
            return;
        }
        Order const first = {request_.order.front()};
        compare_counts("drydock", {boot(ours_, first), boot(ours_, first)});
        if (is_linux_booted_) compare_counts("Linux", {boot(linux_, first), boot(linux_, first)});
    }

    static void compare_counts(char const* kernel, std::vector<Measurements> const& runs)
    {
        for (usize i = 1; i < runs.size(); ++i) {
            std::string const problem = describe_unequal_counts(kernel, runs[0], runs[i]);
            if (!problem.empty()) throw std::runtime_error(problem);
        }
    }

    static Measurements together(std::vector<Measurements> const& runs)
    {
        Measurements result = runs.at(0);
        for (usize run = 1; run < runs.size(); ++run) {
            for (usize i = 0; i < result.size(); ++i) {
                Measurement const& other = runs[run][i];
                if (!other.has_figure()) result[i] = other;
                if (!result[i].has_figure()) continue;
                result[i].totals.push_back(other.totals.front());
            }
        }
        return result;
    }

    void store(Measurements const& linux_side) const
    {
        std::string const path = linux_counts_folder() + "/" + package_.version + ".json";
        LinuxCounts counts;
        if (std::filesystem::exists(path)) {
            LinuxCounts before = parse_linux_counts(MappedFile(path).text(), path);
            // Counts of other conditions do not stand beside these.
            if (notes_on(before, conditions_).empty()) counts = std::move(before);
        }
        counts.package = package_.package;
        counts.version = package_.version;
        counts.qemu = conditions_.qemu;
        counts.cpu = conditions_.cpu;
        counts.memory_bytes = conditions_.memory_bytes;
        counts.suite = conditions_.suite;
        counts.suite_hash = conditions_.suite_hash;
        counts.busybox_hash = conditions_.busybox_hash;
        LinuxCounts::Counts& items = counts.by_mitigations[request_.mitigations];
        items.clear();
        for (Measurement const& measurement : linux_side) {
            if (!measurement.has_figure()) continue;
            items[std::string(benchmarks()[measurement.benchmark].name)] = {
                measurement.iterations, measurement.totals.front()};
        }
        write_file(path, print_linux_counts(counts));
        fmt::print(stderr, "drydock: {} written\n", path);
    }

    CompareRequest const& request_;
    BootProgress progress_;
    Conditions conditions_{};
    bool is_linux_booted_ = false;
    LinuxPackage package_{};
    LinuxCounts stored_{};
    SuiteBoot ours_{}, linux_{};
};

}  // namespace

std::string describe_unequal_counts(char const* kernel,
                                    Measurements const& first,
                                    Measurements const& second)
{
    for (usize i = 0; i < first.size() && i < second.size(); ++i) {
        if (first[i].totals == second[i].totals) continue;
        auto const total = [](Measurement const& one) {
            return one.totals.empty() ? u64{0} : one.totals.front();
        };
        return fmt::format("two boots of {} are not alike: {} took {} instructions and then {}; "
                           "this QEMU does not count the same in each run",
                           kernel,
                           benchmarks()[first[i].benchmark].name,
                           total(first[i]),
                           total(second[i]));
    }
    return {};
}

int run_compare_session(CompareRequest const& request)
{
    Comparison const comparison = Session(request).run();
    std::string const table = comparison_table(comparison);
    std::fwrite(table.data(), 1, table.size(), stdout);
    std::fflush(stdout);
    if (!request.json_path.empty()) write_file(request.json_path, comparison_json(comparison));
    if (!request.picture_path.empty())
        write_file(request.picture_path, comparison_picture(comparison));
    return 0;
}

}  // namespace drydock::sim
