// Segment registers, far branches, IRET, and the instructions that ask about descriptors: as far as
// ring 3 gets with the descriptors of segments.h. All addresses are flat but those of FS and GS.

#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"
#include "hwmodel/segments.h"

namespace drydock::hwmodel {

namespace {

constexpr u8 kRspSlot = 32;

u16 read_segment(X86State const* state, SegmentRegister name)
{
    switch (name) {
    case SegmentRegister::Es: return state->es;
    case SegmentRegister::Cs: return selector::kUserCode;
    case SegmentRegister::Ss: return selector::kUserData;
    case SegmentRegister::Ds: return state->ds;
    case SegmentRegister::Fs: return state->fs;
    case SegmentRegister::Gs: return state->gs;
    }
    return 0;
}

// The vector to raise, or 0. Intel SDM vol. 2, MOV, "Loading a segment register while in protected
// mode": in ring 3 SS wants writable data of privilege 3, the others null or what is readable.
bool may_load(SegmentRegister name, u16 value, u32& error_code)
{
    error_code = selector::is_null(value) ? 0 : selector::error_code(value);
    if (name != SegmentRegister::Ss && selector::is_null(value)) return true;
    SegmentDescriptor const descriptor = descriptor_of(value);
    if (name != SegmentRegister::Ss) return descriptor.is_user;
    return descriptor.is_user && descriptor.is_writable &&
           (value & selector::kPrivilegeMask) == selector::kPrivilegeMask;
}

// The bases of all descriptors are 0; loading a null selector leaves a base as it is on AMD (AMD
// manual vol. 2, 4.5.3), whose name the modelled CPU has.
void load_segment(X86State* state, SegmentRegister name, u16 value)
{
    bool const has_base = !selector::is_null(value);
    switch (name) {
    case SegmentRegister::Es: state->es = value; break;
    case SegmentRegister::Ds: state->ds = value; break;
    case SegmentRegister::Fs:
        state->fs = value;
        if (has_base) state->fs_base = 0;
        break;
    case SegmentRegister::Gs:
        state->gs = value;
        if (has_base) state->gs_base = 0;
        break;
    case SegmentRegister::Cs:
    case SegmentRegister::Ss: break;
    }
}

Operation const* load_or_raise(Operation const* op, X86State* state, Interpreter* cpu, u16 value)
{
    auto const name = static_cast<SegmentRegister>(op->spare);
    u32 error_code = 0;
    if (!may_load(name, value, error_code))
        return cpu->raise(op, vector::kGeneralProtection, error_code);
    load_segment(state, name, value);
    return op + 1;
}

template <bool kMemory>
Operation const* segment_load(Operation const* op, X86State* state, Interpreter* cpu)
{
    if constexpr (!kMemory) return load_or_raise(op, state, cpu, get<u16>(state, op->source));
    std::byte const* const bytes = cpu->begin_read(*op, effective_address(op, state), 2);
    if (bytes == nullptr) return cpu->fault(op);
    return load_or_raise(op, state, cpu, load_bytes<u16>(bytes));
}

// Stores the low `size` bytes.
bool store_sized(Operation const* op, Interpreter* cpu, u64 address, u64 value, usize size)
{
    std::byte* const bytes = cpu->begin_write(*op, address, size);
    if (bytes == nullptr) return false;
    std::memcpy(bytes, &value, size);
    cpu->finish_write(*op);
    return true;
}

bool load_sized(Operation const* op, Interpreter* cpu, u64 address, u64& value, usize size)
{
    std::byte const* const bytes = cpu->begin_read(*op, address, size);
    if (bytes == nullptr) return false;
    value = 0;
    std::memcpy(&value, bytes, size);
    return true;
}

void set_sized(Operation const* op, X86State* state, u64 value)
{
    if (op->extra == 2) {
        set<u16>(state, op->target, static_cast<u16>(value));
    } else if (op->extra == 4) {
        set<u32>(state, op->target, static_cast<u32>(value));
    } else {
        set<u64>(state, op->target, value);
    }
}

template <bool kMemory>
Operation const* segment_store(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const value = read_segment(state, static_cast<SegmentRegister>(op->spare));
    if constexpr (kMemory) {
        if (!store_sized(op, cpu, effective_address(op, state), value, 2)) return cpu->fault(op);
    } else {
        set_sized(op, state, value);
    }
    return op + 1;
}

Operation const* segment_push(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const value = read_segment(state, static_cast<SegmentRegister>(op->spare));
    u64 const rsp = get<u64>(state, kRspSlot) - op->extra;
    if (!store_sized(op, cpu, rsp, value, op->extra)) return cpu->fault(op);
    set<u64>(state, kRspSlot, rsp);
    return op + 1;
}

Operation const* segment_pop(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const rsp = get<u64>(state, kRspSlot);
    u64 value = 0;
    if (!load_sized(op, cpu, rsp, value, op->extra)) return cpu->fault(op);
    Operation const* const next = load_or_raise(op, state, cpu, static_cast<u16>(value));
    if (next != nullptr) set<u64>(state, kRspSlot, rsp + op->extra);
    return next;
}

// An offset of `extra` bytes, the selector behind it.
Operation const* segment_pointer(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    u64 offset = 0;
    u64 value = 0;
    if (!load_sized(op, cpu, address, offset, op->extra)) return cpu->fault(op);
    if (!load_sized(op, cpu, address + op->extra, value, 2)) return cpu->fault(op);
    Operation const* const next = load_or_raise(op, state, cpu, static_cast<u16>(value));
    if (next != nullptr) set_sized(op, state, offset);
    return next;
}

bool answers(SegmentQuery kind, u16 value, u32& answer)
{
    if (selector::is_null(value)) return false;
    SegmentDescriptor const descriptor = descriptor_of(value);
    if (!descriptor.is_user) return false;
    switch (kind) {
    case SegmentQuery::Rights: answer = descriptor.rights; return true;
    case SegmentQuery::Limit: answer = descriptor.limit; return true;
    case SegmentQuery::Readable: return true;
    case SegmentQuery::Writable: return descriptor.is_writable;
    }
    return false;
}

// ZF tells whether the descriptor is to be seen; if not, the target stays.
template <SegmentQuery kKind, bool kMemory>
Operation const* segment_query(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 value = 0;
    if constexpr (kMemory) {
        if (!load_sized(op, cpu, effective_address(op, state), value, 2)) return cpu->fault(op);
    } else {
        value = get<u16>(state, op->source);
    }
    u32 answer = 0;
    bool const is_seen = answers(kKind, static_cast<u16>(value), answer);
    constexpr bool kHasTarget = kKind == SegmentQuery::Rights || kKind == SegmentQuery::Limit;
    if (kHasTarget && is_seen) set_sized(op, state, answer);
    u64 const rest = cpu->flags.pack() & ~rflags::kZero;
    cpu->flags.unpack(rest | (is_seen ? rflags::kZero : 0));
    return op + 1;
}

// --- far branches --------------------------------------------------------------------------------

// Intel SDM vol. 2, JMP, CALL and RET: within one ring, to a code segment of its privilege. A
// return wants the privilege in the selector too. No descriptor that user code sees is a gate.
bool may_branch(u16 value, bool is_return, u32& error_code)
{
    error_code = selector::is_null(value) ? 0 : selector::error_code(value);
    if (selector::is_null(value)) return false;
    SegmentDescriptor const descriptor = descriptor_of(value);
    if (!descriptor.is_user || !descriptor.is_code) return false;
    return !is_return || (value & selector::kPrivilegeMask) == selector::kPrivilegeMask;
}

// Null where the branch may go on to `target`; else what the handler returns is in `stopped`.
bool check_branch(Operation const* op, Interpreter* cpu, u16 value, u64 target, bool is_return)
{
    u32 error_code = 0;
    if (!may_branch(value, is_return, error_code)) {
        (void)cpu->raise(op, vector::kGeneralProtection, error_code);
        return false;
    }
    if (is_canonical(target)) return true;
    (void)cpu->raise(op, vector::kGeneralProtection);
    return false;
}

struct FarPointer {
    u64 offset = 0;
    u64 segment = 0;
};

bool load_far_pointer(Operation const* op, X86State* state, Interpreter* cpu, FarPointer& pointer)
{
    u64 const address = effective_address(op, state);
    return load_sized(op, cpu, address, pointer.offset, op->extra) &&
           load_sized(op, cpu, address + op->extra, pointer.segment, 2);
}

Operation const* far_jump(Operation const* op, X86State* state, Interpreter* cpu)
{
    FarPointer pointer;
    if (!load_far_pointer(op, state, cpu, pointer)) return cpu->fault(op);
    auto const segment = static_cast<u16>(pointer.segment);
    if (!check_branch(op, cpu, segment, pointer.offset, false)) return nullptr;
    return cpu->enter(pointer.offset, nullptr);
}

Operation const* far_call(Operation const* op, X86State* state, Interpreter* cpu)
{
    FarPointer pointer;
    if (!load_far_pointer(op, state, cpu, pointer)) return cpu->fault(op);
    auto const segment = static_cast<u16>(pointer.segment);
    if (!check_branch(op, cpu, segment, pointer.offset, false)) return nullptr;
    u64 const size = op->extra;
    u64 const rsp = get<u64>(state, kRspSlot) - 2 * size;
    // Both slots before either changes.
    if (cpu->begin_write(*op, rsp, size) == nullptr) return cpu->fault(op);
    if (!store_sized(op, cpu, rsp + size, selector::kUserCode, size)) return cpu->fault(op);
    if (!store_sized(op, cpu, rsp, next_rip(op, state), size)) return cpu->fault(op);
    set<u64>(state, kRspSlot, rsp);
    return cpu->enter(pointer.offset, nullptr);
}

Operation const* far_return(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const size = op->extra;
    u64 const rsp = get<u64>(state, kRspSlot);
    u64 target = 0;
    u64 segment = 0;
    if (!load_sized(op, cpu, rsp, target, size)) return cpu->fault(op);
    if (!load_sized(op, cpu, rsp + size, segment, size)) return cpu->fault(op);
    if (!check_branch(op, cpu, static_cast<u16>(segment), target, true)) return nullptr;
    set<u64>(state, kRspSlot, rsp + 2 * size + static_cast<u64>(i64{op->displacement}));
    return cpu->enter(target, nullptr);
}

// Intel SDM vol. 2, IRET: in 64-bit mode RIP, CS, RFLAGS, RSP and SS are popped whatever the rings.
// CPL 3 changes neither IF nor IOPL; RF is as good as clear, for there are no breakpoints.
Operation const* interrupt_return(Operation const* op, X86State* state, Interpreter* cpu)
{
    constexpr u64 kNestedTask = u64{1} << 14;
    if ((cpu->packed_flags() & kNestedTask) != 0) return cpu->raise(op, vector::kGeneralProtection);
    u64 const size = op->extra;
    u64 const rsp = get<u64>(state, kRspSlot);
    u64 frame[5] = {};
    for (u64 i = 0; i < 5; ++i) {
        if (!load_sized(op, cpu, rsp + i * size, frame[i], size)) return cpu->fault(op);
    }
    u64 const target = frame[0];
    if (!check_branch(op, cpu, static_cast<u16>(frame[1]), target, true)) return nullptr;
    u32 error_code = 0;
    if (!may_load(SegmentRegister::Ss, static_cast<u16>(frame[4]), error_code))
        return cpu->raise(op, vector::kGeneralProtection, error_code);
    u64 const writable = rflags::kUserWritable & (size == 2 ? 0xffff : ~u64{0});
    cpu->set_packed_flags((cpu->packed_flags() & ~writable) | (frame[2] & writable));
    set<u64>(state, kRspSlot, frame[3]);
    return cpu->enter(target, nullptr);
}

// --- tables --------------------------------------------------------------------------------------

// The CPU has no UMIP. What is told of the kernel's tables is what Linux lets a CPU with UMIP tell
// (arch/x86/kernel/umip.c), and nothing of any kernel.
template <SystemTable kKind, bool kMemory>
Operation const* table_store(Operation const* op, X86State* state, Interpreter* cpu)
{
    constexpr u64 kControlRegister0 = 0x80050033;
    if constexpr (kKind == SystemTable::Global || kKind == SystemTable::Interrupt) {
        u64 const base =
            kKind == SystemTable::Global ? 0xffff'ffff'fffe'0000 : 0xffff'ffff'ffff'0000;
        u64 const address = effective_address(op, state);
        if (cpu->begin_write(*op, address, 2) == nullptr) return cpu->fault(op);
        if (!store_sized(op, cpu, address + 2, base, 8)) return cpu->fault(op);
        (void)store_sized(op, cpu, address, 0, 2);
        return op + 1;
    }
    u64 const value = kKind == SystemTable::Local  ? 0
                      : kKind == SystemTable::Task ? u64{selector::kTaskState}
                                                   : kControlRegister0;
    if constexpr (kMemory) {
        if (!store_sized(op, cpu, effective_address(op, state), value, 2)) return cpu->fault(op);
    } else {
        set_sized(op, state, value);
    }
    return op + 1;
}

template <bool kMemory>
Handler query_handler(SegmentQuery kind)
{
    switch (kind) {
    case SegmentQuery::Rights: return &segment_query<SegmentQuery::Rights, kMemory>;
    case SegmentQuery::Limit: return &segment_query<SegmentQuery::Limit, kMemory>;
    case SegmentQuery::Readable: return &segment_query<SegmentQuery::Readable, kMemory>;
    case SegmentQuery::Writable: return &segment_query<SegmentQuery::Writable, kMemory>;
    }
    return nullptr;
}

template <bool kMemory>
Handler store_handler(SystemTable kind)
{
    switch (kind) {
    case SystemTable::Global: return &table_store<SystemTable::Global, kMemory>;
    case SystemTable::Interrupt: return &table_store<SystemTable::Interrupt, kMemory>;
    case SystemTable::Local: return &table_store<SystemTable::Local, kMemory>;
    case SystemTable::Task: return &table_store<SystemTable::Task, kMemory>;
    case SystemTable::MachineStatus: return &table_store<SystemTable::MachineStatus, kMemory>;
    }
    return nullptr;
}

}  // namespace

Handler segment_load_handler(bool is_memory)
{
    return is_memory ? &segment_load<true> : &segment_load<false>;
}
Handler segment_store_handler(bool is_memory)
{
    return is_memory ? &segment_store<true> : &segment_store<false>;
}
Handler segment_push_handler() { return &segment_push; }
Handler segment_pop_handler() { return &segment_pop; }
Handler segment_pointer_handler() { return &segment_pointer; }
Handler segment_query_handler(SegmentQuery kind, bool is_memory)
{
    return is_memory ? query_handler<true>(kind) : query_handler<false>(kind);
}
Handler far_jump_handler() { return &far_jump; }
Handler far_call_handler() { return &far_call; }
Handler far_return_handler() { return &far_return; }
Handler interrupt_return_handler() { return &interrupt_return; }
Handler table_store_handler(SystemTable kind, bool is_memory)
{
    return is_memory ? store_handler<true>(kind) : store_handler<false>(kind);
}

}  // namespace drydock::hwmodel
