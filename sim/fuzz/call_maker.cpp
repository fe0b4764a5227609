#include "sim/fuzz/call_maker.h"

#include "sim/fuzz/call_table.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <iterator>

namespace drydock::sim {

namespace {

bool one_in(Random& random, u32 bound) { return random.below(bound) == 0; }

std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        usize const end = std::min(text.find(' '), text.size());
        if (end > 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

// What the variables hold before a line. A number read from memory may be anything.
KnownValues known_before(CallList const& list, usize place, CallUse use)
{
    KnownValues known;
    known.use = use;
    for (usize i = 0; i < place && i < list.lines.size(); ++i) {
        CallLine const& line = list.lines[i];
        if (!line.variable) continue;
        CallEntry const* const entry = find_call(line.name);
        bool const is_loaded = line.name == "load";
        bool const is_process = line.name == "fork" || line.name == "fork3" ||
                                (entry != nullptr && entry->result == CallResult::Pid);
        if (is_process) known.processes.push_back(*line.variable);
        bool const is_fd = entry != nullptr && entry->result == CallResult::Fd;
        if (is_fd || is_loaded) known.descriptors.push_back(*line.variable);
        bool const is_id = entry != nullptr && entry->result == CallResult::Id;
        if (is_id || is_loaded) known.ids.push_back(*line.variable);
    }
    return known;
}

u32 new_variable(CallList const& list, Random& random)
{
    for (u32 variable = 0; variable < kCallVariables; ++variable) {
        bool const is_used = std::any_of(list.lines.begin(), list.lines.end(), [&](auto& line) {
            return line.variable == variable;
        });
        if (!is_used) return variable;
    }
    return random.below(kCallVariables);
}

std::vector<u32> actors_before(CallList const& list, usize place)
{
    std::vector<u32> actors = {0};
    for (usize i = 0; i < place; ++i) {
        CallLine const& line = list.lines[i];
        u32 actor = 0;
        bool const begins = line.name.starts_with("fork") && !line.arguments.empty();
        if (!begins) continue;
        std::string const& text = line.arguments[0];
        std::from_chars(text.data(), text.data() + text.size(), actor);
        if (actor > 0 && actor < kActors) actors.push_back(actor);
    }
    return actors;
}

CallLine line_of(u32 actor,
                 std::string name,
                 std::vector<std::string> arguments,
                 std::optional<u32> variable = {})
{
    return {actor, variable, std::move(name), std::move(arguments)};
}

// Builds on a list, line by line, at one place.
class Writer {
public:
    Writer(CallList& list, usize place, u32 actor, Random& random, CallUse use)
        : list_(list), place_(place), actor_(actor), random_(random), use_(use)
    {}

    void add(CallLine line)
    {
        list_.lines.insert(list_.lines.begin() + static_cast<isize>(place_), std::move(line));
        ++place_;
    }
    void add_call(CallEntry const& entry);
    void add_fork();
    usize place() const { return place_; }
    void set_actor(u32 actor) { actor_ = actor; }

private:
    void add_loads(std::string const& place);
    void add_look(CallLine const& line);

    CallList& list_;
    usize place_;
    u32 actor_;
    Random& random_;
    CallUse use_;
};

// Calls that write two descriptors, or an identifier, where this argument points to.
struct Filled {
    std::string_view name{};
    usize argument = 0;
    u32 words = 0;
};
constexpr Filled kFilled[] = {
    {"pipe", 0, 2}, {"pipe2", 0, 2}, {"socketpair", 3, 2}, {"timer_create", 2, 1}};

// Calls that write what is a function of the list where this argument points to.
struct Looked {
    std::string_view name{};
    usize argument = 0;
    u32 bytes = 0;
};
constexpr Looked kLooked[] = {{"read", 1, 64},
                              {"pread64", 1, 64},
                              {"recvfrom", 1, 64},
                              {"readlink", 1, 32},
                              {"readlinkat", 2, 32},
                              {"getcwd", 0, 32},
                              {"getsockname", 1, 32},
                              {"getpeername", 1, 32},
                              {"rt_sigprocmask", 2, 8},
                              {"rt_sigpending", 0, 8},
                              {"epoll_wait", 1, 48},
                              {"epoll_pwait", 1, 48}};

CallEntry const& draw_entry(Random& random, CallUse use)
{
    // What makes descriptors comes more often: most calls need one.
    constexpr char const* kMakers[] = {"openat",
                                       "openat",
                                       "openat",
                                       "pipe2",
                                       "socketpair",
                                       "memfd_create",
                                       "eventfd2",
                                       "epoll_create1",
                                       "socket",
                                       "mkdirat",
                                       "timerfd_create",
                                       "dup",
                                       "mmap",
                                       "signalfd4"};
    std::span<CallEntry const> const table = call_table();
    for (;;) {
        CallEntry const* entry = nullptr;
        if (one_in(random, 4))
            entry = find_call(kMakers[random.below(std::size(kMakers))]);
        else
            entry = &table[random.below(static_cast<u32>(table.size()))];
        if (entry != nullptr && (use == CallUse::Simulated || entry->is_compared)) return *entry;
    }
}

void Writer::add_loads(std::string const& place)
{
    u32 const first = new_variable(list_, random_);
    add(line_of(actor_, "load", {place}, first));
    u32 const second = new_variable(list_, random_);
    add(line_of(actor_, "load", {place + "+4"}, second));
}

void Writer::add_look(CallLine const& line)
{
    for (Looked const& looked : kLooked) {
        if (looked.name != line.name || line.arguments.size() <= looked.argument) continue;
        add(line_of(
            actor_, "look", {line.arguments[looked.argument], std::to_string(looked.bytes)}));
    }
}

void Writer::add_call(CallEntry const& entry)
{
    KnownValues const known = known_before(list_, place_, use_);
    CallLine line;
    line.actor = actor_;
    line.name = entry.name;
    for (std::string_view const description : words_of(entry.arguments)) {
        line.arguments.push_back(draw_argument(description, random_, known));
    }
    bool const is_kept = entry.result == CallResult::Fd || entry.result == CallResult::Pid ||
                         entry.result == CallResult::Id;
    if (is_kept && !one_in(random_, 5)) line.variable = new_variable(list_, random_);
    for (Looked const& looked : kLooked) {
        if (use_ == CallUse::Compared && looked.name == line.name)
            line.arguments[looked.argument] = fmt::format("m{}", random_.below(11));
    }
    std::string loaded;
    for (Filled const& filled : kFilled) {
        if (filled.name != line.name || one_in(random_, 16)) continue;
        loaded = fmt::format("m{}", random_.below(11));
        line.arguments[filled.argument] = loaded;
    }
    add(line);
    if (use_ == CallUse::Compared) add_look(line);
    if (!loaded.empty()) add_loads(loaded);
}

void Writer::add_fork()
{
    constexpr char const* kFlags[] = {
        "17",  // fork(2)
        "17",
        "0x4111",   // vfork(2)
        "0x50f00",  // A thread as pthread_create(3) makes it, but for its own data.
        "0x50f00",
        "0x1250f00",  // The same with CLONE_CHILD_CLEARTID and CLONE_CHILD_SETTID.
        "0x111",      // CLONE_VM alone.
        "0x411",      // CLONE_FILES
        "0x211",      // CLONE_FS
        "0x911",      // CLONE_VM and CLONE_SIGHAND
        "0",          // No signal at its end.
        "0x8011",     // CLONE_PARENT
        "0x1100011",  // CLONE_PARENT_SETTID, CLONE_CHILD_SETTID
        "0x1011",     // CLONE_PIDFD
        "10",
        "0x10000",   // Refused.
        "0x80011"};  // CLONE_SETTLS
    constexpr u32 kMostCompared = 6;
    u32 const kinds =
        use_ == CallUse::Compared ? kMostCompared : static_cast<u32>(std::size(kFlags));
    std::vector<u32> const begun = actors_before(list_, list_.lines.size());
    u32 actor = 1 + random_.below(kActors - 1);
    for (u32 i = 1; i < kActors; ++i) {
        if (std::find(begun.begin(), begun.end(), i) == begun.end()) actor = i;
    }
    u32 const variable = new_variable(list_, random_);
    std::string const flags = kFlags[random_.below(kinds)];
    bool const is_three = one_in(random_, 5);
    add(line_of(actor_,
                is_three ? "fork3" : "fork",
                {std::to_string(actor), flags, "m11", "m11+8"},
                variable));
    u32 const parent = actor_;
    actor_ = actor;
    for (u32 left = 1 + random_.below(5); left > 0; --left) add_call(draw_entry(random_, use_));
    actor_ = parent;
    if (use_ == CallUse::Compared || one_in(random_, 3))
        add(line_of(actor_, "join", {std::to_string(actor)}));
}

void add_something(CallList& list, usize place, Random& random, CallUse use)
{
    std::vector<u32> const actors = actors_before(list, place);
    u32 actor = 0;
    if (use == CallUse::Simulated) actor = actors[random.below(static_cast<u32>(actors.size()))];
    Writer writer(list, place, actor, random, use);
    u32 const kind = random.below(16);
    if (kind == 0) {
        writer.add_fork();
    } else if (kind == 1) {
        std::string const place_of_store = fmt::format("m{}", random.below(17));
        std::string const value = std::to_string(random.below(4));
        writer.add(line_of(actor, "store", {place_of_store, value}));
    } else if (kind == 2) {
        std::string const from = fmt::format("m{}", random.below(12));
        std::string const count = std::to_string(1 + random.below(9000));
        std::string const byte = std::to_string(random.below(256));
        writer.add(line_of(actor, "fill", {from, count, byte}));
    } else {
        writer.add_call(draw_entry(random, use));
    }
}

CallSetting draw_setting(Random& random)
{
    constexpr u32 kRates[] = {8, 32, 64, 256};
    CallSetting setting;
    if (one_in(random, 2)) setting.seed = 1 + random.below(1000);
    if (one_in(random, 3)) {
        setting.seed = 1 + random.below(1000);
        u32 const kinds = 1 + random.below(15);
        setting.faults.allocations = (kinds & 1) != 0;
        setting.faults.short_transfers = (kinds & 2) != 0;
        setting.faults.interrupted_waits = (kinds & 4) != 0;
        setting.faults.late_timers = (kinds & 8) != 0;
        setting.faults.rate = kRates[random.below(4)];
    }
    if (one_in(random, 4)) setting.tag_bits = 1 + random.below(3);
    return setting;
}

void draw_argument_anew(CallLine& line, CallList const& list, usize place, Random& random)
{
    CallEntry const* const entry = find_call(line.name);
    if (entry == nullptr) return;
    std::vector<std::string_view> const words = words_of(entry->arguments);
    if (words.empty()) return;
    usize const which = random.below(static_cast<u32>(words.size()));
    if (line.arguments.size() <= which) return;
    KnownValues const known = known_before(list, place, CallUse::Simulated);
    line.arguments[which] = draw_argument(words[which], random, known);
}

void erase(CallList& list, usize first, usize count)
{
    auto const begin = list.lines.begin() + static_cast<isize>(first);
    list.lines.erase(begin, begin + static_cast<isize>(count));
}

void mutate_once(CallList& list, Random& random)
{
    u32 const count = static_cast<u32>(list.lines.size());
    u32 const kind = count == 0 ? 0 : random.below(16);
    u32 const place = random.below(count + 1);
    u32 const chosen = std::min(place, count == 0 ? 0 : count - 1);
    switch (kind) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: add_something(list, place, random, CallUse::Simulated); break;
    case 5:
    case 6:
    case 7:
    case 8: draw_argument_anew(list.lines[chosen], list, chosen, random); break;
    case 9: {
        u32 const most = std::min(count - chosen, 4u);
        erase(list, chosen, 1 + random.below(most));
        break;
    }
    case 10: {
        CallLine copy = list.lines[chosen];
        u32 const target = random.below(count + 1);
        list.lines.insert(list.lines.begin() + target, std::move(copy));
        break;
    }
    case 11: {
        u32 const other = random.below(count);
        std::swap(list.lines[chosen], list.lines[other]);
        break;
    }
    case 12: {
        std::vector<u32> const actors = actors_before(list, chosen);
        list.lines[chosen].actor = actors[random.below(static_cast<u32>(actors.size()))];
        break;
    }
    case 13: list.setting = draw_setting(random); break;
    case 14: list.setting.seed = random.below(1000); break;
    default: {
        // The same call of the table with all arguments new.
        CallEntry const* const entry = find_call(list.lines[chosen].name);
        if (entry == nullptr) break;
        Writer writer(list, place, list.lines[chosen].actor, random, CallUse::Simulated);
        writer.add_call(*entry);
    }
    }
}

void bound_lines(CallList& list, Random& random)
{
    while (list.lines.size() > kMostFuzzedLines) {
        erase(list, random.below(static_cast<u32>(list.lines.size())), 1);
    }
}

}  // namespace

CallList make_calls(Random& random, CallUse use)
{
    CallList list;
    if (use == CallUse::Simulated && one_in(random, 2)) list.setting = draw_setting(random);
    constexpr char const* kFirst[] = {"0: mkdirat -100 \"d\" 0755",
                                      "0: v0 = openat -100 \"a\" 0x42 0644",
                                      "0: write v0 {s\"0123456789\"} 10",
                                      "0: v1 = openat -100 \"d/b\" 0x42 0600",
                                      "0: symlinkat \"d\" -100 \"l\"",
                                      "0: mknodat -100 \"f\" 0x11a4 0",
                                      "0: v2 = openat -100 \"/dev/null\" 2 0",
                                      "0: v3 = openat -100 \"/dev/zero\" 2 0"};
    for (char const* const line : kFirst) {
        if (!one_in(random, 3)) list.lines.push_back(parse_calls(line).lines.at(0));
    }
    for (u32 left = 4 + random.below(20); left > 0; --left) {
        add_something(list, list.lines.size(), random, use);
    }
    if (use == CallUse::Simulated) bound_lines(list, random);
    return list;
}

void mutate_calls(CallList& list, Random& random)
{
    for (u32 left = 1 + random.below(4); left > 0; --left) mutate_once(list, random);
    if (list.lines.empty()) add_something(list, 0, random, CallUse::Simulated);
    bound_lines(list, random);
}

CallList cross_calls(CallList const& first, CallList const& second, Random& random)
{
    CallList list;
    list.setting = one_in(random, 2) ? first.setting : second.setting;
    usize const from_first = random.below(static_cast<u32>(first.lines.size() + 1));
    usize const from_second = random.below(static_cast<u32>(second.lines.size() + 1));
    list.lines.assign(first.lines.begin(), first.lines.begin() + static_cast<isize>(from_first));
    list.lines.insert(
        list.lines.end(), second.lines.end() - static_cast<isize>(from_second), second.lines.end());
    if (list.lines.empty()) add_something(list, 0, random, CallUse::Simulated);
    bound_lines(list, random);
    return list;
}

}  // namespace drydock::sim
