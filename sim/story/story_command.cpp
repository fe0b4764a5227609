#include "sim/story/story_command.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/host/kernel_variant.h"
#include "sim/host/program_output.h"
#include "sim/story/story_parts.h"
#include "sim/story/story_text.h"

#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr char const* kBenchmarks = "benchmarks";
constexpr char const* kPipes = "pipes";

void print(std::string const& text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

// A line on a terminal that says what is being waited for.
class Waiting {
public:
    explicit Waiting(bool is_quiet) : is_shown_(!is_quiet && is_host_terminal(2)) {}
    void show(char const* what) const
    {
        if (is_shown_) fmt::print(stderr, "\r\033[K{} ...\r", what);
    }
    ~Waiting()
    {
        if (is_shown_) fmt::print(stderr, "\r\033[K");
    }
    Waiting(Waiting const&) = delete;
    Waiting& operator=(Waiting const&) = delete;

private:
    bool is_shown_;
};

StoryParts run_parts(bool is_quiet)
{
    std::string const sound = find_kernel(kUnpatchedKernel);
    std::string const stale = find_kernel("stale-template");
    std::string const piped = find_kernel("pipe-on-stack");
    Waiting const waiting(is_quiet);
    waiting.show("the six benchmarks, on the kernel with a stale template and on the sound one");
    ProgramOutput stale_output(stale, {"story", "--part", kBenchmarks});
    ProgramOutput sound_output(sound, {"story", "--part", kBenchmarks});
    StoryParts parts;
    parts.stale = stale_output.take();
    // Two at a time, as many processors as a small machine has.
    ProgramOutput pipe_output(piped, {"story", "--part", kPipes});
    parts.sound = sound_output.take();
    waiting.show("orders of the suite, on the kernel with a pipe on its stack");
    parts.pipes = pipe_output.take();
    return parts;
}

int print_part(std::string const& part, std::string const& kernel)
{
    if (part == kBenchmarks) {
        print(run_benchmark_part(kernel));
    } else if (part == kPipes) {
        print(run_pipe_part());
    } else {
        throw UsageError(fmt::format("--part {}: the parts are benchmarks and pipes", part));
    }
    return 0;
}

}  // namespace

int tell_story(StoryRequest const& request, std::string const& kernel)
{
    if (!request.part.empty()) return print_part(request.part, kernel);
    check_writable(request.report_path);
    u64 const began = host_monotonic_ns();
    StoryParts const parts = run_parts(request.is_quiet);
    Story const story = make_story(parts);
    print(story.text);
    if (!request.report_path.empty()) write_file(request.report_path, story.report);
    if (!request.is_quiet) {
        fmt::print(stderr,
                   "{:.1f} s on this machine\n",
                   static_cast<double>(host_monotonic_ns() - began) / 1e9);
    }
    return story.is_as_told ? 0 : 1;
}

StoryCommand::StoryCommand(CommandLine& line)
    : command_(line.add_command("story", "The two bugs this project starts from, with and without"))
{
    StoryRequest& to = request_;
    command_.add_option("--report", to.report_path, "Write all figures to this file, as JSON");
    command_.add_flag("--quiet", to.is_quiet, "No progress, no time of the host");
    command_.add_option("--part", to.part, "For this program's own use").hidden();
}

bool StoryCommand::is_chosen() const { return command_.is_chosen(); }

}  // namespace drydock::sim
