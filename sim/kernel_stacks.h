#pragma once

// Kernel stacks of exactly 16 KiB, painted, so that the deepest use can be read off them.
//
// Guarded: each stands alone at a fixed host address with 1 MiB of nothing below it, wider than any
// frame that the build allows. Unguarded: a stack is its four frames in the direct map, and
// whatever lies below it is what an overflow hits.

#include "core/platform/platform.h"

#include <vector>

namespace drydock::sim {

enum class StackMode : u8 { Guarded, Unguarded };

// A measurement costs as much as a short call does, and the deepest of several equal activities in
// a row needs only one, after the last.
enum class StackMeasuring : u8 { Each, LastOfEqual };

inline constexpr u64 kGuardGap = kMiB;

// What a kernel stack is doing, for reports and depth attribution. Numbers of system calls, or:
inline constexpr u32 kDoingOutOfRange = 0xffff'ffff;
inline constexpr u32 kDoingStart = 0xffff'fffe;
inline constexpr u32 kDoingFault = 0xffff'fffd;
inline constexpr u32 kDoingInterrupt = 0xffff'fffc;
inline constexpr u32 kDoingBoot = 0xffff'fffb;
// After a system call, where somebody wants to know the two apart (sim/stack/stack_watch.h).
inline constexpr u32 kDoingReturn = 0xffff'fffa;

class KernelStacks {
public:
    // `region` is the first host address of the guarded stacks. Throws std::runtime_error.
    KernelStacks(StackMode mode, u64 region, std::byte* direct_map);
    ~KernelStacks();
    KernelStacks(KernelStacks const&) = delete;
    KernelStacks& operator=(KernelStacks const&) = delete;

    bool prepare(KernelStack& stack, PhysAddr frames, void (*entry)(void*), void* argument);
    // Also tells how deep the stack was used since it was last measured.
    u64 release(KernelStack& stack);

    // Bytes used of the stack at `base` since the last time, when everything below `stack_pointer`
    // is dead; paints them again.
    u64 measure(u64 base, u64 stack_pointer);
    // The same for a stack of which all may be alive; changes nothing.
    u64 depth(u64 base) const;

    // Notes that what the stack is doing has ended.
    void finish(u64 private_data)
    {
        Record& record = records_[private_data];
        record.finished = record.doing;
        record.is_measured = false;
        record.doing = kDoingInterrupt;
    }
    // Says what it does next. True if the caller must measure first, for finished().
    bool begin(u64 private_data, u32 doing, StackMeasuring measuring)
    {
        Record& record = records_[private_data];
        record.doing = doing;
        bool const goes_on = record.finished == doing && measuring == StackMeasuring::LastOfEqual;
        if (record.is_measured || goes_on) return false;
        record.is_measured = true;
        return true;
    }
    u32 finished(u64 private_data) const { return records_[private_data].finished; }
    // What the next measurement of that stack tells about.
    u32 unmeasured(u64 private_data) const
    {
        Record const& record = records_[private_data];
        return record.is_measured ? record.doing : record.finished;
    }
    // Calls saw(activity, bytes) for each stack that is not measured since something finished
    // there.
    template <typename Saw>
    void measure_finished(Saw saw) const
    {
        for (Record const& record : records_) {
            if (!record.is_measured) saw(record.finished, depth(record.base));
        }
    }

    struct Found {
        bool is_gap = false;  // In the guard gap below a stack.
        bool is_stack = false;
        u64 base = 0;
    };
    // Whose stack, or whose guard gap, an address is in (guarded mode).
    Found find(u64 address) const;

    u32& doing(u64 private_data) { return records_[private_data].doing; }
    u32& thread(u64 private_data) { return records_[private_data].thread; }
    StackMode mode() const { return mode_; }

private:
    struct Record {
        u32 doing = kDoingStart;
        u32 thread = 0;
        u32 finished = 0;  // The activity before this one.
        bool is_measured = true;
        u64 base = 0;
    };
    static constexpr u64 kMaximumStacks = 65536;

    u64 take_record();
    u64 guarded_base(u64 number) const;

    StackMode mode_;
    u64 region_;
    std::byte* direct_map_;
    u64 region_size_ = 0;
    std::vector<Record> records_;
    std::vector<u64> free_records_;
};

}  // namespace drydock::sim
