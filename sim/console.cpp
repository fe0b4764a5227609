#include "sim/console.h"

#include <algorithm>
#include <cstring>

namespace drydock::sim {

ConsoleMode MemoryConsole::mode()
{
    ConsoleMode mode;
    for (bool& is_terminal : mode.is_terminal) is_terminal = false;
    return mode;
}

ConsoleRead MemoryConsole::read(Bytes target)
{
    usize const size = std::min(target.size(), input_.size() - taken_);
    if (size == 0 && target.size() > 0) return {ConsoleRead::Status::EndOfFile, 0};
    std::memcpy(target.data(), input_.data() + taken_, size);
    taken_ += size;
    return {ConsoleRead::Status::Data, size};
}

bool MemoryConsole::write(ConsoleStream stream, ConstBytes bytes)
{
    std::string& target = stream == ConsoleStream::Error ? errors_ : output_;
    target.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    return true;
}

}  // namespace drydock::sim
