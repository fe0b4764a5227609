#include "core/fs/ram_options.h"

#include "core/base/address.h"

namespace drydock {

namespace {

// Digits of the base at the start of `text`, which then goes on behind them. Errno::Inval if none.
Result<u64> take_number(StringView& text, u64 base)
{
    u64 value = 0;
    usize used = 0;
    while (used < text.size() && text[used] >= '0' && text[used] < static_cast<char>('0' + base)) {
        u64 const digit = static_cast<u64>(text[used] - '0');
        if (__builtin_mul_overflow(value, base, &value)) return Errno::Inval;
        if (__builtin_add_overflow(value, digit, &value)) return Errno::Inval;
        ++used;
    }
    if (used == 0) return Errno::Inval;
    text = text.from(used);
    return value;
}

Result<u64> parse_size(StringView text, u64 memory_bytes)
{
    u64 const number = TRY(take_number(text, 10));
    if (text.is_empty()) return number;
    if (text.size() > 1) return Errno::Inval;
    u64 unit = 0;
    switch (text[0]) {
    case '%':
        if (number > 10000) return Errno::Inval;
        return memory_bytes / 100 * number;
    case 'k':
    case 'K': unit = kKiB; break;
    case 'm':
    case 'M': unit = kMiB; break;
    case 'g':
    case 'G': unit = kGiB; break;
    default: return Errno::Inval;
    }
    u64 result = 0;
    if (__builtin_mul_overflow(number, unit, &result)) return Errno::Inval;
    return result;
}

Result<u32> parse_word(StringView text, u64 base)
{
    u64 const number = TRY(take_number(text, base));
    if (!text.is_empty() || number > 0xffff'ffff) return Errno::Inval;
    return static_cast<u32>(number);
}

Result<void> apply(RamOptions& options, StringView item, u64 memory_bytes)
{
    if (item.starts_with("size=")) {
        u64 const bytes = TRY(parse_size(item.from(5), memory_bytes));
        options.pages = page_ceil(bytes) / kPageSize;
        options.has_pages = true;
    } else if (item.starts_with("nr_blocks=")) {
        options.pages = TRY(parse_size(item.from(10), memory_bytes));
        options.has_pages = true;
    } else if (item.starts_with("nr_inodes=")) {
        options.inodes = TRY(parse_size(item.from(10), memory_bytes));
        options.has_inodes = true;
    } else if (item.starts_with("mode=")) {
        options.permissions = TRY(parse_word(item.from(5), 8)) & 07777;
    } else if (item.starts_with("uid=")) {
        options.uid = TRY(parse_word(item.from(4), 10));
    } else if (item.starts_with("gid=")) {
        options.gid = TRY(parse_word(item.from(4), 10));
    } else {
        return Errno::Inval;
    }
    return {};
}

}  // namespace

Result<RamOptions> parse_ram_options(StringView text, u64 memory_bytes)
{
    RamOptions options;
    while (!text.is_empty()) {
        usize end = 0;
        while (end < text.size() && text[end] != ',') ++end;
        if (end > 0) TRY(apply(options, text.first(end), memory_bytes));
        text = text.from(end < text.size() ? end + 1 : end);
    }
    return options;
}

}  // namespace drydock
