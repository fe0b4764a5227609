#include "sim/file_bytes.h"
#include "sim/quoted_text.h"
#include "sim/recipe_text.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr usize kChoicesPerLine = 12;

std::string quoted_list(std::vector<std::string> const& words)
{
    std::string line;
    for (std::string const& word : words) line += " " + quoted(word);
    return line;
}

std::string print_import(TreeEntry const& entry)
{
    std::string line =
        fmt::format("in: {:o} {} {} {}", entry.mode, entry.inode, entry.links, quoted(entry.path));
    if (entry.is_kept()) return line + " " + quoted(entry.content) + "\n";
    return line + fmt::format(" {} {} {}\n", entry.size, entry.hash, quoted(entry.host));
}

char const* describe_checks(Recipe const& recipe)
{
    if (recipe.check_tlb) return recipe.check_tables ? "tlb,tables" : "tlb";
    return recipe.check_tables ? "tables" : "none";
}

std::string print_console(ConsoleRecord const& console)
{
    ConsoleMode const& mode = console.mode;
    std::string text = fmt::format("terminal: input {} output {} error {} rows {} columns {}\n",
                                   mode.is_terminal[0] ? "yes" : "no",
                                   mode.is_terminal[1] ? "yes" : "no",
                                   mode.is_terminal[2] ? "yes" : "no",
                                   mode.rows,
                                   mode.columns);
    if (!console.is_input_kept()) {
        text += fmt::format("stdin-hash: {} {}\n", console.input_size, console.input_hash);
    } else if (!console.input.empty()) {
        text += fmt::format("stdin: {}\n", quoted(console.input));
    }
    for (TypedInput const& input : console.typed) {
        text += fmt::format("typed: {} {}\n", input.time_ps, quoted(input.text));
    }
    for (usize stream = 1; stream < 3; ++stream) {
        if (console.closed_at[stream] == kNever) continue;
        text += fmt::format(
            "closed: {} {}\n", stream == 1 ? "output" : "error", console.closed_at[stream]);
    }
    return text;
}

std::string print_choices(Recipe const& recipe)
{
    std::string text = fmt::format("seed: {}\n", recipe.seed);
    std::string const faults = describe(recipe.faults);
    if (faults != describe(FaultPlan{})) text += fmt::format("faults: {}\n", faults);
    if (!recipe.choices) return text;
    text += "choices: recorded\n";
    // Lines of one site each.
    usize on_line = 0;
    for (usize i = 0; i < recipe.choices->size(); ++i) {
        RecordedChoice const& choice = (*recipe.choices)[i];
        bool const is_new =
            i == 0 || on_line == kChoicesPerLine || (*recipe.choices)[i - 1].site != choice.site;
        if (is_new) {
            text += fmt::format("{}choose: {}", i == 0 ? "" : "\n", choice_word(choice.site));
            on_line = 0;
        }
        text += fmt::format(" {}={}", choice.index, choice.answer);
        ++on_line;
    }
    return recipe.choices->empty() ? text : text + "\n";
}

std::string print_expectation(Expectation const& expected)
{
    std::string text = fmt::format("outcome: {} {} {}\n",
                                   quoted(outcome_name(expected.kind)),
                                   expected.status,
                                   quoted(expected.summary));
    text += fmt::format("events: {} {}\n", expected.events, expected.hash);
    if (expected.printed) {
        auto const& [output, error] = *expected.printed;
        text += fmt::format("printed: output {} {} error {} {}\n",
                            output.size,
                            output.hash,
                            error.size,
                            error.hash);
    }
    if (expected.marks.hashes.empty()) return text;
    text += fmt::format("marks: {}", expected.marks.spacing);
    for (u64 const hash : expected.marks.hashes) text += fmt::format(" {:016x}", hash);
    return text + "\n";
}

}  // namespace

std::string print_recipe(Recipe const& recipe, TraceKind kind)
{
    BuildIdentity const& build = recipe.build;
    std::string text =
        fmt::format("{}\n", kind == TraceKind::WithEvents ? kTraceMagic : kHeaderMagic);
    text += fmt::format("drydock: {} {}\n", build.version, build.simulator);
    text += fmt::format("kernel: {} {}\n", build.kernel_variant, build.kernel);
    text += fmt::format("compiler: {}\n", quoted(build.compiler));
    text += fmt::format("program: {}\n", quoted(recipe.program.path));
    if (recipe.program.is_init) text += "init: yes\n";
    text += fmt::format("arguments:{}\n", quoted_list(recipe.program.arguments));
    text += fmt::format("environment:{}\n", quoted_list(recipe.program.environment));
    text += fmt::format("folder: {}\n", quoted(recipe.program.working_directory));
    text += fmt::format("root: {} {}\n",
                        recipe.tree_hash,
                        recipe.root.empty() ? std::string("default") : quoted(recipe.root));
    for (TreeEntry const& entry : recipe.imports) text += print_import(entry);
    text += fmt::format("machine: memory {} stack {} costs {} check {} time-limit {}\n",
                        recipe.memory_bytes,
                        recipe.stack_mode == StackMode::Guarded ? "guarded" : "unguarded",
                        recipe.costs,
                        describe_checks(recipe),
                        recipe.time_limit_ns);
    if (recipe.tag_bits > 0) text += fmt::format("tags: {}\n", recipe.tag_bits);
    text += print_console(recipe.console);
    text += print_choices(recipe);
    if (recipe.expected) text += print_expectation(*recipe.expected);
    return text + fmt::format("checksum: {}\n", content_hash(text));
}

}  // namespace drydock::sim
