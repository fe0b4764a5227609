#include "sim/stack/stack_command.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/host/kernel_variant.h"
#include "sim/host/machine_process.h"
#include "sim/host/suite_program.h"
#include "sim/host/supervisor.h"
#include "sim/loss_report.h"
#include "sim/machine_layout.h"
#include "sim/option_values.h"
#include "sim/suite/suite_run.h"

#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr int kFits = 0;
constexpr int kOverflows = 1;
// CPU seconds without an event after which a run is ended: observing takes signals.
constexpr unsigned kStuckSeconds = 30;

// Beside the suite: what it does not do. Names, links and mounts, signals and jobs, locks,
// terminals.
constexpr char const* kCommandLines[] = {
    R"sh(cd /tmp; mkdir -p a/b; echo x > a/b/f; ln a/b/f a/g; ln -s a/b l; mkfifo p; cat p & echo y > p; wait
mv a/g a/h; cp -a a c; find / -xdev -name f; ls -laR .; chmod 600 a/h; chown 0:0 a/h; touch -d @5 a/h; stat a/h
readlink -f l/f; rm -r a c; df; mount; sync; truncate -s 9 t; rmdir /tmp/none; mknod n c 1 3
dd if=/dev/zero of=t bs=4k count=300 conv=fsync; cat /proc/*/status /proc/self/maps /proc/self/mountinfo /proc/meminfo
mkdir m; mount -t tmpfs none m; umount m; chroot / true; setfattr -n user.a t; fallocate -l 9 t; hexdump -C n)sh",
    R"sh(tar czf /tmp/t.gz /etc /bin; tar tzf /tmp/t.gz; seq 20000 | sort -rn | uniq -c | awk '{s += $2} END {print s}'
xargs -n 2 echo < /etc/passwd; od -c /bin/busybox | tail -n 2; time sleep 0.01; mktemp -d; tee /tmp/x < /etc/group)sh",
    R"sh(trap 'echo usr1' USR1; kill -USR1 $$; sleep 9 & kill -STOP $!; kill -CONT $!; kill $!; wait
sh -c 'kill -SEGV $$'; (ulimit -v 20000; sh -c :); nice -n 5 id; timeout 0.02 sleep 5; exec 3<>/tmp/x; flock 3 true
setsid true; ps; free; uptime; hostname; umask 077; ulimit -a; su -c id; stty size; date; nohup true; dmesg; tty
renice 5 $$; chrt -p $$; taskset -p $$; ionice; time -v true; pidof sh; top -bn 1; kill -l 9; usleep 100)sh",
};

Recipe recipe_of(Program program, RootArchive const& root, u64 seed)
{
    Recipe recipe;
    recipe.build = this_build();
    recipe.program = std::move(program);
    recipe.tree_hash = root.hash;
    recipe.imports = root.imports;
    recipe.memory_bytes = kDefaultMemory;
    recipe.costs = reference_kvm_costs().name;
    recipe.seed = seed;
    for (bool& is_terminal : recipe.console.mode.is_terminal) is_terminal = false;
    return recipe;
}

Program program_of(std::vector<std::string> const& command)
{
    Program program;
    program.path = command[0];
    program.arguments = command;
    program.environment = guest_environment({}, false);
    return program;
}

std::vector<Workload> own_workload(StackRequest const& request, u64 seed)
{
    std::vector<Import> imports;
    for (std::string const& text : request.imports) imports.push_back(parse_import(text));
    Workload workload;
    workload.root = build_root_archive({}, imports);
    for (std::string const& word : request.command) {
        workload.name += (workload.name.empty() ? "" : " ") + word;
    }
    workload.recipe = recipe_of(program_of(request.command), workload.root, seed);
    InputKind const kind = standard_input_kind();
    if (kind == InputKind::File || kind == InputKind::Stream) {
        std::vector<std::byte> const bytes = read_standard_input();
        std::string& input = workload.recipe.console.input;
        input.assign(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        workload.recipe.console.input_size = input.size();
    }
    return {std::move(workload)};
}

std::vector<Workload> default_workloads(u64 seed)
{
    std::vector<Workload> workloads;
    Workload suite;
    suite.name = "the suite";
    suite.root = build_root_archive({}, {{find_suite_program(), kSuitePath}});
    suite.recipe = recipe_of(suite_program(suite_order(), false), suite.root, seed);
    workloads.push_back(std::move(suite));
    for (char const* const line : kCommandLines) {
        Workload workload;
        workload.name = fmt::format("BusyBox, line {}", workloads.size());
        workload.root = build_root_archive({}, {});
        workload.recipe = recipe_of(program_of({"sh", "-c", line}), workload.root, seed);
        workloads.push_back(std::move(workload));
    }
    return workloads;
}

// Whether all runs came to their end; says which did not, and why a program of the user's failed.
bool tell_ends(StackSurvey const& survey, bool is_own_program)
{
    bool is_well = true;
    for (WorkloadEnd const& end : survey.ends) {
        if (is_own_program) fmt::print(stderr, "{}", end.errors);
        if (end.outcome.kind == OutcomeKind::Exited) continue;
        is_well = false;
        fmt::print(stderr,
                   "drydock: {}: {}: {}\n",
                   end.workload,
                   outcome_name(end.outcome.kind),
                   end.outcome.summary);
    }
    return is_well;
}

int survey_and_print(StackRequest const& request, StackBounds const& bounds, char const* kernel)
{
    u64 const seed = parse_number("--seed", request.seed);
    std::vector<Workload> const workloads =
        request.command.empty() ? default_workloads(seed) : own_workload(request, seed);
    StackSurvey const survey = survey_stacks(workloads, [&](std::string const& what) {
        if (!request.is_quiet && is_host_terminal(2)) fmt::print(stderr, "{}\n", what);
    });
    std::string const table = make_stack_table(survey, bounds, request.table);
    std::fwrite(table.data(), 1, table.size(), stdout);
    std::fflush(stdout);
    if (!request.report_path.empty()) {
        write_file(request.report_path, make_stack_report(survey, bounds, kernel));
    }
    if (!tell_ends(survey, !request.command.empty())) return kOracleStatus;
    return exceeds_stack(bounds) ? kOverflows : kFits;
}

}  // namespace

int measure_stacks(StackRequest const& request, char const* kernel, char** arguments)
{
    bool const is_other = !request.kernel.empty() && request.kernel != kernel;
    if (is_other) become_kernel(request.kernel, arguments);
    check_writable(request.report_path);
    StackBounds const bounds = read_stack_bounds(path_of_stack_bounds());
    return run_supervised(
        {kStuckSeconds},
        [&](BlackBox&) { return survey_and_print(request, bounds, kernel); },
        [](BlackBox const& box, Loss const& loss) {
            Outcome const outcome = describe_loss(box, loss);
            fmt::print(stderr, "drydock: {}\n{}", outcome.summary, outcome.report);
            return kOracleStatus;
        });
}

StackCommand::StackCommand(CommandLine& line)
    : command_(line.add_command("stack", "How deep each system call goes, and can go"))
{
    Command stack = command_;
    StackRequest& to = request_;
    stack.add_flag("--paths", to.table.has_paths, "The path of each call, not only of the deepest");
    stack.add_option("--call", to.table.call, "Only this call, with its paths");
    stack.add_option("--report", to.report_path, "Write everything to this file, as JSON");
    stack.add_option("--in", to.imports, "HOST[:GUEST]: put a file or folder into the guest");
    stack.add_option("--seed", to.seed, "Seed of scheduling and entropy (default 0)");
    stack.add_option("--kernel", to.kernel, "On this kernel with a bug put back (tests/bugs)");
    stack.add_flag("--quiet", to.is_quiet, "No progress");
    stack.add_words("program", to.command, "A program and its arguments, after --");
}

}  // namespace drydock::sim
