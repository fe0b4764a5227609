#include "sim/replay_options.h"

namespace drydock::sim {

TraceCommand::TraceCommand(CommandLine& line)
    : command_(line.add_command("trace", "Print a trace, its header, or compare two"))
{
    Command trace = command_;
    TraceRequest& to = request_;
    trace.add_option("file", to.path, "What run --trace wrote, or a header").required();
    trace.add_option("other", to.other_path, "With --diff: the file to compare with");
    trace.add_flag("--diff", to.is_diff, "Show the first event in which two files differ");
    trace.add_flag("--header", to.is_header, "Print what reproduces the run, and no events");
    trace.add_flag("--choices", to.with_choices, "With --header: list the decisions one by one");
    trace.add_flag("--reseal", to.is_reseal, "Print a header that was changed by hand anew");
}

bool TraceCommand::is_chosen() const { return command_.is_chosen(); }

ReplayCommand::ReplayCommand(CommandLine& line)
    : command_(line.add_command("replay", "Run a trace again and compare"))
{
    Command replay = command_;
    ReplayRequest& to = request_;
    replay.add_option("file", to.path, "What run --trace wrote, or a header").required();
    replay.add_option(
        "--until", to.until, "Stop after EVENT or at TIME (1.5s, 20ms) and show the state");
    replay.add_option("--kernel", to.kernel, "Replay on this kernel, not on the recorded one");
    replay.add_flag(
        "--any-kernel", to.any_kernel, "Replay although the kernel's sources have changed");
    replay.add_flag("--gdb", to.uses_gdb, "Stop in gdb before the event in question");
    replay.add_option("--gdb-run", to.gdb_commands, "With --gdb: run this command and leave gdb");
    replay.add_option("--trace", to.trace_path, "Write this replay's events to a file");
    replay.add_option(
        "--stdin", to.stdin_path, "The standard input, where the header only names it");
    replay.add_flag("--show", to.shows_output, "Print what the guest prints");
    replay.add_flag("--quiet", to.is_quiet, "Only the exit status");
    replay.add_flag(
        "--unsupervised", to.is_unsupervised, "In this process, without one that watches it");
    replay
        .add_option(
            "--signal-before", to.signal_before, "Of --gdb: raise a signal before this event")
        .hidden();
}

bool ReplayCommand::is_chosen() const { return command_.is_chosen(); }

}  // namespace drydock::sim
