#include "sim/replay_console.h"

#include <algorithm>
#include <cstring>

namespace drydock::sim {

ReplayConsole::ReplayConsole(ConsoleRecord record, Output output)
    : record_(std::move(record)), output_(std::move(output))
{
    ASSERT(record_.is_input_kept());
}

ConsoleRead ReplayConsole::read(Bytes target)
{
    bool const is_typed = record_.mode.is_terminal[0];
    if (is_typed && typed_ == record_.typed.size()) return {ConsoleRead::Status::EndOfFile, 0};
    std::string const& source = is_typed ? record_.typed[typed_].text : record_.input;
    usize& done = is_typed ? typed_bytes_ : taken_;
    usize const size = std::min(target.size(), source.size() - done);
    bool const has_ended = size == 0 && target.size() > 0;
    if (size > 0) std::memcpy(target.data(), source.data() + done, size);
    done += size;
    if (is_typed && done == source.size()) {
        ++typed_;
        typed_bytes_ = 0;
    }
    if (has_ended) return {ConsoleRead::Status::EndOfFile, 0};
    return {ConsoleRead::Status::Data, size};
}

bool ReplayConsole::write(ConsoleStream stream, ConstBytes bytes)
{
    auto const index = static_cast<usize>(stream);
    bool const is_read = writes_[index]++ < record_.closed_at[index];
    std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    printed_[index - 1].add(text);
    if (is_read && output_) output_(stream, text);
    return is_read;
}

PrintedTexts ReplayConsole::printed() const
{
    return {PrintedText{printed_[0].size(), printed_[0].hash()},
            PrintedText{printed_[1].size(), printed_[1].hash()}};
}

bool ReplayConsole::has_input(u64 now_ps)
{
    if (typed_ == record_.typed.size()) return is_abandoned_;
    return record_.typed[typed_].time_ps <= now_ps;
}

u64 ReplayConsole::wait_for_input(u64 now_ps, u64 timeout_ns)
{
    if (typed_ == record_.typed.size()) {
        // Nobody will type any more and the guest waits for nothing else: as if the line was cut.
        is_abandoned_ = timeout_ns == kNever;
        return is_abandoned_ ? 0 : timeout_ns;
    }
    u64 const due_ps = record_.typed[typed_].time_ps;
    u64 const wait_ns = due_ps <= now_ps ? 0 : (due_ps - now_ps - 1) / 1000 + 1;
    return std::min(wait_ns, timeout_ns);
}

}  // namespace drydock::sim
