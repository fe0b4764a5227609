#pragma once

// A small machine for tests of the modelled CPU: memory, page tables, and a seeded source of
// numbers.

#include "hwmodel/cpu.h"
#include "hwmodel/mmu.h"

#include <cstring>
#include <span>
#include <vector>

namespace drydock::hwmodel {

// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(u64 seed) : state_(seed) {}
    u64 next()
    {
        state_ += 0x9e3779b97f4a7c15;
        u64 z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    u64 below(u64 limit) { return next() % limit; }
    bool chance(u64 one_in) { return below(one_in) == 0; }

private:
    u64 state_;
};

class RecordingEnvironment final : public CpuEnvironment {
public:
    u64 timestamp(u64 retired) override { return retired * 10; }
    void stale_translation(StaleTranslation const& translation) override
    {
        stale.push_back(translation);
    }
    std::vector<StaleTranslation> stale;
};

class Machine {
public:
    static constexpr u64 kRoot = 0x1000;
    static constexpr u64 kUserPage = pte::kPresent | pte::kWritable | pte::kUser;

    explicit Machine(CpuOptions options = {}, u64 host_base = 0x200000000000)
        : memory(host_base, 16 * kMiB), cpu(memory, environment, options)
    {}

    u64& entry(u64 table, u64 index)
    {
        return reinterpret_cast<u64*>(memory.base() + table)[index];
    }
    // The leaf entry for this address, with tables made on the way.
    u64& leaf(u64 address, u64 root = kRoot, unsigned leaf_shift = 12)
    {
        u64 table = root;
        for (unsigned shift = 39; shift > leaf_shift; shift -= 9) {
            u64& slot = entry(table, (address >> shift) & 511);
            if ((slot & pte::kPresent) == 0) slot = new_frame() | kUserPage;
            table = slot & pte::kFrameMask;
        }
        return entry(table, (address >> leaf_shift) & 511);
    }
    // Maps one page and returns its frame.
    u64 map(u64 address, u64 flags = kUserPage)
    {
        u64 const frame = new_frame();
        leaf(address) = frame | flags;
        return frame;
    }
    u64 new_frame()
    {
        u64 const frame = next_frame_;
        next_frame_ += kPageSize;
        return frame;
    }
    void write(u64 physical, std::span<u8 const> bytes)
    {
        std::memcpy(memory.base() + physical, bytes.data(), bytes.size());
    }
    CpuStop run(u64 budget = 1'000'000) { return cpu.run(state, kRoot, budget); }

    PhysicalMemory memory;
    RecordingEnvironment environment;
    Cpu cpu;
    X86State state{};

private:
    u64 next_frame_ = 0x10000;
};

}  // namespace drydock::hwmodel
