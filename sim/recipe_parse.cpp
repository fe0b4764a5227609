#include "sim/file_bytes.h"
#include "sim/machine_layout.h"
#include "sim/quoted_text.h"
#include "sim/recipe_text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>

namespace drydock::sim {

namespace {

constexpr usize kHashDigits = 16;
constexpr usize kRunHashDigits = 32;
constexpr u64 kMostLinks = 0xffff'ffff;

void word_is(LineParser& line, std::string_view wanted)
{
    std::string_view const word = line.word();
    if (word != wanted)
        throw std::runtime_error(fmt::format("{} stands where {} must", word, wanted));
}

// Which of two words stands there.
bool is_first(LineParser& line, std::string_view first, std::string_view second)
{
    std::string_view const word = line.word();
    if (word != first && word != second) {
        throw std::runtime_error(fmt::format("{} is neither {} nor {}", word, first, second));
    }
    return word == first;
}

std::vector<std::string> text_list(LineParser& line)
{
    std::vector<std::string> words;
    while (!line.is_at_end()) words.push_back(line.text());
    return words;
}

void parse_import(LineParser& line, Recipe& recipe)
{
    TreeEntry entry;
    std::string_view const mode = line.word();
    for (char const digit : mode) {
        if (digit < '0' || digit > '7' || mode.size() > 6) {
            throw std::runtime_error("a file's mode is damaged");
        }
        entry.mode = entry.mode * 8 + static_cast<u32>(digit - '0');
    }
    bool const is_known = S_ISREG(entry.mode) || S_ISDIR(entry.mode) || S_ISLNK(entry.mode);
    if (!is_known) throw std::runtime_error("an import is neither a file, a folder nor a link");
    entry.inode = static_cast<u32>(line.number(kMostLinks));
    entry.links = static_cast<u32>(line.number(kMostLinks));
    entry.path = line.text();
    if (entry.path.empty() || entry.path.starts_with('/')) {
        throw std::runtime_error("an import's path is not below the root");
    }
    std::vector<TreeEntry>& imports = recipe.imports;
    LineParser probe = line;
    try {
        entry.content = probe.text();
        line = probe;
        entry.size = entry.content.size();
    } catch (std::runtime_error const&) {
        entry.size = line.number();
        entry.hash = line.hexadecimal(kHashDigits);
        entry.host = line.text();
    }
    imports.push_back(std::move(entry));
}

void parse_checks(std::string_view word, Recipe& recipe)
{
    recipe.check_tlb = word == "tlb" || word == "tlb,tables";
    recipe.check_tables = word == "tables" || word == "tlb,tables";
    bool const is_known = recipe.check_tlb || recipe.check_tables || word == "none";
    if (!is_known) throw std::runtime_error(fmt::format("{} are no checks", word));
}

void parse_machine(LineParser& line, Recipe& recipe)
{
    word_is(line, "memory");
    recipe.memory_bytes = line.number(kMaximumMemory);
    if (recipe.memory_bytes < kMinimumMemory || recipe.memory_bytes % kMiB != 0) {
        throw std::runtime_error("the memory is not a machine's");
    }
    word_is(line, "stack");
    recipe.stack_mode =
        is_first(line, "guarded", "unguarded") ? StackMode::Guarded : StackMode::Unguarded;
    word_is(line, "costs");
    recipe.costs = line.word();
    word_is(line, "check");
    parse_checks(line.word(), recipe);
    word_is(line, "time-limit");
    recipe.time_limit_ns = line.number();
}

void parse_tags(LineParser& line, Recipe& recipe)
{
    recipe.tag_bits = static_cast<unsigned>(line.number(kMaximumTagBits));
}

void parse_terminal(LineParser& line, Recipe& recipe)
{
    ConsoleMode& mode = recipe.console.mode;
    constexpr std::string_view kStreams[3] = {"input", "output", "error"};
    for (usize i = 0; i < 3; ++i) {
        word_is(line, kStreams[i]);
        mode.is_terminal[i] = is_first(line, "yes", "no");
    }
    word_is(line, "rows");
    mode.rows = static_cast<u16>(line.number(0xffff));
    word_is(line, "columns");
    mode.columns = static_cast<u16>(line.number(0xffff));
}

void parse_typed(LineParser& line, Recipe& recipe)
{
    std::vector<TypedInput>& typed = recipe.console.typed;
    TypedInput input;
    input.time_ps = line.number();
    input.text = line.text();
    bool const is_later =
        typed.empty() || (typed.back().time_ps <= input.time_ps && !typed.back().text.empty());
    if (!is_later) throw std::runtime_error("terminal input is not in the order of time");
    typed.push_back(std::move(input));
}

void parse_choose(LineParser& line, Recipe& recipe)
{
    if (!recipe.choices) throw std::runtime_error("choices without a line that announces them");
    std::string_view const word = line.word();
    usize site = 0;
    while (site < kChoiceCount && choice_word(static_cast<Choice>(site)) != word) ++site;
    if (site == kChoiceCount) throw std::runtime_error(fmt::format("{} is no choice", word));
    while (!line.is_at_end()) {
        std::string_view const pair = line.word();
        usize const equals = std::min(pair.find('='), pair.size() - 1);
        RecordedChoice choice;
        choice.site = static_cast<Choice>(site);
        choice.index = LineParser(pair.substr(0, equals)).number();
        choice.answer = static_cast<u32>(LineParser(pair.substr(equals + 1)).number(0xffff'ffff));
        recipe.choices->push_back(choice);
    }
}

OutcomeKind kind_of(std::string const& name)
{
    for (unsigned kind = 1; kind <= static_cast<unsigned>(OutcomeKind::SimulatorFailed); ++kind) {
        if (outcome_name(static_cast<OutcomeKind>(kind)) == name)
            return static_cast<OutcomeKind>(kind);
    }
    throw std::runtime_error(fmt::format("no run ends with \"{}\"", name));
}

void parse_outcome(LineParser& line, Recipe& recipe)
{
    recipe.expected.emplace();
    recipe.expected->kind = kind_of(line.text());
    recipe.expected->status = static_cast<int>(line.number(255));
    recipe.expected->summary = line.text();
}

void parse_events(LineParser& line, Recipe& recipe)
{
    if (!recipe.expected) throw std::runtime_error("a count of events without an outcome");
    recipe.expected->events = line.number();
    recipe.expected->hash = line.hexadecimal(kRunHashDigits);
}

void parse_printed(LineParser& line, Recipe& recipe)
{
    if (!recipe.expected) throw std::runtime_error("printed text without an outcome");
    PrintedTexts& printed = recipe.expected->printed.emplace();
    for (usize stream = 0; stream < 2; ++stream) {
        word_is(line, stream == 0 ? "output" : "error");
        printed[stream].size = line.number();
        printed[stream].hash = line.hexadecimal(kHashDigits);
    }
}

void parse_marks(LineParser& line, Recipe& recipe)
{
    if (!recipe.expected) throw std::runtime_error("marks without an outcome");
    EventMarks& marks = recipe.expected->marks;
    marks.spacing = line.number();
    bool const is_sound = marks.spacing >= EventMarks::kFirstSpacing &&
                          marks.spacing % EventMarks::kFirstSpacing == 0;
    if (!is_sound) throw std::runtime_error("the marks' spacing is damaged");
    while (!line.is_at_end()) {
        marks.hashes.push_back(std::stoull(line.hexadecimal(kHashDigits), nullptr, 16));
    }
    bool const fits = marks.hashes.size() <= EventMarks::kMaximum &&
                      marks.hashes.size() <= recipe.expected->events / marks.spacing;
    if (!fits) throw std::runtime_error("there are more marks than events");
}

struct Key {
    std::string_view name;
    bool is_required;
    bool may_repeat;
    void (*parse)(LineParser& line, Recipe& recipe);
};

// In the order of the header.
constexpr Key kKeys[] = {
    {"drydock",
     true,
     false,
     [](LineParser& line, Recipe& recipe) {
         recipe.build.version = line.word();
         recipe.build.simulator = line.hexadecimal(kHashDigits);
     }},
    {"kernel",
     true,
     false,
     [](LineParser& line, Recipe& recipe) {
         recipe.build.kernel_variant = line.word();
         recipe.build.kernel = line.hexadecimal(kHashDigits);
     }},
    {"compiler",
     true,
     false,
     [](LineParser& line, Recipe& recipe) { recipe.build.compiler = line.text(); }},
    {"program",
     true,
     false,
     [](LineParser& line, Recipe& recipe) { recipe.program.path = line.text(); }},
    {"init",
     false,
     false,
     [](LineParser& line, Recipe& recipe) {
         if (line.word() != "yes") throw std::runtime_error("init: anything but yes");
         recipe.program.is_init = true;
     }},
    {"arguments",
     true,
     false,
     [](LineParser& line, Recipe& recipe) { recipe.program.arguments = text_list(line); }},
    {"environment",
     true,
     false,
     [](LineParser& line, Recipe& recipe) { recipe.program.environment = text_list(line); }},
    {"folder",
     true,
     false,
     [](LineParser& line, Recipe& recipe) { recipe.program.working_directory = line.text(); }},
    {"root",
     true,
     false,
     [](LineParser& line, Recipe& recipe) {
         recipe.tree_hash = line.hexadecimal(kHashDigits);
         LineParser probe = line;
         if (probe.word() == "default") {
             line = probe;
         } else {
             recipe.root = line.text();
         }
     }},
    {"in", false, true, parse_import},
    {"machine", true, false, parse_machine},
    {"tags", false, false, parse_tags},
    {"terminal", true, false, parse_terminal},
    {"stdin-hash",
     false,
     false,
     [](LineParser& line, Recipe& recipe) {
         recipe.console.input_size = line.number();
         recipe.console.input_hash = line.hexadecimal(kHashDigits);
     }},
    {"stdin",
     false,
     false,
     [](LineParser& line, Recipe& recipe) {
         recipe.console.input = line.text();
         recipe.console.input_size = recipe.console.input.size();
     }},
    {"typed", false, true, parse_typed},
    {"closed",
     false,
     true,
     [](LineParser& line, Recipe& recipe) {
         usize const stream = is_first(line, "output", "error") ? 1 : 2;
         recipe.console.closed_at[stream] = line.number();
     }},
    {"seed", true, false, [](LineParser& line, Recipe& recipe) { recipe.seed = line.number(); }},
    {"faults",
     false,
     false,
     [](LineParser& line, Recipe& recipe) {
         std::optional<FaultPlan> const plan = parse_fault_plan(line.word());
         if (!plan) throw std::runtime_error("the fault plan is damaged");
         recipe.faults = *plan;
     }},
    {"choices",
     false,
     false,
     [](LineParser& line, Recipe& recipe) {
         word_is(line, "recorded");
         recipe.choices.emplace();
     }},
    {"choose", false, true, parse_choose},
    {"outcome", false, false, parse_outcome},
    {"events", false, false, parse_events},
    {"printed", false, false, parse_printed},
    {"marks", false, false, parse_marks},
};
constexpr usize kKeyCount = std::size(kKeys);

// Takes one line with its end off the front.
std::string_view take_line(std::string_view& text)
{
    usize const end = text.find('\n');
    if (end == std::string_view::npos) throw std::runtime_error("the header is cut off");
    std::string_view const line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

void parse_line(std::string_view line, std::array<bool, kKeyCount>& is_seen, Recipe& recipe)
{
    usize const colon = line.find(':');
    std::string_view const name = line.substr(0, colon);
    usize key = 0;
    while (key < kKeyCount && kKeys[key].name != name) ++key;
    if (colon == std::string_view::npos || key == kKeyCount) {
        throw std::runtime_error(
            fmt::format("the header has an unknown line: {}", line.substr(0, 40)));
    }
    if (is_seen[key] && !kKeys[key].may_repeat) {
        throw std::runtime_error(fmt::format("the header says {} twice", name));
    }
    is_seen[key] = true;
    line.remove_prefix(colon + 1);
    if (line.starts_with(' ')) line.remove_prefix(1);
    LineParser parser(line);
    try {
        kKeys[key].parse(parser, recipe);
        parser.expect_end();
    } catch (std::runtime_error const& error) {
        throw std::runtime_error(fmt::format("the header's line {}: {}", name, error.what()));
    }
}

TraceKind parse_magic(std::string_view line)
{
    if (line == kTraceMagic) return TraceKind::WithEvents;
    if (line == kHeaderMagic) return TraceKind::HeaderOnly;
    if (line.ends_with('\r')) {
        throw std::runtime_error(
            "its lines end in CR LF; a header's end in LF alone (dos2unix mends it)");
    }
    if (line.starts_with("drydock trace ")) {
        throw std::runtime_error(
            fmt::format("\"{}\": a trace of another version of drydock; this one reads version 2",
                        line.substr(0, 40)));
    }
    throw std::runtime_error("not a drydock trace");
}

}  // namespace

ParsedRecipe parse_recipe(std::string_view text, Checksum checksum)
{
    ParsedRecipe parsed;
    std::string_view rest = text;
    if (text.size() < 32 && std::string_view(kTraceMagic).starts_with(text)) {
        throw std::runtime_error("the header is cut off");
    }
    parsed.kind = parse_magic(rest.substr(0, std::min(rest.find('\n'), usize{64})));
    take_line(rest);
    constexpr std::string_view kChecksum = "checksum: ";
    std::string_view body = rest;
    while (!body.starts_with(kChecksum)) take_line(body);
    std::string_view const lines = text.substr(0, text.size() - body.size());
    std::string_view const sum = take_line(body).substr(kChecksum.size());
    if (checksum == Checksum::Required && sum != content_hash(lines)) {
        throw std::runtime_error("the header was altered: its checksum is not that of its lines "
                                 "(after a change by hand: drydock trace --reseal FILE)");
    }
    std::array<bool, kKeyCount> is_seen{};
    while (!rest.starts_with(kChecksum)) parse_line(take_line(rest), is_seen, parsed.recipe);
    for (usize key = 0; key < kKeyCount; ++key) {
        if (kKeys[key].is_required && !is_seen[key]) {
            throw std::runtime_error(fmt::format("the header does not say {}", kKeys[key].name));
        }
    }
    parsed.rest = body;
    return parsed;
}

}  // namespace drydock::sim
