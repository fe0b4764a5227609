#include "guest/options.h"

#include "guest/words.h"

namespace drydock::guest {

namespace {

constexpr StringView kNoRoom = "the program's arguments are too long";
constexpr StringView kTerminals = "drydock.tty= wants 0, 1 or three of them";

}  // namespace

bool Options::Strings::add(StringView text)
{
    if (text.size() >= kRoom - used_) return false;
    memcpy(bytes_ + used_, text.data(), text.size());
    used_ += text.size();
    bytes_[used_] = std::byte{0};
    ++used_;
    ++count_;
    return true;
}

void Options::Strings::remove(StringView prefix)
{
    usize at = 0;
    while (at < used_) {
        StringView const entry = StringView::from_c_string(reinterpret_cast<char*>(bytes_ + at));
        usize const size = entry.size() + 1;
        if (entry.starts_with(prefix)) {
            memmove(bytes_ + at, bytes_ + at + size, used_ - at - size);
            used_ -= size;
            --count_;
            return;
        }
        at += size;
    }
}

StringView Options::Strings::first() const
{
    return count_ == 0 ? StringView{}
                       : StringView::from_c_string(reinterpret_cast<char const*>(bytes_));
}

StringView Options::read(Span<char> command_line)
{
    StringView const variables[] = {
        "PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/root", "TERM=linux"};
    for (StringView const variable : variables) {
        if (!environment_.add(variable)) return kNoRoom;
    }
    Words words(command_line);
    bool is_program = false;
    while (words.next()) {
        StringView const word = words.word();
        if (words.is_unfinished()) return "the command line has an open quotation";
        if (is_program) {
            if (!arguments_.add(word)) return kNoRoom;
        } else if (word == "--") {
            is_program = true;
        } else {
            StringView const error = read_option(word);
            if (!error.is_empty()) return error;
        }
    }
    return {};
}

StringView Options::read_option(StringView word)
{
    usize length = 0;
    while (length < word.size() && word[length] != '=') ++length;
    if (length == word.size()) return {};
    StringView const name = word.first(length);
    StringView const value = word.from(length + 1);
    if (name == "init") {
        program_ = value;
        return arguments_.add(value) ? StringView{} : kNoRoom;
    }
    if (name == "cwd") working_directory_ = value;
    if (name == "env") {
        usize end = 0;
        while (end < value.size() && value[end] != '=') ++end;
        if (end == value.size()) return "env= wants NAME=VALUE";
        environment_.remove(value.first(end + 1));
        return environment_.add(value) ? StringView{} : kNoRoom;
    }
    if (name.starts_with("drydock.")) return read_own_option(name.from(8), value);
    return {};
}

StringView Options::read_own_option(StringView name, StringView value)
{
    if (name == "stack") {
        if (value != "guarded" && value != "unguarded")
            return "drydock.stack= wants guarded or unguarded";
        stack_mode = value == "guarded" ? StackMode::Guarded : StackMode::Unguarded;
        return {};
    }
    if (name == "events") return read_events(value);
    if (name == "tty") return read_terminals(value);
    u64 number = 0;
    bool const is_number = parse_number(value, number);
    if (name == "rows") {
        console.rows = static_cast<u16>(number);
    } else if (name == "columns") {
        console.columns = static_cast<u16>(number);
    } else if (name == "stderr") {
        is_error_separate = number == 2;
    } else if (name == "input") {
        is_input_streamed = number == 3;
    } else if (name == "memory") {
        memory_limit = number < kMiB ? number * kMiB : ~u64{0};
    } else if (name == "seed") {
        seed = number;
    } else if (name == "user_clock") {
        has_user_clock = number != 0;
    } else if (name == "init") {
        is_init = number != 0;
    } else if (name == "clock") {
        clock_step = number;
    } else if (name == "date") {
        date = number;
        has_date = true;
    } else {
        return "the command line has an unknown drydock option";
    }
    return is_number ? StringView{} : "an option of the command line wants a number";
}

StringView Options::read_terminals(StringView value)
{
    constexpr usize kStreams = sizeof(console.is_terminal);
    if (value.size() != 1 && value.size() != kStreams) return kTerminals;
    for (usize i = 0; i < kStreams; ++i) {
        char const digit = value[value.size() == 1 ? 0 : i];
        if (digit != '0' && digit != '1') return kTerminals;
        console.is_terminal[i] = digit == '1';
    }
    return {};
}

StringView Options::read_events(StringView value)
{
    constexpr StringView kWanted = "drydock.events= wants none, port or ADDRESS,SIZE";
    if (value == "none") {
        events = {};
        return {};
    }
    if (value == "port") {
        events.kind = EventTarget::Kind::Port;
        return {};
    }
    usize comma = 0;
    while (comma < value.size() && value[comma] != ',') ++comma;
    if (comma == value.size()) return kWanted;
    if (!parse_number(value.first(comma), events.address)) return kWanted;
    if (!parse_number(value.from(comma + 1), events.size)) return kWanted;
    events.kind = EventTarget::Kind::Memory;
    return {};
}

StringView Options::read_program(ConstBytes strings)
{
    constexpr StringView kDamaged = "opt/drydock/program is damaged";
    if (strings.is_empty() || strings[strings.size() - 1] != std::byte{0}) return kDamaged;
    auto const* const text = reinterpret_cast<char const*>(strings.data());
    StringView entry = StringView::from_c_string(text);
    u64 argument_count = 0;
    if (!parse_number(entry, argument_count)) return kDamaged;
    given_ = strings.from(entry.size() + 1);
    u32 count = 0;
    for (usize at = entry.size() + 1; at < strings.size(); at += entry.size() + 1) {
        entry = StringView::from_c_string(text + at);
        ++count;
    }
    if (count < argument_count) return kDamaged;
    given_arguments_ = static_cast<u32>(argument_count);
    given_variables_ = count - given_arguments_;
    is_given_ = true;
    return {};
}

StringView Options::complete(BootProgram& program)
{
    program.working_directory = working_directory_;
    program.is_init = is_init;
    if (is_given_) {
        if (given_arguments_ > 0)
            program.path = StringView::from_c_string(reinterpret_cast<char const*>(given_.data()));
        program.strings = given_;
        program.argument_count = given_arguments_;
        program.environment_count = given_variables_;
        return {};
    }
    ConstBytes const arguments = arguments_.bytes();
    ConstBytes const environment = environment_.bytes();
    memcpy(joined_, arguments.data(), arguments.size());
    memcpy(joined_ + arguments.size(), environment.data(), environment.size());
    program.path = program_.is_empty() ? arguments_.first() : program_;
    program.strings = {joined_, arguments.size() + environment.size()};
    program.argument_count = arguments_.count();
    program.environment_count = environment_.count();
    return {};
}

}  // namespace drydock::guest
