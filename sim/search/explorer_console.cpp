#include "sim/search/explorer_console.h"

#include "core/base/assert.h"

#include <algorithm>
#include <cstring>

namespace drydock::sim {

void ExplorerConsole::give(usize benchmark)
{
    ASSERT(needs_name());
    name_ = std::string(benchmarks()[benchmark].name) + "\n";
    parser_.expect(benchmark);
}

ConsoleMode ExplorerConsole::mode()
{
    ConsoleMode mode;
    for (bool& is_terminal : mode.is_terminal) is_terminal = false;
    return mode;
}

ConsoleRead ExplorerConsole::read(Bytes target)
{
    if (name_.empty() && target.size() > 0) return {ConsoleRead::Status::EndOfFile, 0};
    usize const size = std::min(target.size(), name_.size());
    std::memcpy(target.data(), name_.data(), size);
    name_.erase(0, size);
    return {ConsoleRead::Status::Data, size};
}

bool ExplorerConsole::write(ConsoleStream stream, ConstBytes bytes)
{
    std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    bool const is_error = stream == ConsoleStream::Error;
    printed_[is_error ? 1 : 0].add(text);
    if (is_error || parser_.take(text) == 0) return true;
    on_result_({parser_.results().back(), meter_.take()});
    return true;
}

PrintedTexts ExplorerConsole::printed() const
{
    PrintedTexts texts;
    for (usize i = 0; i < texts.size(); ++i) texts[i] = {printed_[i].size(), printed_[i].hash()};
    return texts;
}

}  // namespace drydock::sim
