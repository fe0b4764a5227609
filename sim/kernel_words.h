#pragma once

// The words of the kernel's command line (guest/options.h), which programs read in /proc/cmdline.

#include "core/platform/platform.h"
#include "sim/kernel_stacks.h"

#include <string>

namespace drydock::sim {

// Those that `drydock boot` gives the image and the simulated kernel is told of.
std::string kernel_words(ConsoleMode const& mode, u64 seed, StackMode stack_mode);

}  // namespace drydock::sim
