#pragma once

// A number that a forked process can leave for the one that forked it.

#include "core/base/integers.h"

namespace drydock::sim {

class SharedValue {
public:
    // Throws std::runtime_error if the host has no memory.
    SharedValue();
    ~SharedValue();
    SharedValue(SharedValue const&) = delete;
    SharedValue& operator=(SharedValue const&) = delete;

    u64& value() { return *value_; }

private:
    u64* value_;
};

}  // namespace drydock::sim
