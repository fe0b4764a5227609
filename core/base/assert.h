#pragma once

// Assertions that hold in every build. A failed one is a bug of the kernel itself, never the
// user's.

namespace drydock {

// Reports the failed assertion and stops the machine. Each program that links the core defines it.
[[noreturn]] void assertion_failed(char const* expression, char const* file, unsigned line);

}  // namespace drydock

#define ASSERT(condition)                                \
    (static_cast<bool>(condition) ? static_cast<void>(0) \
                                  : ::drydock::assertion_failed(#condition, __FILE__, __LINE__))

#define UNREACHABLE() ::drydock::assertion_failed("unreachable", __FILE__, __LINE__)
