#include "sim/recording_console.h"

namespace drydock::sim {

RecordingConsole::RecordingConsole(Console& console) : console_(console)
{
    record_.mode = console_.mode();
}

bool RecordingConsole::has_input(u64 now_ps)
{
    now_ps_ = now_ps;
    return console_.has_input(now_ps);
}

ConsoleRead RecordingConsole::read(Bytes target)
{
    ConsoleRead const result = console_.read(target);
    if (result.status == ConsoleRead::Status::Nothing) return result;
    std::string_view const text(reinterpret_cast<char const*>(target.data()), result.size);
    bool const has_ended = result.status == ConsoleRead::Status::EndOfFile;
    if (record_.mode.is_terminal[0]) {
        record_.typed.push_back({now_ps_, has_ended ? std::string() : std::string(text)});
    } else if (!has_ended) {
        input_.add(text);
        record_.input_size += text.size();
        // One byte more than is kept tells record() that it was too much.
        if (record_.input.size() <= kKeptInputBytes) {
            record_.input += text.substr(0, kKeptInputBytes + 1 - record_.input.size());
        }
    }
    return result;
}

bool RecordingConsole::write(ConsoleStream stream, ConstBytes bytes)
{
    auto const index = static_cast<usize>(stream);
    u64 const number = writes_[index]++;
    printed_[index - 1].add({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
    bool const is_read = console_.write(stream, bytes);
    if (!is_read && record_.closed_at[index] == kNever) record_.closed_at[index] = number;
    return is_read;
}

PrintedTexts RecordingConsole::printed() const
{
    return {PrintedText{printed_[0].size(), printed_[0].hash()},
            PrintedText{printed_[1].size(), printed_[1].hash()}};
}

ConsoleRecord RecordingConsole::record() const
{
    ConsoleRecord result = record_;
    if (result.input_size > kKeptInputBytes) result.input.clear();
    if (!result.is_input_kept()) result.input_hash = input_.hash();
    return result;
}

}  // namespace drydock::sim
