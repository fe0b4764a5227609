#pragma once

// Reproducible random numbers for tests (SplitMix64).

#include "core/base/integers.h"

namespace drydock::test {

class Random {
public:
    explicit Random(u64 seed) : state_(seed) {}

    u64 next()
    {
        state_ += 0x9e3779b97f4a7c15;
        u64 mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }
    // 0 to bound - 1.
    u64 below(u64 bound) { return next() % bound; }

private:
    u64 state_;
};

}  // namespace drydock::test
