#include "sim/kernel_words.h"

#include "sim/machine_layout.h"

#include <fmt/format.h>

namespace drydock::sim {

std::string kernel_words(ConsoleMode const& mode, u64 seed, StackMode stack_mode)
{
    return fmt::format("drydock.tty={:d}{:d}{:d} drydock.rows={} drydock.columns={} "
                       "drydock.seed={} drydock.date={}{}",
                       mode.is_terminal[0],
                       mode.is_terminal[1],
                       mode.is_terminal[2],
                       mode.rows,
                       mode.columns,
                       seed,
                       kBootSeconds,
                       stack_mode == StackMode::Unguarded ? " drydock.stack=unguarded" : "");
}

}  // namespace drydock::sim
