// `drydock replay`: a recorded run once more, compared with the record event by event.

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/host/debugger.h"
#include "sim/host/kernel_variant.h"
#include "sim/host/places.h"
#include "sim/host/shared_value.h"
#include "sim/host/supervisor.h"
#include "sim/loss_report.h"
#include "sim/replay_options.h"
#include "sim/replay_verdict.h"

#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr int kCameAgain = 0;
constexpr int kDiffers = 1;
constexpr unsigned kKernelSeconds = 10;
// CPU seconds beyond the kernel's limit after which a replay that does not end is ended.
constexpr unsigned kGraceSeconds = 5;

struct Replayed {
    ReplayVerdict verdict{};
    u64 event_in_question = 0;  // For a debugger: what to stop before.
};

void pass_on(ConsoleStream stream, std::string_view text)
{
    std::FILE* const target = stream == ConsoleStream::Error ? stderr : stdout;
    std::fwrite(text.data(), 1, text.size(), target);
    std::fflush(target);
}

// A standard input that the header only names is read and must be the recorded one.
void supply_input(Recipe& recipe, ReplayRequest const& request)
{
    std::string const& path = request.stdin_path;
    ConsoleRecord& console = recipe.console;
    if (path.empty() && console.is_input_kept()) return;
    if (path.empty()) {
        throw UsageError(
            fmt::format("{}: the run had {} bytes of standard input, too many for a header; "
                        "give them with --stdin FILE",
                        request.path,
                        console.input_size));
    }
    MappedFile const file(path);
    // A program may have read only the start of it.
    std::string_view const text = file.text().substr(0, console.input_size);
    bool const is_same = console.is_input_kept() ? text == console.input
                                                 : text.size() == console.input_size &&
                                                       content_hash(text) == console.input_hash;
    if (!is_same)
        throw UsageError(fmt::format("--stdin {}: not the input of the recorded run", path));
    console.input = text;
}

// What a debugger should stop before: where an oracle spoke first, else the end of the run.
u64 event_in_question(ReplayWatch const& watch, RunResult const& result)
{
    if (watch.first_finding()) return *watch.first_finding();
    u64 const events = result.figures.events;
    // A crash makes no event: the one before it is the last that is known.
    bool const ends_with_event = result.outcome.kind == OutcomeKind::Exited ||
                                 result.outcome.kind == OutcomeKind::FramesLeaked ||
                                 result.outcome.kind == OutcomeKind::WrongReferences;
    return ends_with_event && events > 0 ? events - 1 : events;
}

// Events need the recorded tree; a header alone is content with one whose files have changed.
RootArchive tree_of(Trace const& trace, ReplayRequest const& request)
{
    Recipe const& recipe = trace.recipe;
    bool const has_events = trace.kind == TraceKind::WithEvents;
    RootArchive root;
    try {
        root = root_of(recipe, has_events ? ChangedFiles::Refused : ChangedFiles::Taken);
    } catch (std::runtime_error const& error) {
        throw UsageError(fmt::format("{}: {}", request.path, error.what()));
    }
    if (!has_events || root.hash == recipe.tree_hash) return root;
    throw UsageError(fmt::format(
        "{}: the file tree {} is not the recorded one (hash {}, now {}); restore it, or replay "
        "the header alone (drydock trace --header)",
        request.path,
        recipe.root.empty() ? "of Debian's BusyBox" : recipe.root,
        recipe.tree_hash,
        root.hash));
}

Replayed replay_once(Trace const& trace,
                     ReplayRequest const& request,
                     StopPoint const& until,
                     BlackBox* box)
{
    Recipe recipe = trace.recipe;
    supply_input(recipe, request);
    bool const has_events = trace.kind == TraceKind::WithEvents;
    if (has_events && !recipe.choices) recipe.choices = choices_of(trace.records);
    RootArchive const root = tree_of(trace, request);
    RunHooks hooks;
    hooks.trace_path = request.trace_path;
    hooks.kernel_loop_seconds = kKernelSeconds;
    if (request.shows_output) hooks.output = pass_on;
    RecipeRun run(recipe, root, hooks);
    Machine& machine = run.simulation().machine();
    if (box != nullptr) machine.log().collect_in(box->ring);
    ReplayWatch watch(has_events ? &trace.records : nullptr, until, request.signal_before);
    machine.set_watch(&watch);
    if (until.time_ns) machine.set_pause_time(*until.time_ns);
    run.simulation().step({});
    machine.set_watch(nullptr);
    Replayed replayed;
    if (watch.difference()) {
        replayed.event_in_question = *watch.difference();
        replayed.verdict = judge_difference(trace, watch, run.simulation().describe_state());
    } else if (!machine.is_over()) {
        replayed.event_in_question = machine.log().count();
        replayed.verdict = {true, "stopped\n" + run.simulation().describe_state()};
    } else {
        RunResult const result = run.finish();
        replayed.event_in_question = event_in_question(watch, result);
        replayed.verdict = judge_end(trace, result, root.hash);
    }
    return replayed;
}

