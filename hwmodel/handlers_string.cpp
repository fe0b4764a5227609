// String instructions. A repeated one that faults leaves the registers as after its last whole
// iteration, so that it goes on from there when it is executed again (Intel SDM vol. 2, REP).

#include "hwmodel/arithmetic.h"
#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"

#include <algorithm>

namespace drydock::hwmodel {

namespace {

constexpr u8 kRaxSlot = 0;
constexpr u8 kRcxSlot = 8;
constexpr u8 kRsiSlot = 48;
constexpr u8 kRdiSlot = 56;

struct StringContext {
    Operation const* op;
    X86State* state;
    Interpreter* cpu;

    bool is_32() const { return (op->flags & operation_flag::kAddress32) != 0; }
    u64 pointer(u8 slot) const { return is_32() ? get<u32>(state, slot) : get<u64>(state, slot); }
    void advance(u8 slot, u64 bytes) const
    {
        u64 const step = cpu->direction_down() ? 0 - bytes : bytes;
        if (is_32()) {
            set<u32>(state, slot, static_cast<u32>(get<u32>(state, slot) + step));
        } else {
            set<u64>(state, slot, get<u64>(state, slot) + step);
        }
    }
    u64 source() const
    {
        u64 const base = op->extra == kNoSlot ? 0 : get<u64>(state, op->extra);
        return base + pointer(kRsiSlot);
    }
    u64 target() const { return pointer(kRdiSlot); }
};

constexpr bool uses_source(StringOperation kind)
{
    return kind == StringOperation::Movs || kind == StringOperation::Lods ||
           kind == StringOperation::Cmps;
}

constexpr bool writes(StringOperation kind)
{
    return kind == StringOperation::Movs || kind == StringOperation::Stos;
}

constexpr bool compares(StringOperation kind)
{
    return kind == StringOperation::Scas || kind == StringOperation::Cmps;
}

template <typename Word>
bool read_element(StringContext const& context, u64 address, Word& value)
{
    std::byte const* bytes = front_lookup<sizeof(Word)>(context.cpu->read_front, address);
    if (bytes == nullptr) bytes = context.cpu->begin_read(*context.op, address, sizeof(Word));
    if (bytes == nullptr) return false;
    value = load_bytes<Word>(bytes);
    return true;
}

template <typename Word>
bool write_element(StringContext const& context, u64 address, Word value)
{
    std::byte* const bytes = context.cpu->begin_write(*context.op, address, sizeof(Word));
    if (bytes == nullptr) return false;
    store_bytes<Word>(bytes, value);
    context.cpu->finish_write(*context.op);
    return true;
}

// One iteration; false if it faults, with nothing changed.
template <StringOperation kKind, typename Word>
bool iterate(StringContext const& context)
{
    Word value = get<Word>(context.state, kRaxSlot);
    if constexpr (uses_source(kKind)) {
        if (!read_element<Word>(context, context.source(), value)) return false;
    }
    if constexpr (writes(kKind)) {
        if (!write_element<Word>(context, context.target(), value)) return false;
    }
    if constexpr (compares(kKind)) {
        Word other{};
        if (!read_element<Word>(context, context.target(), other)) return false;
        (void)subtract(context.cpu->flags, value, other, false);
    }
    if constexpr (kKind == StringOperation::Lods) set<Word>(context.state, kRaxSlot, value);
    if constexpr (uses_source(kKind)) context.advance(kRsiSlot, sizeof(Word));
    if constexpr (kKind != StringOperation::Lods) context.advance(kRdiSlot, sizeof(Word));
    return true;
}

u64 elements_to_page_end(u64 address, usize element)
{
    return (kPageSize - (address & kPageMask)) / element;
}

// Copies forward element by element, which differs from memmove if the target starts inside the
// source: then it repeats what it has just written.
template <typename Word>
void copy_elements(std::byte* target, std::byte const* source, usize count)
{
    bool const repeats = target > source && target < source + count * sizeof(Word);
    if (!repeats) {
        std::memmove(target, source, count * sizeof(Word));
        return;
    }
    for (usize i = 0; i < count; ++i)
        store_bytes<Word>(target + i * sizeof(Word), load_bytes<Word>(source + i * sizeof(Word)));
}

template <typename Word>
void fill_elements(std::byte* target, Word value, usize count)
{
    if constexpr (sizeof(Word) == 1) {
        std::memset(target, value, count);
    } else {
        for (usize i = 0; i < count; ++i) store_bytes<Word>(target + i * sizeof(Word), value);
    }
}

// As many iterations as fit the pages that the operands are in. 0 if an element crosses a page or
// faults: then one iteration in the ordinary way finds out.
template <StringOperation kKind, typename Word>
u64 iterate_in_page(StringContext const& context, u64 wanted)
{
    Interpreter* const cpu = context.cpu;
    u64 const target = context.target();
    u64 count = std::min(wanted, elements_to_page_end(target, sizeof(Word)));
    u64 source_physical = 0;
    if constexpr (kKind == StringOperation::Movs) {
        u64 const source = context.source();
        count = std::min(count, elements_to_page_end(source, sizeof(Word)));
        if (count == 0 || !cpu->translate_data(*context.op, source, false, source_physical))
            return 0;
    }
    u64 target_physical = 0;
    if (count == 0 || !cpu->translate_data(*context.op, target, true, target_physical)) return 0;
    if constexpr (kKind == StringOperation::Movs) {
        copy_elements<Word>(cpu->data(target_physical), cpu->data(source_physical), count);
        context.advance(kRsiSlot, count * sizeof(Word));
    } else {
        fill_elements<Word>(cpu->data(target_physical), get<Word>(context.state, kRaxSlot), count);
    }
    context.advance(kRdiSlot, count * sizeof(Word));
    cpu->note_store(*context.op, target_physical, count * sizeof(Word));
    return count;
}

template <StringOperation kKind, typename Word>
Operation const* repeat(StringContext const& context)
{
    Operation const* const op = context.op;
    Interpreter* const cpu = context.cpu;
    bool const in_pages =
        writes(kKind) && !context.is_32() && !cpu->direction_down() && !cpu->checks_alignment();
    bool const stop_on_equal = (op->flags & operation_flag::kRepeatNotEqual) != 0;
    for (u64 left = context.pointer(kRcxSlot); left != 0;) {
        u64 done = 0;
        if constexpr (writes(kKind)) {
            if (in_pages) done = iterate_in_page<kKind, Word>(context, left);
        }
        if (done == 0) {
            if (!iterate<kKind, Word>(context)) return cpu->fault(op);
            done = 1;
        }
        left -= done;
        cpu->add_repeated(done);
        if (context.is_32()) {
            set<u32>(context.state, kRcxSlot, static_cast<u32>(left));
        } else {
            set<u64>(context.state, kRcxSlot, left);
        }
        if (compares(kKind) && cpu->flags.is_zero() == stop_on_equal) break;
    }
    return op + 1;
}

template <StringOperation kKind, typename Word>
Operation const* string(Operation const* op, X86State* state, Interpreter* cpu)
{
    StringContext const context{op, state, cpu};
    constexpr u8 kAnyRepeat = operation_flag::kRepeat | operation_flag::kRepeatNotEqual;
    if ((op->flags & kAnyRepeat) != 0) return repeat<kKind, Word>(context);
    if (!iterate<kKind, Word>(context)) return cpu->fault(op);
    return op + 1;
}

template <StringOperation kKind>
Handler string_sized(unsigned size)
{
    switch (size) {
    case 1: return &string<kKind, u8>;
    case 2: return &string<kKind, u16>;
    case 4: return &string<kKind, u32>;
    case 8: return &string<kKind, u64>;
    default: return nullptr;
    }
}

}  // namespace

Handler string_handler(StringOperation kind, unsigned size)
{
    switch (kind) {
    case StringOperation::Movs: return string_sized<StringOperation::Movs>(size);
    case StringOperation::Stos: return string_sized<StringOperation::Stos>(size);
    case StringOperation::Lods: return string_sized<StringOperation::Lods>(size);
    case StringOperation::Scas: return string_sized<StringOperation::Scas>(size);
    case StringOperation::Cmps: return string_sized<StringOperation::Cmps>(size);
    }
    return nullptr;
}

}  // namespace drydock::hwmodel
