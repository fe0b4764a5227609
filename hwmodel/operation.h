#pragma once

// Decoded code: one fixed-size operation per instruction, in basic blocks. An operation names its
// registers by their byte offset in X86State, so that AH and an absent base need no special case.

#include "core/base/integers.h"
#include "core/base/x86_state.h"
#include "hwmodel/extension.h"

#include <emmintrin.h>
#include <memory>
#include <vector>

namespace drydock::hwmodel {

class Interpreter;
struct Operation;

// Executes one operation. Hands over to the next one directly, or returns it to the loop that
// called; null means that the run has stopped.
using Handler = Operation const* (*)(Operation const* op, X86State* state, Interpreter* cpu);

// The byte offsets of the registers that are no general register.
inline constexpr u8 kRipSlot = offsetof(X86State, rip);
// While code runs the flags live in the interpreter, and this slot holds rare addresses.
inline constexpr u8 kScratchSlot = offsetof(X86State, rflags);
inline constexpr u8 kFsBaseSlot = offsetof(X86State, fs_base);
inline constexpr u8 kGsBaseSlot = offsetof(X86State, gs_base);
inline constexpr u8 kNoSlot = 0xff;

namespace operation_flag {
inline constexpr u8 kLast = 1;          // Of its block.
inline constexpr u8 kStackSegment = 2;  // A non-canonical address is #SS, not #GP.
inline constexpr u8 kAddress32 = 4;     // 67h prefix.
inline constexpr u8 kRepeat = 8;
inline constexpr u8 kRepeatNotEqual = 16;
}  // namespace operation_flag

// The effective address is base + index * factor + displacement. An absent index has factor 0, an
// absent base repeats the index with a factor one smaller.
struct Operation {
    Handler handler = nullptr;
    u8 target = 0;
    u8 source = 0;
    u8 base = 0;
    u8 index = 0;
    i8 factor = 0;
    u8 flags = 0;
    u8 length = 0;   // Bytes of the instruction.
    u8 ordinal = 0;  // Instructions before it in the block.
    i32 displacement = 0;
    u16 offset = 0;  // Bytes before it in the block.
    u8 extra = 0;
    u8 spare = 0;
    u64 immediate = 0;  // Of a block's last operation: the Block.
};
static_assert(sizeof(Operation) == 32);

struct Block;

// A remembered answer of a block lookup. While the interpreter's stamp is the same it can be
// followed as it is; while only its map stamp is, once the block's bytes have been compared again.
struct Link {
    u64 rip = 0;
    u64 stamp = 0;
    Block* block = nullptr;
    u64 map_stamp = 0;
};

inline constexpr unsigned kMaxBlockInstructions = 64;

// The first bytes of a block, and where they are now. The comparison reads on behind a shorter
// block and masks what it finds.
struct BlockHead {
    static constexpr usize kSize = 32;
    std::byte const* memory = nullptr;  // Null if those bytes would not all be physical memory.
    alignas(16) u8 bytes[kSize] = {};
    alignas(16) u8 mask[kSize] = {};

    bool matches() const
    {
        auto const difference = [this](usize i) {
            auto const at = [](void const* address) {
                return _mm_loadu_si128(static_cast<__m128i const*>(address));
            };
            return _mm_and_si128(_mm_xor_si128(at(memory + i), at(bytes + i)), at(mask + i));
        };
        __m128i const all = _mm_or_si128(difference(0), difference(16));
        return _mm_movemask_epi8(_mm_cmpeq_epi8(all, _mm_setzero_si128())) == 0xffff;
    }
};

struct Block {
    u64 physical = 0;
    u64 epoch = 0;  // In which its bytes were last compared with memory.
    u32 count = 0;  // Instructions.
    u32 byte_count = 0;
    Operation* first = nullptr;
    Link links[2] = {};  // Taken, not taken.
    BlockHead head{};
    std::vector<Operation> operations;
    std::vector<u8> bytes;
    std::vector<std::unique_ptr<Extension>> extensions;

    // Whether the head tells of all its bytes.
    bool has_whole_head() const { return byte_count <= BlockHead::kSize && head.memory != nullptr; }
};

}  // namespace drydock::hwmodel
