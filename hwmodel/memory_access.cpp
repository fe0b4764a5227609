// The slow path of data accesses: translation, page crossings, faults, and stores to decoded code.

#include "hwmodel/handlers.h"
#include "hwmodel/interpreter.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace drydock::hwmodel {

namespace {

usize front_index(u64 address) { return (address >> kPageShift) & (kFrontEntries - 1); }

template <usize kWords, typename Visit>
void for_each_bit(u64 const (&words)[kWords], Visit visit)
{
    for (usize i = 0; i < kWords; ++i) {
        for (u64 left = words[i]; left != 0; left &= left - 1)
            visit(i * 64 + static_cast<usize>(std::countr_zero(left)));
    }
}

}  // namespace

void Interpreter::flush_page(u64 address)
{
    drop_translation(address);
    for (auto const& [tag, tlb] : tlbs_) {
        if (tlb.get() != tlb_) tlb->drop(address);
        tlb->drop_all_tables();
    }
}

void Interpreter::flush_all()
{
    for (auto const& [tag, tlb] : tlbs_) tlb->drop_everything();
    flush_fronts();
    void_links();
}

void Interpreter::load_root(u64 root)
{
    u64 const tag = root & kPageMask;
    std::unique_ptr<Tlb>& tlb = tlbs_[tag];
    if (!tlb) tlb = std::make_unique<Tlb>();
    tlb_ = tlb.get();
    if (tag == 0) {
        tlb_->load_root(root);
    } else {
        tlb_->keep_with_root(root - tag);
    }
    loaded_root_ = root;
    flush_fronts();
    void_links();
}

void Interpreter::flush_fronts()
{
    flush_write_front();
    for_each_bit(filled_fronts_, [this](usize index) { read_front[index] = {}; });
    for (u64& word : filled_fronts_) word = 0;
}

void Interpreter::flush_write_front()
{
    for_each_bit(filled_fronts_, [this](usize index) { write_front[index] = {}; });
}

void Interpreter::drop_translation(u64 address)
{
    // No link depends on what is not cached, or was never fetched from.
    Translation const* const cached = tlb_->find(address);
    if (cached == nullptr) return;
    if (cached->was_fetched) void_links();
    if (tlb_->drop(address)) {
        void_links();
        flush_fronts();
        return;
    }
    for (FrontEntry* const front : {read_front, write_front}) {
        FrontEntry& entry = front[front_index(address)];
        if (entry.tag == page_floor(address)) entry = {};
    }
}

void Interpreter::fill_front(FrontEntry* front, u64 address, u64 physical)
{
    u64 const host = reinterpret_cast<u64>(mmu_.data(page_floor(physical)));
    usize const index = front_index(address);
    front[index] = {page_floor(address), host - page_floor(address)};
    filled_fronts_[index / 64] |= u64{1} << (index % 64);
}

bool Interpreter::translate(u64 address, Access access, u64& physical)
{
    ++statistics_.tlb_misses;
    bool const is_write = access == Access::Write;
    if (Translation* const cached = tlb_->find(address)) {
        if (Mmu::allows(cached->rights, access)) {
            if (!is_write || cached->dirty) {
                if (options_.check_tlb) compare_with_tables(address, *cached, is_write);
                u64 const mask = (u64{1} << cached->page_shift) - 1;
                physical = cached->frame + (address & mask);
                if (access == Access::Fetch) cached->was_fetched = true;
                return true;
            }
            // The walk below sets the dirty bit (Intel SDM vol. 3, 4.8).
            if (options_.check_tlb) compare_with_tables(address, *cached, false);
        } else {
            // Rights may be raised without a flush: silicon looks at the tables before it faults,
            // or its fault drops what it had (Intel SDM vol. 3, 4.10.4.1 and 4.10.4.3).
            tlb_->drop_tables(address);
        }
        drop_translation(address);
    }
    return translate_by_walk(address, access, physical);
}

