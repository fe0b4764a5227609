#pragma once

// What all handlers are written with: registers by byte offset, effective addresses, the inline TLB
// lookup, and how one operation hands over to the next.
//
// A handler that touches memory exists twice. The fast one uses the TLB's front and, on a miss,
// before it has changed anything, hands over to the slow one, which finds, walks, crosses pages or
// faults.

#include "hwmodel/interpreter.h"

#include <cstring>

// Handing over is a tail call where the compiler makes one, so that each handler has its own
// indirect jump for the host to predict. Elsewhere the handler returns the next operation to the
// loop in Interpreter::run; both orders of execution are the same.
#if defined(DRYDOCK_DISPATCH_LOOP) || defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
#    define DRYDOCK_CONTINUE(next) return (static_cast<void>(state), static_cast<void>(cpu), (next))
#elif defined(__clang__)
#    define DRYDOCK_CONTINUE(next)                                                          \
        do {                                                                                \
            Operation const* const next_operation = (next);                                 \
            [[clang::musttail]] return next_operation->handler(next_operation, state, cpu); \
        } while (false)
#else
#    define DRYDOCK_CONTINUE(next)                                      \
        do {                                                            \
            Operation const* const next_operation = (next);             \
            return next_operation->handler(next_operation, state, cpu); \
        } while (false)
#endif

#if defined(__clang__) && defined(__OPTIMIZE__)
#    define DRYDOCK_TAIL_CALL(handler, op) [[clang::musttail]] return handler((op), state, cpu)
#else
#    define DRYDOCK_TAIL_CALL(handler, op) return handler((op), state, cpu)
#endif

#if defined(__GNUC__) && !defined(__clang__)
// -Og has no tail calls, and without them the handlers would pile up on the stack.
#    pragma GCC optimize("O2")
#endif

namespace drydock::hwmodel {

template <typename Word>
inline Word load_bytes(void const* source)
{
    Word value;
    std::memcpy(&value, source, sizeof(value));
    return value;
}

template <typename Word>
inline void store_bytes(void* target, Word value)
{
    std::memcpy(target, &value, sizeof(value));
}

template <typename Word>
inline Word get(X86State const* state, u8 slot)
{
    return load_bytes<Word>(reinterpret_cast<std::byte const*>(state) + slot);
}

// A 32-bit result clears the upper half, narrower ones leave the rest of the register
// (Intel SDM vol. 1, 3.4.1.1).
template <typename Word>
inline void set(X86State* state, u8 slot, Word value)
{
    std::byte* const target = reinterpret_cast<std::byte*>(state) + slot;
    if constexpr (sizeof(Word) == 4) {
        store_bytes<u64>(target, value);
    } else {
        store_bytes<Word>(target, value);
    }
}

inline u64 effective_address(Operation const* op, X86State const* state)
{
    u64 const address = get<u64>(state, op->base) + static_cast<u64>(i64{op->displacement});
    // Most addresses have no index; the branch takes the product off their way to memory.
    if (op->factor == 0) [[likely]]
        return address;
    return address + get<u64>(state, op->index) * static_cast<u64>(i64{op->factor});
}

inline u64 next_rip(Operation const* op, X86State const* state)
{
    return state->rip + op->offset + op->length;
}

// The tag is compared with the page of the access's last byte, so that one comparison also catches
// a page crossing: the next page's tag is never in this page's slot.
template <usize kSize>
inline std::byte* front_lookup(FrontEntry const* front, u64 address)
{
    FrontEntry const& entry = front[(address >> kPageShift) & (kFrontEntries - 1)];
    if (entry.tag != ((address + (kSize - 1)) & ~u64{kPageMask})) [[unlikely]]
        return nullptr;
    auto* const found = reinterpret_cast<std::byte*>(address + entry.addend);
    if (found == nullptr) __builtin_unreachable();  // Saves the caller's test.
    return found;
}

template <bool kSlow, usize kSize>
inline std::byte const* reading(Interpreter* cpu, Operation const* op, u64 address)
{
    if constexpr (kSlow) return cpu->begin_read(*op, address, kSize);
    return front_lookup<kSize>(cpu->read_front, address);
}

template <bool kSlow, usize kSize>
inline std::byte* writing(Interpreter* cpu, Operation const* op, u64 address)
{
    if constexpr (kSlow) return cpu->begin_write(*op, address, kSize);
    return front_lookup<kSize>(cpu->write_front, address);
}

template <bool kSlow>
inline void written(Interpreter* cpu, Operation const* op)
{
    if constexpr (kSlow) cpu->finish_write(*op);
}

// The access was not to be had: the fast handler hands over to the slow one, the slow one faults.
template <bool kSlow>
inline Operation const* missed(Handler slow, Operation const* op, X86State* state, Interpreter* cpu)
{
    if constexpr (kSlow) return cpu->fault(op);
    // Hides which handler it is: in line its registers would be saved on the fast path as well.
    asm("" : "+r"(slow));
    return slow(op, state, cpu);
}

// The first operation of the block at `target` if the link leads there, else null.
inline Operation const* follow(Interpreter* cpu, X86State* state, Link const* link, u64 target)
{
    if (link->rip != target || link->stamp != cpu->stamp) [[unlikely]]
        return nullptr;
    Block* const next = link->block;
    if (cpu->remaining < next->count) [[unlikely]]
        return nullptr;
    cpu->remaining -= next->count;
    cpu->block = next;
    state->rip = target;
    Operation const* const first = next->first;
    if (first == nullptr) __builtin_unreachable();
    return first;
}

inline Link* jump_entry(Interpreter* cpu, u64 target)
{
    return &cpu->jumps[(target ^ (target >> 11)) & (kJumpEntries - 1)];
}

inline Link* block_link(Operation const* op, unsigned index)
{
    return &reinterpret_cast<Block*>(op->immediate)->links[index];
}

// Goes on at state->rip by looking its block up. `op` may be gone.
Operation const* enter_block(Operation const* op, X86State* state, Interpreter* cpu);

// Tail of a handler that ends its block. The way through the lookup is a handover as well, so that
// the handler itself needs no frame.
#define DRYDOCK_FOLLOW(link, target)                                                          \
    do {                                                                                      \
        Link* const followed_link = (link);                                                   \
        u64 const followed_target = (target);                                                 \
        Operation const* const followed = follow(cpu, state, followed_link, followed_target); \
        if (followed == nullptr) [[unlikely]] {                                               \
            state->rip = followed_target;                                                     \
            cpu->link_to_fill = followed_link;                                                \
            DRYDOCK_TAIL_CALL(enter_block, op);                                               \
        }                                                                                     \
        DRYDOCK_CONTINUE(followed);                                                           \
    } while (false)

}  // namespace drydock::hwmodel
