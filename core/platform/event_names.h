#pragma once

// Events for people.

#include "core/platform/event.h"

namespace drydock {

// By EventKind.
inline constexpr char const* kEventNames[kEventKindCount] = {
    "call",         "return",        "unknown call",  "fault",          "avoidable fault",
    "cache insert", "template hit",  "template miss", "template stale", "template built",
    "prefault",     "exec",          "fork",          "exit",           "reap",
    "collect",      "switch",        "wake",          "signal",         "page copy",
    "page zero",    "table entries", "user copy",     "tlb flush",      "open file",
    "path lookup",  "out of memory",
};

}  // namespace drydock