int tell(ReplayVerdict const& verdict, ReplayRequest const& request)
{
    if (!request.is_quiet) std::fwrite(verdict.text.data(), 1, verdict.text.size(), stdout);
    std::fflush(stdout);
    return verdict.is_same ? kCameAgain : kDiffers;
}

// Returns in the process of the run as well, if that is another one: then `is_child` is set.
// `event` takes the event in question, for both.
int replay_watched(
    Trace const& trace, ReplayRequest const& request, StopPoint until, u64& event, bool& is_child)
{
    auto const simulate = [&](BlackBox* box) {
        Replayed const replayed = replay_once(trace, request, until, box);
        event = replayed.event_in_question;
        return tell(replayed.verdict, request);
    };
    if (request.is_unsupervised) return simulate(nullptr);
    return run_supervised(
        {kKernelSeconds + kGraceSeconds},
        [&](BlackBox& box) {
            is_child = true;
            return simulate(&box);
        },
        [&](BlackBox const& box, Loss const& loss) {
            event = box.ring.flushed + box.ring.used;
            return tell(judge_loss(trace, describe_loss(box, loss)), request);
        });
}

[[noreturn]] void debug(ReplayRequest const& request, u64 event)
{
    std::vector<std::string> commands = {
        "source " + find_above_program("tools/drydock_gdb.py"),
        fmt::format("drydock-stop-before {}", event),
    };
    commands.insert(commands.end(), request.gdb_commands.begin(), request.gdb_commands.end());
    std::vector<std::string> arguments = {"replay",
                                          request.path,
                                          "--quiet",
                                          "--unsupervised",
                                          "--kernel",
                                          this_build().kernel_variant,
                                          "--signal-before",
                                          std::to_string(event)};
    if (request.any_kernel) arguments.emplace_back("--any-kernel");
    if (request.shows_output) arguments.emplace_back("--show");
    if (!request.stdin_path.empty()) {
        arguments.emplace_back("--stdin");
        arguments.push_back(request.stdin_path);
    }
    become_debugger(commands, !request.gdb_commands.empty(), arguments);
}

StopPoint stop_point_of(ReplayRequest const& request)
{
    if (request.until.empty()) return {};
    std::optional<StopPoint> const point = parse_stop_point(request.until);
    if (point) return *point;
    throw UsageError(
        fmt::format("--until {}: give an event (1234) or a virtual time (1.5s, 20ms, 300us, 7ns)",
                    request.until));
}

// Becomes the program with the kernel that the replay needs, if this is not it.
void find_kernel(Trace const& trace, ReplayRequest const& request, char** arguments)
{
    std::string const& recorded = trace.recipe.build.kernel_variant;
    std::string const& wanted = request.kernel.empty() ? recorded : request.kernel;
    if (wanted == this_build().kernel_variant) return;
    try {
        become_kernel(wanted, arguments);
    } catch (std::runtime_error const& error) {
        if (!request.kernel.empty()) throw;
        throw UsageError(
            fmt::format("{}: recorded on another kernel: {}", request.path, error.what()));
    }
}

}  // namespace

int replay_trace(ReplayRequest const& request, char** arguments)
{
    StopPoint const until = stop_point_of(request);
    check_writable(request.trace_path);
    Trace const trace = read_trace(request.path);
    std::string const refusal = refusal_of(trace);
    if (!refusal.empty()) throw UsageError(fmt::format("{}: {}", request.path, refusal));
    find_kernel(trace, request, arguments);
    if (!request.any_kernel && request.kernel.empty()) {
        std::string const change = kernel_change(trace);
        if (!change.empty()) throw UsageError(fmt::format("{}: {}", request.path, change));
    }
    SharedValue event;
    bool is_child = false;
    int const status = replay_watched(trace, request, until, event.value(), is_child);
    if (request.uses_gdb && !is_child) debug(request, event.value());
    return status;
}

}  // namespace drydock::sim
