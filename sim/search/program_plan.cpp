#include "sim/search/program_plan.h"

#include "sim/random.h"
#include "sim/recipe_run.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kProgramStream = 0x70726f67;  // "prog"
constexpr unsigned kTagBits = 3;
constexpr u32 kFewestLines = 3;
constexpr u32 kMostLines = 10;

// A line, without the check that its commands all went well.
using MakeLine = std::string (*)(Random& random);

struct LineKind {
    char const* name;
    MakeLine make;
};

u32 between(Random& random, u32 least, u32 most) { return least + random.below(most - least + 1); }

u32 with_digit(u32 last, char digit)
{
    u32 count = 0;
    for (u32 number = 1; number <= last; ++number) {
        if (std::to_string(number).find(digit) != std::string::npos) ++count;
    }
    return count;
}

std::string sort_numbers(Random& random)
{
    u32 const last = between(random, 1, 400);
    return fmt::format("r=$(seq {} | sort -rn | uniq | head -n 1); [ \"$r\" = {} ]", last, last);
}

std::string count_matches(Random& random)
{
    u32 const last = between(random, 10, 600);
    char const digit = static_cast<char>('1' + random.below(9));
    return fmt::format("seq {} > $D/s && r=$(grep -c {} $D/s) && rm $D/s; [ \"$r\" = {} ]",
                       last,
                       digit,
                       with_digit(last, digit));
}

std::string keep_variables(Random& random)
{
    u32 const outer = between(random, 1, 99);
    u32 const inner = between(random, 100, 199);
    return fmt::format("x={0}; (x={1}; [ $x = {1} ]) && y=$x && (y={1}; [ $y = {1} ]) && "
                       "[ $x$y = {0}{0} ]",
                       outer,
                       inner);
}

std::string use_fifo(Random& random)
{
    u32 const word = random.below(1000);
    u32 const delay = random.below(9);
    bool const is_reader_first = random.below(2) == 0;
    std::string const writer = fmt::format("echo w{} > $D/f", word);
    std::string const side = is_reader_first ? fmt::format("(sleep 0.0{}; {})", delay, writer)
                                             : fmt::format("({})", writer);
    return fmt::format("mkfifo $D/f && {} & wait_for=$!; while ! [ -p $D/f ]; do sleep 0.01; done; "
                       "r=$(cat $D/f); wait $wait_for; rm $D/f; [ \"$r\" = w{} ]",
                       side,
                       word);
}

std::string stop_and_continue(Random& random)
{
    u32 const duration = between(random, 10, 30);
    u32 const before = random.below(5);
    u32 const stopped = random.below(9);
    return fmt::format("sleep 0.{:02} & p=$!; sleep 0.0{}; kill -STOP $p && sleep 0.0{} && "
                       "kill -CONT $p && wait $p",
                       duration,
                       before,
                       stopped);
}

std::string copy_blocks(Random& random)
{
    u32 const lines = between(random, 1, 3000);
    u32 const block = between(random, 50, 9999);
    return fmt::format("seq {} > $D/a && dd if=$D/a of=$D/b bs={} 2> /dev/null && cmp $D/a $D/b && "
                       "rm $D/a $D/b",
                       lines,
                       block);
}

std::string pack_files(Random& random)
{
    return fmt::format("mkdir $D/t && for i in $(seq {0}); do seq $i > $D/t/$i; done && "
                       "tar cf $D/t.tar -C $D t && rm -r $D/t && tar xf $D/t.tar -C $D && "
                       "r=$(ls $D/t | wc -l) && [ $r = {0} ] && seq {0} | cmp - $D/t/{0} && "
                       "rm -r $D/t $D/t.tar",
                       between(random, 1, 25));
}

std::string compress(Random& random)
{
    u32 const last = between(random, 1, 2000);
    return fmt::format(
        "r=$(seq {0} | gzip | gunzip | md5sum) && [ \"$r\" = \"$(seq {0} | md5sum)\" ]", last);
}

std::string trap_signal(Random& random)
{
    char const* const names[] = {"USR1", "USR2", "HUP", "TERM"};
    u32 const value = between(random, 1, 9);
    char const* const name = names[random.below(4)];
    return fmt::format(
        "x=0; trap 'x={0}' {1}; kill -{1} $$; trap - {1}; [ $x = {0} ]", value, name);
}

