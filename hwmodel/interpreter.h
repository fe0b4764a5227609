#pragma once

// The engine behind Cpu. Handlers of operations work on its hot members directly; everything that
// is not on their fast path is a member function here.

#include "hwmodel/code_cache.h"
#include "hwmodel/cpu.h"
#include "hwmodel/flags.h"
#include "hwmodel/mmu.h"
#include "hwmodel/operation.h"
#include "hwmodel/tlb.h"

#include <map>
#include <memory>
#include <string>

namespace drydock::hwmodel {

// One slot of the TLB's fast front: host address = guest address + addend, for one page. It holds
// only what the TLB behind it holds, with the rights for its kind of access.
struct FrontEntry {
    u64 tag = ~u64{0};
    u64 addend = 0;
};
inline constexpr usize kFrontEntries = 512;
inline constexpr usize kJumpEntries = 2048;

class Interpreter final : public UserMemoryPort {
public:
    Interpreter(PhysicalMemory& memory,
                CpuEnvironment& environment,
                CpuOptions options,
                CpuCounters& counters);

    CpuStop run(X86State& state, u64 root, u64 max_instructions);
    void flush_page(u64 address);
    void load_root(u64 root);
    void flush_all();
    void check_all();
    std::string describe_bytes(u64 root, u64 rip) const;

    // --- What handlers use. ---

    // Goes on at `target`: looks the block up or decodes it, takes its instructions off the budget.
    // Null: stopped (budget, fetch fault, single step). Fills the link of `from` if there is one.
    Operation const* enter(u64 target, Link* link);
    // The bytes of a data access, null if it faults. They are copied if they are not in one page.
    std::byte* begin_read(Operation const& op, u64 address, usize size);
    // The same for a change of the bytes in place, which finish_write() completes.
    std::byte* begin_write(Operation const& op, u64 address, usize size);
    void finish_write(Operation const& op);
    // Translates for a string instruction's chunk; true if found. No alignment check.
    bool translate_data(Operation const& op, u64 address, bool is_write, u64& physical);
    std::byte* data(u64 physical) { return mmu_.data(physical); }
    bool checks_alignment() const { return (system_flags_ & rflags::kAlignmentCheck) != 0; }
    void note_store(Operation const& op, u64 physical, usize size);

    // Stops at this operation, which has not retired, with the fault that was recorded; returns
    // null.
    Operation const* fault(Operation const* op);
    Operation const* raise(Operation const* op, u8 vector, u32 error_code = 0);
    // Stops after this operation, which has retired and ends its block, at `rip`.
    Operation const* stop_after(Operation const* op, CpuStop stop, u64 rip);
    // Leaves the block before this operation and looks up again where it stands.
    Operation const* resync(Operation const* op);

    // The kernel writes frames natively and tells nobody: a block is compared before it first runs
    // in an epoch, and begin_run() sees to the blocks of an epoch that goes on.
    bool is_short_and_unchanged(Block& entered)
    {
        if (entered.epoch == epoch) return true;
        if (!entered.has_whole_head() || !entered.head.matches()) return false;
        note_compared(entered);
        return true;
    }

    Operation const* run_extension(Operation const* op);
    u64 packed_flags() const { return system_flags_ | flags.pack(); }
    void set_packed_flags(u64 value);
    u64 retired_before(Operation const* op) const;
    u64 timestamp(Operation const* op) { return environment_.timestamp(retired_before(op)); }
    bool direction_down() const { return (system_flags_ & rflags::kDirection) != 0; }
    void set_direction(bool down);
    void add_repeated(u64 count) { counters_.repeated += count; }
    CpuStatistics const& statistics() const { return statistics_; }

    // UserMemoryPort, for extension instructions.
    bool load(u64 address, void* target, usize size) override;
    bool store(u64 address, void const* source, usize size) override;
    bool probe_store(u64 address, usize size) override;

