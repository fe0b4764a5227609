// Check mode: cached translations against the tables, and the report of code bytes.

#include "hwmodel/decoder.h"
#include "hwmodel/interpreter.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace drydock::hwmodel {

namespace {

// Not being there at all is the least that a table can grant.
bool grants_more(Rights cached, Rights now)
{
    return (cached.write && !now.write) || (cached.user && !now.user) ||
           (cached.execute && !now.execute);
}

u64 page_frame(Translation const& translation, u64 address)
{
    return translation.frame + page_floor(address & ((u64{1} << translation.page_shift) - 1));
}

}  // namespace

// Granting less than the tables is allowed: rights may be raised without a flush.
void Interpreter::compare_with_tables(u64 address, Translation const& cached, bool is_write)
{
    (void)is_write;
    Translation now{};
    WalkResult const found = mmu_.inspect(address, tlb_->root(), now);
    bool const is_present = found == WalkResult::Found;
    bool const is_stale = !is_present || page_frame(cached, address) != page_frame(now, address) ||
                          grants_more(cached.rights, now.rights) || (cached.dirty && !now.dirty);
    if (is_stale) report(address, cached, found, now);
}

void Interpreter::report(u64 address,
                         Translation const& cached,
                         WalkResult found,
                         Translation const& now)
{
    bool const is_present = found == WalkResult::Found;
    environment_.stale_translation({
        .address = address,
        .rip = state_ == nullptr ? 0 : state_->rip,
        .cached_frame = page_frame(cached, address),
        .table_frame = is_present ? page_frame(now, address) : 0,
        .is_present = is_present,
        .is_structure = false,
        .cached_write = cached.rights.write,
        .cached_user = cached.rights.user,
        .cached_execute = cached.rights.execute,
        .cached_dirty = cached.dirty,
        .table_write = is_present && now.rights.write,
        .table_user = is_present && now.rights.user,
        .table_execute = is_present && now.rights.execute,
        .table_dirty = is_present && now.dirty,
    });
}

// A cached structure entry is stale if the tables now lead elsewhere, to a page, or nowhere.
void Interpreter::compare_table_cache(u64 address, unsigned shift, TablePointer const& cached)
{
    TablePointer now{};
    bool const is_present = mmu_.find_table(address, tlb_->root(), shift, now);
    if (is_present && now.table == cached.table && !grants_more(cached.rights, now.rights)) return;
    environment_.stale_translation({
        .address = address,
        .rip = state_ == nullptr ? 0 : state_->rip,
        .cached_frame = cached.table,
        .table_frame = is_present ? now.table : 0,
        .is_present = is_present,
        .is_structure = true,
        .cached_write = cached.rights.write,
        .cached_user = cached.rights.user,
        .cached_execute = cached.rights.execute,
        .cached_dirty = false,
        .table_write = is_present && now.rights.write,
        .table_user = is_present && now.rights.user,
        .table_execute = is_present && now.rights.execute,
        .table_dirty = false,
    });
}

void Interpreter::compare_table_caches(u64 address)
{
    TablePointer cached{};
    unsigned const shift = tlb_->deepest_table(address, cached);
    if (shift != 39) compare_table_cache(address, shift + 9, cached);
}

void Interpreter::check_all()
{
    auto const sign_extended = [](u64 address) {
        return static_cast<u64>(static_cast<i64>(address << 16) >> 16);
    };
    tlb_->for_each_page([&](u64 address, Translation& cached) {
        compare_with_tables(sign_extended(address), cached, false);
    });
    tlb_->for_each_table([&](u64 address, unsigned shift, TablePointer& cached) {
        compare_table_cache(sign_extended(address), shift, cached);
    });
}

std::string Interpreter::describe_bytes(u64 root, u64 rip) const
{
    u8 bytes[15] = {};
    usize count = 0;
    while (count < sizeof(bytes)) {
        Translation found{};
        u64 const address = rip + count;
        if (!is_canonical(address) ||
            mmu_.inspect(address, root & ~u64{kPageMask}, found) != WalkResult::Found)
            break;
        u64 const mask = (u64{1} << found.page_shift) - 1;
        bytes[count] = static_cast<u8>(*mmu_.data(found.frame + (address & mask)));
        ++count;
    }
    std::string text = fmt::format("{:#x}:", rip);
    for (usize i = 0; i < count; ++i) text += fmt::format(" {:02x}", bytes[i]);
    if (count == 0) return text + " (not mapped)";
    return text + "  " + disassemble({bytes, count}, rip);
}

}  // namespace drydock::hwmodel