WalkResult Interpreter::walk(u64 address, bool from_root, Translation& result)
{
    ++statistics_.walks;
    TablePointer start{tlb_->root(), {}};
    unsigned const shift = from_root ? 39 : tlb_->deepest_table(address, start);
    WalkTrace trace;
    WalkResult const found = mmu_.walk(address, start, shift, true, result, trace);
    tlb_->insert_tables(address, trace);
    return found;
}

bool Interpreter::translate_by_walk(u64 address, Access access, u64& physical)
{
    if (options_.check_tlb) compare_table_caches(address);
    Translation found{};
    WalkResult result = walk(address, false, found);
    bool granted = result == WalkResult::Found && Mmu::allows(found.rights, access);
    if (!granted) {
        // Not by a stale structure entry: the tables themselves must say so.
        tlb_->drop_tables(address);
        result = walk(address, true, found);
        granted = result == WalkResult::Found && Mmu::allows(found.rights, access);
    }
    if (!granted) {
        // A fault leaves nothing cached for its address (Intel SDM vol. 3, 4.10.4.1).
        tlb_->drop_tables(address);
        record_page_fault(address, access, result);
        return false;
    }
    mmu_.mark_used(found, access == Access::Write);
    found.was_fetched = access == Access::Fetch;
    tlb_->insert(address, found);
    physical = found.frame + (address & ((u64{1} << found.page_shift) - 1));
    return true;
}

// Intel SDM vol. 3, 4.7. P is clear only for a not-present entry.
void Interpreter::record_page_fault(u64 address, Access access, WalkResult result)
{
    u32 code = page_fault::kUser;
    if (result != WalkResult::NotPresent) code |= page_fault::kPresent;
    if (result == WalkResult::Reserved) code |= page_fault::kReserved;
    if (access == Access::Write) code |= page_fault::kWrite;
    if (access == Access::Fetch) code |= page_fault::kFetch;
    stop_ = {.reason = CpuExit::PageFault,
             .vector = vector::kPageFault,
             .error_code = code,
             .address = address};
}

// Canonical and, where the user asked for it, aligned.
bool Interpreter::check_address(Operation const& op, u64 address, usize size)
{
    if (!is_canonical(address) || !is_canonical(address + size - 1)) [[unlikely]] {
        bool const is_stack = (op.flags & operation_flag::kStackSegment) != 0;
        stop_ = {.reason = CpuExit::Exception,
                 .vector = is_stack ? vector::kStackFault : vector::kGeneralProtection};
        return false;
    }
    if (checks_alignment() && size <= 16 && (address & (size - 1)) != 0) {
        stop_ = {.reason = CpuExit::Exception, .vector = vector::kAlignmentCheck};
        return false;
    }
    return true;
}

bool Interpreter::translate_data(Operation const& op, u64 address, bool is_write, u64& physical)
{
    if (!check_address(op, address, 1)) return false;
    return translate(address, is_write ? Access::Write : Access::Read, physical);
}

std::byte* Interpreter::gather(u64 address, usize size, Access access)
{
    usize const first = kPageSize - (address & kPageMask);
    u64 physical[2] = {};
    if (!translate(address, access, physical[0])) return nullptr;
    if (!translate(address + first, access, physical[1])) return nullptr;
    pieces_[0] = {physical[0], first};
    pieces_[1] = {physical[1], size - first};
    piece_count_ = 2;
    is_gathered_ = true;
    std::memcpy(gathered_, mmu_.data(physical[0]), first);
    std::memcpy(gathered_ + first, mmu_.data(physical[1]), size - first);
    return gathered_;
}

std::byte* Interpreter::begin_read(Operation const& op, u64 address, usize size)
{
    if (!check_address(op, address, size)) return nullptr;
    if ((address & kPageMask) + size > kPageSize) return gather(address, size, Access::Read);
    u64 physical = 0;
    if (!translate(address, Access::Read, physical)) return nullptr;
    if (uses_front()) fill_front(read_front, address, physical);
    return mmu_.data(physical);
}

