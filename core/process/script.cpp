#include "core/process/script.h"

namespace drydock {

namespace {

bool is_blank(char character) { return character == ' ' || character == '\t'; }

usize skip_blanks(StringView text, usize position)
{
    while (position < text.size() && is_blank(text[position])) ++position;
    return position;
}

// The next blank or zero.
usize find_terminator(StringView text, usize position)
{
    while (position < text.size() && !is_blank(text[position]) && text[position] != '\0')
        ++position;
    return position;
}

}  // namespace

Result<ScriptLine> parse_script_line(ConstBytes start)
{
    ASSERT(start.size() == kScriptLineSize);
    ASSERT(is_script(start));
    StringView const all{reinterpret_cast<char const*>(start.data()), start.size()};
    usize end = 2;
    while (end < all.size() && all[end] != '\n') ++end;
    if (end == all.size()) {
        // A line without an end: fine if only the argument is cut (fs/binfmt_script.c,
        // load_script).
        usize const name = skip_blanks(all, 2);
        if (name == all.size() || find_terminator(all, name) == all.size()) return Errno::NoExec;
        end = all.size() - 1;
    }
    while (end > 2 && is_blank(all[end - 1])) --end;
    StringView const line = all.first(end);
    usize const name = skip_blanks(line, 2);
    if (name == line.size() || line[name] == '\0') return Errno::NoExec;
    usize const name_end = find_terminator(line, name);
    ScriptLine result;
    result.interpreter = line.first(name_end).from(name);
    if (name_end == line.size() || line[name_end] == '\0') return result;
    usize const argument = skip_blanks(line, name_end);
    usize argument_end = argument;
    while (argument_end < line.size() && line[argument_end] != '\0') ++argument_end;
    result.argument = line.first(argument_end).from(argument);
    return result;
}

}  // namespace drydock
