#pragma once

// The choice of handlers: each function maps one group of instructions to the handler for an
// operand form and size. Null if that combination does not exist.

#include "hwmodel/operation.h"

namespace drydock::hwmodel {

// Where the operands are: r register, m memory, i immediate; target first.
enum class Form : u8 { RegReg, RegImm, RegMem, MemReg, MemImm };

enum class Binary : u8 { Mov, Add, Or, Adc, Sbb, And, Sub, Xor, Cmp, Test, Xchg, Xadd, Cmpxchg };
enum class Unary : u8 { Not, Neg, Inc, Dec };
enum class Shift : u8 { Rol, Ror, Rcl, Rcr, Shl, Shr, Sar };
enum class BitOperation : u8 { Test, Set, Reset, Complement };
enum class Scan : u8 { Forward, Reverse, Popcnt };
enum class StringOperation : u8 { Movs, Stos, Lods, Scas, Cmps };

// Operations on whole SSE registers that have handlers of their own.
enum class Vector : u8 {
    Move,
    Xor,
    Or,
    And,
    AndNot,
    EqualBytes,
    EqualDwords,
    GreaterBytes,
    MinimumBytes,
    MaximumBytes,
    AddBytes,
    AddDwords,
    AddQwords,
    SubtractBytes,
    SubtractSaturating,
    InterleaveBytes,
    InterleaveWords,
    InterleaveDwords,
    InterleaveQwords,
};

// Sizes are in bytes.
Handler binary_handler(Binary kind, Form form, unsigned size);
Handler exchange_handler(Binary kind, Form form, unsigned size);  // Xchg, Xadd, Cmpxchg.
Handler unary_handler(Unary kind, bool is_memory, unsigned size);
// A comparison whose next operation is the conditional jump that it also does; may be null.
Handler compare_jump_handler(Binary kind, Form form, unsigned size, unsigned condition);

Handler extend_handler(bool is_signed, bool is_memory, unsigned target_size, unsigned source_size);
Handler lea_handler(unsigned size);
// Computes a rare effective address (in `immediate` terms) into the scratch slot.
Handler rare_address_handler();
Handler push_register_handler(unsigned size);
Handler push_immediate_handler(unsigned size);
Handler push_memory_handler(unsigned size);
Handler pop_register_handler(unsigned size);
Handler pop_memory_handler(unsigned size);
Handler leave_handler(unsigned size);
Handler enter_handler(unsigned size);
Handler bswap_handler(unsigned size);
Handler widen_accumulator_handler(unsigned size);  // CBW CWDE CDQE
Handler widen_to_pair_handler(unsigned size);      // CWD CDQ CQO
Handler cmov_handler(unsigned condition, bool is_memory, unsigned size);
Handler setcc_handler(unsigned condition, bool is_memory);
Handler xlat_handler();
Handler pushf_handler(unsigned size);
Handler popf_handler(unsigned size);

// Shift count in the immediate, or in CL.
Handler shift_handler(Shift kind, bool is_memory, bool by_register, unsigned size);
Handler double_shift_handler(bool is_left, bool is_memory, bool by_register, unsigned size);

Handler multiply_handler(bool is_signed, bool is_memory, unsigned size);
Handler divide_handler(bool is_signed, bool is_memory, unsigned size);
// target = source * (the immediate, or the old target).
Handler imul_handler(bool by_immediate, bool is_memory, unsigned size);

Handler bit_handler(BitOperation kind, bool is_memory, bool by_register, unsigned size);
Handler scan_handler(Scan kind, bool is_memory, unsigned size);
Handler cmpxchg_pair_handler(unsigned size);  // CMPXCHG8B, CMPXCHG16B

Handler jump_handler();
Handler jump_condition_handler(unsigned condition);
Handler jump_register_handler();
Handler jump_memory_handler();
Handler call_handler();
Handler call_register_handler();
Handler call_memory_handler();
Handler return_handler();
// JRCXZ and LOOP: extra = 0 jrcxz, 1 loop, 2 loope, 3 loopne.
Handler loop_handler();
Handler block_end_handler();
Handler resync_handler();

// Segment registers. `spare` is a SegmentRegister, `extra` the operand's or slot's size.
enum class SegmentRegister : u8 { Es, Cs, Ss, Ds, Fs, Gs };
Handler segment_load_handler(bool is_memory);   // MOV
Handler segment_store_handler(bool is_memory);  // MOV
Handler segment_push_handler();
Handler segment_pop_handler();
Handler segment_pointer_handler();  // LSS LFS LGS
enum class SegmentQuery : u8 { Rights, Limit, Readable, Writable };
Handler segment_query_handler(SegmentQuery kind, bool is_memory);  // LAR LSL VERR VERW
Handler far_jump_handler();
Handler far_call_handler();
Handler far_return_handler();  // `displacement` bytes are dropped.
Handler interrupt_return_handler();
// SGDT SIDT SLDT STR SMSW.
enum class SystemTable : u8 { Global, Interrupt, Local, Task, MachineStatus };
Handler table_store_handler(SystemTable kind, bool is_memory);

Handler string_handler(StringOperation kind, unsigned size);

// `extra` of a flag operation says which.
enum class FlagOperation : u8 { Clc, Stc, Cmc, Cld, Std, Lahf, Sahf };
Handler flag_handler();
Handler nop_handler();
Handler cpuid_handler();
Handler rdtsc_handler();
Handler touch_handler();  // Reads one byte, to fault where CLFLUSH does.
Handler syscall_handler();
// Raises vector `extra` with error code `immediate`; `source` = 1 if the instruction has retired.
Handler raise_handler();
Handler extension_handler();

// Their registers are numbers, not slots.
Handler vector_handler(Vector kind, bool is_memory, bool is_aligned);
Handler vector_store_handler(bool is_aligned);
Handler vector_mask_handler();
Handler vector_from_general_handler(unsigned size);
Handler vector_to_general_handler(unsigned size);
Handler vector_load_low_handler();
Handler vector_load_half_handler();  // `extra` is the half.
Handler vector_store_half_handler();
Handler vector_shuffle_handler();

}  // namespace drydock::hwmodel
