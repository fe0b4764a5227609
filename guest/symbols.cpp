#include "guest/symbols.h"

extern "C" {
extern drydock::u8 drydock_guest_image_start[];
extern drydock::u8 drydock_guest_text_end[];
extern drydock::u32 const drydock_guest_symbols[];
}

namespace drydock::guest {

FunctionName find_function(u64 address)
{
    u64 const start = reinterpret_cast<u64>(drydock_guest_image_start);
    if (address < start || address >= reinterpret_cast<u64>(drydock_guest_text_end)) return {};
    u64 const offset = address - start;
    u32 const count = drydock_guest_symbols[0];
    u32 const* const entries = drydock_guest_symbols + 1;
    u32 low = 0;
    u32 high = count;
    while (low < high) {
        u32 const middle = low + (high - low) / 2;
        if (entries[2 * usize{middle}] <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) return {};
    u32 const* const entry = entries + 2 * (usize{low} - 1);
    auto const* const names = reinterpret_cast<char const*>(entries + 2 * usize{count});
    return {StringView::from_c_string(names + entry[1]), offset - entry[0]};
}

}  // namespace drydock::guest