std::string pass_status(Random& random)
{
    u32 const status = random.below(126);
    // BusyBox's shell ignores SIGQUIT, and so does what it starts.
    constexpr u32 kSignals[] = {1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    u32 const signal = kSignals[random.below(std::size(kSignals))];
    return fmt::format("sh -c 'exit {0}'; [ $? = {0} ] && "
                       "{{ {{ sh -c 'kill -{1} $$'; }} 2> /dev/null; [ $? = {2} ]; }}",
                       status,
                       signal,
                       128 + signal);
}

std::string nest_shells(Random& random)
{
    char const* const inner[] = {"ls / | wc -l", "ls -l /bin | wc -l", "date +%Y", "uname -s"};
    char const* const command = inner[random.below(4)];
    return fmt::format("r=$({0}) && [ \"$r\" = \"$(sh -c \"sh -c '{0}'\")\" ] && "
                       "[ \"$r\" = \"$(sh -c '{0}')\" ]",
                       command);
}

std::string fork_often(Random& random)
{
    return fmt::format("for i in $(seq {}); do (true) || break; done", between(random, 2, 30));
}

std::string pipe_often(Random& random)
{
    return fmt::format("for i in $(seq {}); do r=$(echo $i | cat) && [ $r = $i ] || break; done",
                       between(random, 2, 30));
}

std::string make_tree(Random& random)
{
    u32 const folders = between(random, 1, 5);
    u32 const files = between(random, 1, 8);
    return fmt::format("for i in $(seq {}); do mkdir -p $D/d/$i && for j in $(seq {}); do "
                       "echo $j > $D/d/$i/$j; done; done && r=$(find $D/d -type f | wc -l) && "
                       "rm -r $D/d && [ $r = {} ]",
                       folders,
                       files,
                       folders * files);
}

std::string count_bytes(Random& random)
{
    u32 const count = random.below(300'000);
    return fmt::format("r=$(head -c {0} /dev/zero | cat | wc -c) && [ $r = {0} ]", count);
}

std::string add_up(Random& random)
{
    u32 const last = between(random, 1, 2000);
    return fmt::format("r=$(seq {} | awk '{{s += $1}} END {{print s}}') && [ $r = {} ]",
                       last,
                       last * (last + 1) / 2);
}

std::string end_early(Random& random)
{
    u32 const wanted = between(random, 1, 40);
    return fmt::format("r=$(seq 100000 | head -n {0} | tail -n 1) && [ $r = {0} ]", wanted);
}

std::string append_in_background(Random& random)
{
    u32 const writers = between(random, 2, 6);
    return fmt::format("for i in $(seq {0}); do echo $i >> $D/l & done; wait; "
                       "r=$(sort -n $D/l | tail -n 1) && n=$(wc -l < $D/l) && rm $D/l && "
                       "[ $r = {0} ] && [ $n = {0} ]",
                       writers);
}

constexpr LineKind kLines[] = {
    {"sort numbers", sort_numbers},
    {"count matches", count_matches},
    {"keep variables", keep_variables},
    {"use a fifo", use_fifo},
    {"stop and continue", stop_and_continue},
    {"copy blocks", copy_blocks},
    {"pack files", pack_files},
    {"compress", compress},
    {"trap a signal", trap_signal},
    {"pass a status", pass_status},
    {"nest shells", nest_shells},
    {"fork often", fork_often},
    {"pipe often", pipe_often},
    {"make a tree", make_tree},
    {"count bytes", count_bytes},
    {"add up", add_up},
    {"end early", end_early},
    {"append in the background", append_in_background},
};
constexpr u32 kLineKinds = std::size(kLines);

constexpr char const* kProbes[] = {"blank",
                                   "break",
                                   "copies",
                                   "exec",
                                   "fifo",
                                   "files",
                                   "kernel-copies",
                                   "mapped-file",
                                   "pipe",
                                   "poll",
                                   "programs",
                                   "protection",
                                   "signals",
                                   "sockets",
                                   "stop",
                                   "timers",
                                   "unmapping"};
constexpr u32 kProbeKinds = std::size(kProbes);

std::string shell_line(Random& random)
{
    LineKind const& kind = kLines[random.below(kLineKinds)];
    return fmt::format("{{ {}; }} || {{ echo \"{} went wrong\"; exit 1; }}  # {}",
                       kind.make(random),
                       kind.name,
                       kind.name);
}

// Several in one process: what one leaves behind is what the next finds.
std::string probe_line(Random& random)
{
    std::string words;
    std::string name = "probe";
    for (u32 left = between(random, 1, 3); left > 0; --left) {
        char const* const probe = kProbes[random.below(kProbeKinds)];
        words += fmt::format(" {} {}", probe, random.below(100'000));
        name += fmt::format(" {}", probe);
    }
    return fmt::format("$P{} || exit 1  # {}", words, name);
}

}  // namespace

std::vector<std::string> random_program(u64 seed, u64 number)
{
    Random random(Random(seed, number).next(), kProgramStream);
    std::vector<std::string> lines;
    for (u32 left = between(random, kFewestLines, kMostLines); left > 0; --left) {
        lines.push_back(random.below(2) == 0 ? shell_line(random) : probe_line(random));
    }
    return lines;
}

std::vector<Recipe> program_batch(u64 number, CampaignPlan const& plan, RootArchive const& root)
{
    std::vector<Recipe> recipes;
    for (u64 place = 0; place < kProgramsTogether; ++place) {
        u64 const program = number * kProgramsTogether + place;
        SimulationOptions options;
        // Every second one with the default schedule.
        bool const is_plain = place % 2 == 0 && !plan.injects_failures();
        options.machine = plan.machine(is_plain ? 0 : Random(plan.seed, program).next() | 1);
        options.machine.check_tlb = true;
        options.machine.check_tables = true;
        // Few enough tags that they run out.
        options.machine.tag_bits = place % 4 == 3 ? kTagBits : 0;
        options.program.path = "/bin/sh";
        std::string script;
        for (std::string const& line : random_program(plan.seed, program)) script += line + "\n";
        options.program.arguments = {"sh", "-c", script};
        options.program.environment = {
            "PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/root", "D=/tmp", "P=/probe"};
        Recipe recipe = recipe_of(options);
        recipe.tree_hash = root.hash;
        recipe.imports = root.imports;
        for (bool& is_terminal : recipe.console.mode.is_terminal) is_terminal = false;
        recipes.push_back(std::move(recipe));
    }
    return recipes;
}

}  // namespace drydock::sim
