#include "hwmodel/interpreter.h"

#include "hwmodel/decoder.h"
#include "hwmodel/handlers.h"

#include <algorithm>
#include <cstring>

namespace drydock::hwmodel {

namespace {

template <typename Word>
Word word_at(void const* bytes, usize offset)
{
    Word word;
    std::memcpy(&word, static_cast<std::byte const*>(bytes) + offset, sizeof(word));
    return word;
}

// memcmp for short blocks, in line. A tail overlaps the word before it.
bool are_equal(void const* left, void const* right, usize size)
{
    if (size < 8) {
        if (size >= 4) {
            return word_at<u32>(left, 0) == word_at<u32>(right, 0) &&
                   word_at<u32>(left, size - 4) == word_at<u32>(right, size - 4);
        }
        for (usize i = 0; i < size; ++i) {
            if (word_at<u8>(left, i) != word_at<u8>(right, i)) return false;
        }
        return true;
    }
    u64 difference = 0;
    for (usize i = 0; i + 8 < size; i += 8)
        difference |= word_at<u64>(left, i) ^ word_at<u64>(right, i);
    return (difference | (word_at<u64>(left, size - 8) ^ word_at<u64>(right, size - 8))) == 0;
}

}  // namespace

Interpreter::Interpreter(PhysicalMemory& memory,
                         CpuEnvironment& environment,
                         CpuOptions options,
                         CpuCounters& counters)
    : counters_(counters), environment_(environment), options_(options), mmu_(memory)
{
    tlbs_[0] = std::make_unique<Tlb>();
    tlb_ = tlbs_[0].get();
}

CpuStop Interpreter::run(X86State& state, u64 root, u64 max_instructions)
{
    if (root != loaded_root_) load_root(root);
    state_ = &state;
    begin_run();
    budget_ = max_instructions;
    remaining = max_instructions;
    step_pending_ = false;
    stop_ = {};
    if (state.rflags != packed_at_stop_) set_packed_flags(state.rflags);
    Operation const* op = enter(state.rip, nullptr);
    while (op != nullptr) op = op->handler(op, state_, this);
    state.rflags = packed_flags();
    packed_at_stop_ = state.rflags;
    counters_.retired += budget_ - remaining;
    state_ = nullptr;
    return stop_;
}

// Comparing the few blocks of the last run in one go is cheaper than ending the epoch, after which
// every link makes sure of its block's bytes before it is followed. Now and then it ends all the
// same, so that blocks which do not run any more are not compared for ever.
void Interpreter::begin_run()
{
    constexpr unsigned kMaxRunsInEpoch = 64;
    if (options_.check_tlb) void_links();
    bool goes_on = compared_count_ <= kMaxCompared && ++runs_in_epoch_ < kMaxRunsInEpoch;
    for (usize i = 0; goes_on && i < compared_count_; ++i) goes_on = holds(*compared_[i]);
    if (goes_on) return;
    ++epoch;
    ++stamp;
    compared_count_ = 0;
    runs_in_epoch_ = 0;
}

void Interpreter::set_packed_flags(u64 value)
{
    u64 const old = system_flags_;
    system_flags_ = (value & ~rflags::kStatus) | rflags::kReserved1;
    flags.unpack(value);
    if (((old ^ system_flags_) & rflags::kAlignmentCheck) != 0) flush_fronts();
}

void Interpreter::set_direction(bool down)
{
    system_flags_ = (system_flags_ & ~rflags::kDirection) | (down ? rflags::kDirection : 0);
}

u64 Interpreter::retired_before(Operation const* op) const
{
    u64 const after_block = budget_ - remaining;
    return counters_.retired + after_block - (block->count - op->ordinal);
}

Operation const* Interpreter::begin(Block& next, u64 rip)
{
    remaining -= next.count;
    block = &next;
    state_->rip = rip;
    return next.first;
}

void Interpreter::void_links()
{
    ++stamp;
    ++map_stamp;
    // Among the blocks compared there may be one that was dropped.
    compared_count_ = kMaxCompared + 1;
}

// What links, once the bytes of its block are known to be those in memory; null if it does not.
inline Operation const* Interpreter::follow_again(u64 target, Link& link)
{
    if (link.rip != target || link.map_stamp != map_stamp) return nullptr;
    Block& next = *link.block;
    if (next.count > remaining || !is_unchanged(next)) return nullptr;
    link.stamp = stamp;
    return begin(next, target);
}

Operation const* Interpreter::enter(u64 target, Link* link)
{
    bool const steps = step_pending_ || (system_flags_ & rflags::kTrap) != 0;
    if (steps || code_.has_dropped()) [[unlikely]]
        return enter_new(target, nullptr);
    if (link != nullptr) {
        if (Operation const* const first = follow_again(target, *link)) return first;
    }
    Link& jump = jumps[(target ^ (target >> 11)) & (kJumpEntries - 1)];
    if (Operation const* const first = follow_again(target, jump)) {
        if (link != nullptr) *link = jump;
        return first;
    }
    return enter_new(target, link);
}

Operation const* Interpreter::enter_new(u64 target, Link* link)
{
    code_.free_dropped();
    state_->rip = target;
    if (step_pending_) {
        constexpr u64 kSingleStep = u64{1} << 14;
        stop_ = {.reason = CpuExit::Exception, .vector = vector::kDebug, .address = kSingleStep};
        return nullptr;
    }
    if (remaining == 0) {
        stop_ = {.reason = CpuExit::Budget};
        return nullptr;
    }
    ++statistics_.lookups;
    u64 physical = 0;
    if (!is_canonical(target)) {
        stop_ = {.reason = CpuExit::Exception, .vector = vector::kGeneralProtection};
        return nullptr;
    }
    if (!translate(target, Access::Fetch, physical)) return nullptr;
    if ((system_flags_ & rflags::kTrap) != 0) {
        void_links();  // None may lead past the next trap.
        step_pending_ = true;
        Block* const single = decode_single(target, physical);
        return single == nullptr ? nullptr : begin(*single, target);
    }
    Block* next = find_verified(physical);
    if (next == nullptr) {
        if (code_.is_full()) {
            code_.drop_all();
            void_links();
            link = nullptr;
        }
        next = decode_block(physical);
    }
    if (next == nullptr || next->count > remaining) {
        next = decode_single(target, physical);
        return next == nullptr ? nullptr : begin(*next, target);
    }
    Link const found{target, stamp, next, map_stamp};
    jumps[(target ^ (target >> 11)) & (kJumpEntries - 1)] = found;
    // The block that the link is part of may have been dropped just now.
    if (link != nullptr && !code_.has_dropped()) *link = found;
    return begin(*next, target);
}

inline bool Interpreter::holds(Block const& known) const
{
    if (known.has_whole_head()) return known.head.matches();
    return are_equal(known.bytes.data(), mmu_.data(known.physical), known.byte_count);
}

bool Interpreter::is_unchanged(Block& entered)
{
    if (entered.epoch == epoch) return true;
    if (!holds(entered)) return false;
    note_compared(entered);
    return true;
}

void Interpreter::fill_head(Block& fresh)
{
    if (!mmu_.memory().has_page(page_floor(fresh.physical + BlockHead::kSize - 1))) return;
    fresh.head.memory = mmu_.data(fresh.physical);
    usize const size = std::min<usize>(fresh.byte_count, BlockHead::kSize);
    std::memcpy(fresh.head.bytes, fresh.bytes.data(), size);
    std::memset(fresh.head.mask, 0xff, size);
}

Block* Interpreter::find_verified(u64 physical)
{
    Block* const found = code_.find(physical);
    if (found == nullptr || is_unchanged(*found)) return found;
    code_.drop(*found);
    void_links();
    ++statistics_.blocks_dropped;
    return nullptr;
}

// Null if the first instruction crosses the page.
Block* Interpreter::decode_block(u64 physical)
{
    auto fresh = std::make_unique<Block>();
    fresh->physical = physical;
    auto const* const start = reinterpret_cast<u8 const*>(mmu_.data(physical));
    usize const size = kPageSize - (physical & kPageMask);
    if (hwmodel::decode({start, size}, kMaxBlockInstructions, *fresh) == DecodeResult::Truncated)
        return nullptr;
    fill_head(*fresh);
    Block* const result = fresh.get();
    note_compared(*result);
    ++statistics_.blocks_decoded;
    // Stores to this frame must come by the slow path from now on.
    if (code_.insert(std::move(fresh))) flush_write_front();
    return result;
}

// One instruction that is not kept. Null if its second page faults.
Block* Interpreter::decode_single(u64 rip, u64 physical)
{
    scratch_ = std::make_unique<Block>();
    auto const* const start = reinterpret_cast<u8 const*>(mmu_.data(physical));
    usize const in_page = std::min<usize>(15, kPageSize - (physical & kPageMask));
    ++statistics_.blocks_decoded;
    if (hwmodel::decode({start, in_page}, 1, *scratch_) == DecodeResult::Complete)
        return scratch_.get();
    u64 const next_page = page_ceil(rip + 1);
    u64 next_physical = 0;
    if (!is_canonical(next_page)) {
        stop_ = {.reason = CpuExit::Exception, .vector = vector::kGeneralProtection};
        return nullptr;
    }
    if (!translate(next_page, Access::Fetch, next_physical)) return nullptr;
    u8 joined[15];
    std::memcpy(joined, start, in_page);
    std::memcpy(joined + in_page, mmu_.data(next_physical), 15 - in_page);
    (void)hwmodel::decode({joined, 15}, 1, *scratch_);
    return scratch_.get();
}

Operation const* Interpreter::fault(Operation const* op)
{
    state_->rip += op->offset;
    remaining += block->count - op->ordinal;
    step_pending_ = false;
    return nullptr;
}

Operation const* Interpreter::raise(Operation const* op, u8 vector, u32 error_code)
{
    stop_ = {.reason = CpuExit::Exception, .vector = vector, .error_code = error_code};
    return fault(op);
}

Operation const* Interpreter::stop_after(Operation const* op, CpuStop stop, u64 rip)
{
    // The operation ends its block, so everything that was taken off the budget has retired.
    (void)op;
    stop_ = stop;
    state_->rip = rip;
    return nullptr;
}

Operation const* Interpreter::resync(Operation const* op)
{
    remaining += block->count - op->ordinal;
    return enter(state_->rip + op->offset, nullptr);
}

Operation const* Interpreter::run_extension(Operation const* op)
{
    auto const& operation = *reinterpret_cast<Extension const*>(op->immediate);
    u64 address = 0;
    if (operation.memory_size != 0) {
        std::byte const* const registers = reinterpret_cast<std::byte const*>(state_);
        u64 base = 0;
        u64 index = 0;
        std::memcpy(&base, registers + op->base, sizeof(base));
        std::memcpy(&index, registers + op->index, sizeof(index));
        address = base + index * static_cast<u64>(i64{op->factor}) +
                  static_cast<u64>(i64{op->displacement});
    }
    u64 const block_rip = state_->rip;
    bool const writes_flags = (op->extra & 1) != 0;
    bool const reads_flags = (op->extra & 2) != 0;
    state_->rip = block_rip + op->offset;
    if (writes_flags || reads_flags) state_->rflags = packed_flags();
    running_extension_ = op;
    ExtensionResult const result = operation.handler(*state_, *this, operation, address);
    state_->rip = block_rip;
    switch (result) {
    case ExtensionResult::Done: break;
    case ExtensionResult::Fault: return fault(op);
    case ExtensionResult::InvalidOpcode: return raise(op, vector::kInvalidOpcode);
    case ExtensionResult::GeneralProtection: return raise(op, vector::kGeneralProtection);
    case ExtensionResult::FloatingPoint: return raise(op, vector::kFloatingPoint);
    case ExtensionResult::Simd: return raise(op, vector::kSimd);
    }
    if (writes_flags) flags.unpack(state_->rflags);
    return op + 1;
}

}  // namespace drydock::hwmodel
