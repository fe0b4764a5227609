#pragma once

// The simulation's own generator: xoshiro256** seeded by SplitMix64 (Blackman and Vigna, "Scrambled
// linear pseudorandom number generators", 2018). The same numbers on every host.

#include "core/base/integers.h"

#include <bit>

namespace drydock::sim {

class Random {
public:
    // Two streams of one seed are independent.
    Random(u64 seed, u64 stream)
    {
        u64 x = seed ^ (stream * 0x9e37'79b9'7f4a'7c15);
        for (u64& word : state_) {
            x += 0x9e37'79b9'7f4a'7c15;
            u64 z = x;
            z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9;
            z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11eb;
            word = z ^ (z >> 31);
        }
    }

    u64 next()
    {
        u64 const result = std::rotl(state_[1] * 5, 7) * 9;
        u64 const shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // One of 0..bound-1, every one as likely to within 2^-32.
    u32 below(u32 bound) { return static_cast<u32>(((next() >> 32) * bound) >> 32); }

private:
    u64 state_[4] = {};
};

}  // namespace drydock::sim
