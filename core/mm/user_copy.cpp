// Copies between kernel and user memory: through the page tables and the direct map, never through
// user addresses. A page that is not ready is made so first, by the code that handles faults.

#include "core/mm/address_space.h"

namespace drydock {

namespace {

usize left_in_page(UserAddr address, usize size)
{
    usize const left = kPageSize - (address.value & kPageMask);
    return size < left ? size : left;
}

// Copies up to and with the first zero: the number of bytes before it, `size` if there is none.
usize copy_text(char* target, char const* source, usize size)
{
    constexpr u64 kOnes = 0x0101'0101'0101'0101, kHighBits = 0x8080'8080'8080'8080;
    usize done = 0;
    for (; size - done >= sizeof(u64); done += sizeof(u64)) {
        u64 word = 0;
        __builtin_memcpy(&word, source + done, sizeof(word));
        // A bit is left where a byte is zero (and in bytes above it).
        if (((word - kOnes) & ~word & kHighBits) != 0) break;
        __builtin_memcpy(target + done, &word, sizeof(word));
    }
    for (; done < size; ++done) {
        target[done] = source[done];
        if (source[done] == '\0') return done;
    }
    return size;
}

}  // namespace

std::byte* AddressSpace::make_reachable(UserAddr address, Access access)
{
    if (resolve(address.page(), access, false).result != FaultResult::Handled) return nullptr;
    u64 const* const entry = table_.find_entry(address);
    ASSERT(entry != nullptr);
    ASSERT((*entry & needed_for(access)) == needed_for(access));
    return frames_.data(pte::frame_of(*entry)) + (address.value & kPageMask);
}

std::byte* AddressSpace::reach_now(UserAddr address, usize size, Access access)
{
    if (address.value >= kUserEnd || size > kPageSize - (address.value & kPageMask)) return nullptr;
    u64 const* const entry = table_.find_entry(address);
    u64 const needed = needed_for(access);
    if (entry == nullptr || (*entry & needed) != needed) return nullptr;
    note_copy(size);
    return frames_.data(pte::frame_of(*entry)) + (address.value & kPageMask);
}

usize AddressSpace::copy_in(Bytes target, UserAddr source)
{
    usize done = 0;
    while (done < target.size()) {
        UserAddr const at = source + done;
        std::byte const* const from = reach(at, Access::Read);
        if (from == nullptr || at < source) break;
        usize const size = left_in_page(at, target.size() - done);
        memcpy(target.data() + done, from, size);
        done += size;
    }
    if (done > 0) note_copy(done);
    return done;
}

usize AddressSpace::copy_out(UserAddr target, ConstBytes source)
{
    usize done = 0;
    while (done < source.size()) {
        UserAddr const at = target + done;
        std::byte* const to = reach(at, Access::Write);
        if (to == nullptr || at < target) break;
        usize const size = left_in_page(at, source.size() - done);
        memcpy(to, source.data() + done, size);
        done += size;
    }
    if (done > 0) note_copy(done);
    return done;
}

usize AddressSpace::zero_out(UserAddr target, usize size)
{
    usize done = 0;
    while (done < size) {
        UserAddr const at = target + done;
        std::byte* const to = reach(at, Access::Write);
        if (to == nullptr || at < target) break;
        usize const part = left_in_page(at, size - done);
        memset(to, 0, part);
        done += part;
    }
    if (done > 0) note_copy(done);
    return done;
}

usize AddressSpace::prepare_range(UserAddr start, usize size, Access access)
{
    usize done = 0;
    while (done < size) {
        UserAddr const at = start + done;
        if (reach(at, access) == nullptr || at < start) break;
        done += left_in_page(at, size - done);
    }
    return done;
}

// Most are small, and in one page.
Result<void> AddressSpace::read_bytes(Bytes target, UserAddr source)
{
    usize const size = target.size();
    if (size > left_in_page(source, size) || size == 0)
        return copy_in(target, source) == size ? Result<void>() : Result<void>(Errno::Fault);
    std::byte const* const from = reach(source, Access::Read);
    if (from == nullptr) return Errno::Fault;
    memcpy(target.data(), from, size);
    note_copy(size);
    return {};
}

Result<void> AddressSpace::write_bytes(UserAddr target, ConstBytes source)
{
    usize const size = source.size();
    if (size > left_in_page(target, size) || size == 0)
        return copy_out(target, source) == size ? Result<void>() : Result<void>(Errno::Fault);
    std::byte* const to = reach(target, Access::Write);
    if (to == nullptr) return Errno::Fault;
    memcpy(to, source.data(), size);
    note_copy(size);
    return {};
}

Result<usize> AddressSpace::read_string(Span<char> target, UserAddr source)
{
    usize done = 0;
    while (done < target.size()) {
        UserAddr const at = source + done;
        std::byte const* const from = reach(at, Access::Read);
        if (from == nullptr || at < source) return Errno::Fault;
        usize const size = left_in_page(at, target.size() - done);
        auto const* const text = reinterpret_cast<char const*>(from);
        usize const length = copy_text(target.data() + done, text, size);
        done += length;
        if (length == size) continue;
        note_copy(done + 1);
        return done;
    }
    return Errno::NameTooLong;
}

}  // namespace drydock