    // Hot state, first touched by nearly every handler.
    LazyFlags flags{};
    u64 remaining = 0;  // Of the budget, the running block already taken off.
    Block* block = nullptr;
    Link* link_to_fill = nullptr;  // For enter_block(): of the block that ends.
    u64 stamp = 1;  // Links and jump entries made under another stamp are not followed.
    // Counts what may change the block at an address: translations for fetches, drops of blocks,
    // single steps. A link of the same map stamp may be followed once its block is unchanged.
    u64 map_stamp = 1;
    // An epoch ends between two runs, where the kernel may have written anywhere; it goes on if all
    // blocks that ran in it are still what memory holds.
    u64 epoch = 0;
    FrontEntry read_front[kFrontEntries];
    FrontEntry write_front[kFrontEntries];
    Link jumps[kJumpEntries];

private:
    struct Piece {
        u64 physical = 0;
        usize size = 0;
    };

    bool translate(u64 address, Access access, u64& physical);
    bool translate_by_walk(u64 address, Access access, u64& physical);
    WalkResult walk(u64 address, bool from_root, Translation& result);
    void compare_with_tables(u64 address, Translation const& cached, bool is_write);
    void compare_table_caches(u64 address);
    void compare_table_cache(u64 address, unsigned shift, TablePointer const& cached);
    void report(u64 address, Translation const& cached, WalkResult found, Translation const& now);
    void drop_translation(u64 address);
    void flush_fronts();
    void flush_write_front();
    void fill_front(FrontEntry* front, u64 address, u64 physical);
    bool check_address(Operation const& op, u64 address, usize size);
    void record_page_fault(u64 address, Access access, WalkResult result);
    std::byte* gather(u64 address, usize size, Access access);

    Operation const* enter_new(u64 target, Link* link);
    Operation const* follow_again(u64 target, Link& link);
    void fill_head(Block& block);
    void begin_run();
    bool holds(Block const& block) const;
    bool is_unchanged(Block& block);
    void note_compared(Block& compared)
    {
        compared.epoch = epoch;
        if (compared_count_ < kMaxCompared) compared_[compared_count_] = &compared;
        ++compared_count_;
    }
    void void_links();
    Block* find_verified(u64 physical);
    Block* decode_block(u64 physical);
    Block* decode_single(u64 rip, u64 physical);
    void keep(std::unique_ptr<Block> block);
    Operation const* begin(Block& block, u64 rip);
    bool uses_front() const { return !options_.check_tlb && !checks_alignment(); }

    CpuCounters& counters_;
    CpuEnvironment& environment_;
    CpuOptions const options_;
    Mmu mmu_;
    std::map<u64, std::unique_ptr<Tlb>> tlbs_;  // By tag.
    Tlb* tlb_ = nullptr;                        // That of the root.
    u64 loaded_root_ = ~u64{0};                 // With its tag.
    CodeCache code_;
    X86State* state_ = nullptr;
    u64 system_flags_ = 0;  // rflags without the status flags.
    u64 budget_ = 0;
    u64 packed_at_stop_ = ~u64{0};  // What `flags` and system_flags_ were packed to.
    // The blocks of this epoch. More than fit, or one of them dropped: the epoch ends with the run.
    static constexpr usize kMaxCompared = 16;
    Block* compared_[kMaxCompared] = {};
    usize compared_count_ = 0;
    unsigned runs_in_epoch_ = 0;
    // Which slots of the two fronts may hold something, one bit each.
    u64 filled_fronts_[kFrontEntries / 64] = {};
    bool step_pending_ = false;
    CpuStop stop_{};
    Operation const* running_extension_ = nullptr;
    // The write in progress between begin_write() and finish_write().
    Piece pieces_[2];
    unsigned piece_count_ = 0;
    bool is_gathered_ = false;
    alignas(16) std::byte gathered_[16] = {};
    // A block that is not kept: cut short by the budget, single step, or crossing a page.
    std::unique_ptr<Block> scratch_;
    CpuStatistics statistics_{};
};

}  // namespace drydock::hwmodel
