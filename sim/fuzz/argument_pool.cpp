#include "sim/fuzz/argument_pool.h"

#include "core/base/assert.h"
#include "sim/fuzz/draw.h"

#include <charconv>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

using Draw = std::string (*)(Random& random, KnownValues const& known);

struct NamedDraw {
    std::string_view name{};
    Draw draw{};
};

constexpr NamedDraw kDraws[] = {
    {"fd", draw::descriptor},
    {"any_fd", draw::any_descriptor},
    {"fd_or_none", draw::descriptor_or_none},
    {"dir", draw::folder},
    {"path", draw::path},
    {"open", draw::open_flags},
    {"mode", draw::mode},
    {"size", draw::size},
    {"offset", draw::offset},
    {"out", draw::out},
    {"in", draw::bytes_in},
    {"pointer_out", draw::pointer_out},
    {"page", draw::page},
    {"map_at", draw::map_at},
    {"length", draw::length},
    {"page_offset", draw::page_offset},
    {"polls", draw::polls},
    {"signal", draw::signal},
    {"set", draw::set},
    {"action", draw::action},
    {"vectors_out", draw::vectors_out},
    {"vectors_in", draw::vectors_in},
    {"short_timeval", draw::short_timeval},
    {"short_timespec", draw::short_timespec},
    {"interval", draw::interval},
    {"timer_value", draw::timer_value},
    {"offset_pointer", draw::offset_pointer},
    {"address", draw::address},
    {"address_size", draw::address_size},
    {"size_pointer", draw::size_pointer},
    {"send_flags", draw::send_flags},
    {"receive_flags", draw::receive_flags},
    {"message_in", draw::message_in},
    {"message_out", draw::message_out},
    {"messages_in", draw::messages_in},
    {"strings", draw::strings},
    {"pid", draw::process},
    {"wait_options", draw::wait_options},
    {"fcntl_value", draw::fcntl_value},
    {"lock", draw::lock},
    {"owner", draw::owner},
    {"alternate", draw::alternate},
    {"times", draw::times},
    {"word", draw::word},
    {"event", draw::event},
    {"timer", draw::id},
    {"watch", draw::id},
    {"event_wanted", draw::event_wanted},
    {"robust", draw::robust},
    {"how", draw::how},
};

// The words between commas outside quotes and blocks.
std::vector<std::string_view> split(std::string_view text)
{
    std::vector<std::string_view> words;
    usize depth = 0;
    usize from = 0;
    for (usize at = 0; at <= text.size(); ++at) {
        bool const is_end = at == text.size() || (text[at] == ',' && depth == 0);
        if (is_end) {
            words.push_back(text.substr(from, at - from));
            from = at + 1;
        } else if (text[at] == '{') {
            ++depth;
        } else if (text[at] == '}') {
            --depth;
        }
    }
    return words;
}

std::string some_of(std::vector<std::string_view> const& words, Random& random)
{
    u64 flags = 0;
    for (std::string_view const text : words) {
        bool const is_hex = text.starts_with("0x");
        std::string_view const digits = text.substr(is_hex ? 2 : 0);
        u64 flag = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), flag, is_hex ? 16 : 10);
        u32 const count = static_cast<u32>(words.size());
        if (random.below(count + 1) < 2) flags |= flag;
    }
    return fmt::format("{:#x}", flags);
}

}  // namespace

std::string draw_argument(std::string_view description, Random& random, KnownValues const& known)
{
    if (description.starts_with("i:")) {
        std::vector<std::string_view> const words = split(description.substr(2));
        return std::string(words[random.below(static_cast<u32>(words.size()))]);
    }
    if (description.starts_with("x:")) return some_of(split(description.substr(2)), random);
    if (!description.starts_with("@")) return std::string(description);
    for (NamedDraw const& named : kDraws) {
        if (named.name == description.substr(1)) return named.draw(random, known);
    }
    // The table names a function that there is not.
    UNREACHABLE();
}

}  // namespace drydock::sim
