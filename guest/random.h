#pragma once

// Entropy from a seed: xoshiro256** seeded by SplitMix64 (Blackman and Vigna, "Scrambled linear
// pseudorandom number generators", 2018), on the stream that the simulator takes entropy from: the
// same seed gives the same bytes on both sides.

#include "core/base/span.h"

#include <bit>

namespace drydock::guest {

class Random {
public:
    explicit Random(u64 seed)
    {
        u64 x = seed ^ (kEntropyStream * 0x9e37'79b9'7f4a'7c15);
        for (u64& word : state_) {
            x += 0x9e37'79b9'7f4a'7c15;
            u64 z = x;
            z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9;
            z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11eb;
            word = z ^ (z >> 31);
        }
    }

    void fill(Bytes target)
    {
        usize done = 0;
        while (done < target.size()) {
            u64 const word = next();
            usize const rest = target.size() - done;
            usize const part = rest < sizeof(word) ? rest : sizeof(word);
            memcpy(target.data() + done, &word, part);
            done += part;
        }
    }

private:
    static constexpr u64 kEntropyStream = 3;

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

    u64 state_[4] = {};
};

}  // namespace drydock::guest