std::byte* Interpreter::begin_write(Operation const& op, u64 address, usize size)
{
    if (!check_address(op, address, size)) return nullptr;
    if ((address & kPageMask) + size > kPageSize) return gather(address, size, Access::Write);
    u64 physical = 0;
    if (!translate(address, Access::Write, physical)) return nullptr;
    pieces_[0] = {physical, size};
    piece_count_ = 1;
    is_gathered_ = false;
    if (uses_front() && !code_.is_code(physical)) fill_front(write_front, address, physical);
    return mmu_.data(physical);
}

void Interpreter::finish_write(Operation const& op)
{
    if (is_gathered_) {
        usize done = 0;
        for (unsigned i = 0; i < piece_count_; ++i) {
            std::memcpy(mmu_.data(pieces_[i].physical), gathered_ + done, pieces_[i].size);
            done += pieces_[i].size;
        }
    }
    for (unsigned i = 0; i < piece_count_; ++i)
        note_store(op, pieces_[i].physical, pieces_[i].size);
}

// The running block may itself have been changed: the instruction behind this one must then be
// looked up again. Its operations stay readable until the next lookup.
void Interpreter::note_store(Operation const& op, u64 physical, usize size)
{
    usize const dropped = code_.bytes_changed(physical, size, epoch);
    if (dropped == 0) return;
    statistics_.blocks_dropped += dropped;
    void_links();
    Handler const look_up_again = resync_handler();
    Operation const* position = &op;
    while ((position->flags & operation_flag::kLast) == 0) {
        ++position;
        block->operations[static_cast<usize>(position - block->first)].handler = look_up_again;
    }
}

bool Interpreter::load(u64 address, void* target, usize size)
{
    Operation const& op = *running_extension_;
    if (!check_address(op, address, size)) return false;
    auto* bytes = static_cast<std::byte*>(target);
    while (size != 0) {
        usize const part = std::min<usize>(size, kPageSize - (address & kPageMask));
        FrontEntry const& entry = read_front[front_index(address)];
        if (entry.tag == page_floor(address)) {
            std::memcpy(bytes, reinterpret_cast<std::byte const*>(address + entry.addend), part);
        } else {
            u64 physical = 0;
            if (!translate(address, Access::Read, physical)) return false;
            if (uses_front()) fill_front(read_front, address, physical);
            std::memcpy(bytes, mmu_.data(physical), part);
        }
        bytes += part;
        address += part;
        size -= part;
    }
    return true;
}

bool Interpreter::probe_store(u64 address, usize size)
{
    if (!check_address(*running_extension_, address, size)) return false;
    u64 physical = 0;
    if (!translate(address, Access::Write, physical)) return false;
    u64 const last = address + size - 1;
    return page_floor(last) == page_floor(address) ||
           translate(page_floor(last), Access::Write, physical);
}

bool Interpreter::store(u64 address, void const* source, usize size)
{
    Operation const& op = *running_extension_;
    FrontEntry const& entry = write_front[front_index(address)];
    if (entry.tag == page_floor(address) && (address & kPageMask) + size <= kPageSize) {
        std::memcpy(reinterpret_cast<std::byte*>(address + entry.addend), source, size);
        return true;
    }
    if (!check_address(op, address, size)) return false;
    usize const first = std::min<usize>(size, kPageSize - (address & kPageMask));
    u64 physical[2] = {};
    if (!translate(address, Access::Write, physical[0])) return false;
    // Both pages are checked before either changes; the second fault is at its page's start.
    if (first < size && !translate(address + first, Access::Write, physical[1])) return false;
    auto const* const bytes = static_cast<std::byte const*>(source);
    std::memcpy(mmu_.data(physical[0]), bytes, first);
    note_store(op, physical[0], first);
    if (first < size) {
        std::memcpy(mmu_.data(physical[1]), bytes + first, size - first);
        note_store(op, physical[1], size - first);
    } else if (uses_front() && !code_.is_code(physical[0])) {
        fill_front(write_front, address, physical[0]);
    }
    return true;
}

}  // namespace drydock::hwmodel
