#include "sim/fuzz/calls_command.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/fuzz/call_maker.h"
#include "sim/fuzz/calls_run.h"
#include "sim/option_values.h"
#include "sim/recipe_text.h"

#include <filesystem>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kListStream = 0x63616c6c;  // "call"
constexpr u64 kMostPrograms = 100'000'000;

struct NamedList {
    std::string name{};
    CallList list{};
};

NamedList list_of_file(std::string const& path)
{
    MappedFile const file(path);
    return {path, parse_calls(file.text())};
}

NamedList random_list(u64 seed, u64 number)
{
    Random random(Random(seed, number).next(), kListStream);
    return {fmt::format("{}-{}", seed, number), make_calls(random, CallUse::Compared)};
}

// What is kept of a finding, to be run again by name.
void keep(std::string const& folder, NamedList const& named)
{
    if (folder.empty()) return;
    std::filesystem::create_directories(folder);
    std::string const name = std::filesystem::path(named.name).filename().string();
    write_file(fmt::format("{}/{}.calls", folder, name), print_calls(named.list));
}

}  // namespace

CallsCommand::CallsCommand(CommandLine& line)
    : command_(line.add_command(
          "calls",
          "Run lists of system calls and judge the kernel: drydock calls [options] FILE..."))
{
    Command calls = command_;
    CallsOptions& to = options_;
    calls.add_flag("--compare", to.is_compared, "Run them on this host's Linux as well");
    calls.add_option("--programs", to.programs, "So many random lists in place of files");
    calls.add_option("--first", to.first, "Number of the first random list (default 0)");
    calls.add_option("--seed", to.seed, "What random lists are a function of (default 1)");
    calls.add_option("--header", to.header_path, "Write the run of one file as a trace's header");
    calls.add_option("--keep", to.keep, "Write lists that show something into this folder");
    calls.add_flag("--quiet", to.is_quiet, "Print only what is found, and the last line");
    calls.add_words("files", to.files, "Lists of calls (guest/user/calls/calls.h)");
}

namespace {

// What is wrong with the list's run; empty if nothing is.
std::string judge(NamedList const& named, CallsOptions const& options, RootArchive const& root)
{
    Recipe const recipe = recipe_of_calls(named.list, CallReport::Printed, root);
    CallsEnd const simulated = simulate_calls(recipe, root);
    if (!options.is_compared) {
        if (!options.is_quiet) fmt::print("{}", simulated.output);
        return simulated.problem;
    }
    return describe_calls_difference(named.list, run_calls_on_linux(named.list), simulated);
}

void write_header(std::string const& path, NamedList const& named, RootArchive const& root)
{
    check_writable(path);
    TrialRunner runner(root);
    Trial trial = runner.run(recipe_of_calls(named.list, CallReport::None, root));
    trial.recipe.build = this_build();
    trial.recipe.tree_hash = root.hash;
    write_file(path, print_recipe(trial.recipe));
    fmt::print("{}: {}\n{}",
               path,
               trial.found().summary,
               is_failure(trial) ? trial.report : std::string());
}

}  // namespace

int CallsCommand::run() const
{
    RootArchive const root = root_of_calls();
    bool const has_files = !options_.files.empty();
    if (has_files == !options_.programs.empty())
        throw UsageError("calls: give files with lists, or --programs N for random ones");
    if (!options_.header_path.empty()) {
        if (options_.files.size() != 1) throw UsageError("--header: give one file with a list");
        write_header(options_.header_path, list_of_file(options_.files[0]), root);
        return 0;
    }
    u64 const seed = parse_number("--seed", options_.seed);
    u64 const first = parse_number("--first", options_.first);
    u64 const count = has_files ? options_.files.size()
                                : parse_between("--programs", options_.programs, 1, kMostPrograms);
    u64 found = 0;
    u64 lines = 0;
    for (u64 i = 0; i < count; ++i) {
        NamedList const named =
            has_files ? list_of_file(options_.files[i]) : random_list(seed, first + i);
        lines += named.list.lines.size();
        std::string const problem = judge(named, options_, root);
        if (problem.empty()) continue;
        ++found;
        keep(options_.keep, named);
        fmt::print("FINDING {}: {}\n", named.name, problem);
    }
    fmt::print("{} lists of {} lines{}, {} with findings\n",
               count,
               lines,
               options_.is_compared ? " compared with Linux" : "",
               found);
    return found > 0 ? 1 : 0;
}

}  // namespace drydock::sim
