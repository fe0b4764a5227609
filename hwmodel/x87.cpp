#include "hwmodel/x87.h"

#include "hwmodel/mmx.h"
#include "hwmodel/x87_native.h"
#include "hwmodel/x87_software.h"

#include <cstring>

namespace drydock::hwmodel {
namespace {

// Extension::variant: the code of x87_code, and for the environment instructions this bit.
constexpr u16 kShortFormat = 1u << 15;
constexpr u16 kCodeMask = 0x7ff;

constexpr usize kShortEnvironmentBytes = 14;
constexpr usize kShortSaveBytes = 94;
constexpr usize kSaveBytes = 108;

bool exception_is_pending(FxState const& fx) { return (fx.fsw & kFswErrorSummary) != 0; }

// The condition codes that the manual leaves undefined stay as they were.
void keep_order_codes(FxState& fx, u16 old_fsw)
{
    fx.fsw = static_cast<u16>((fx.fsw & ~kFswOrder) | (old_fsw & kFswOrder));
}

void run_register(X86State& state, Extension const& operation)
{
    run_x87_register(state.fx, operation.variant, state.rflags);
}

// Register forms that define C0, C2 and C3: comparisons, FXAM, and the initialization.
ExtensionResult register_with_codes(X86State& state,
                                    UserMemoryPort&,
                                    Extension const& operation,
                                    u64)
{
    if (exception_is_pending(state.fx)) return ExtensionResult::FloatingPoint;
    run_register(state, operation);
    return ExtensionResult::Done;
}

ExtensionResult register_without_codes(X86State& state,
                                       UserMemoryPort&,
                                       Extension const& operation,
                                       u64)
{
    if (exception_is_pending(state.fx)) return ExtensionResult::FloatingPoint;
    u16 const old_fsw = state.fx.fsw;
    run_register(state, operation);
    keep_order_codes(state.fx, old_fsw);
    return ExtensionResult::Done;
}

// FCOMI and relatives give their answer in rflags; OF, SF and AF are cleared.
ExtensionResult register_to_flags(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (exception_is_pending(state.fx)) return ExtensionResult::FloatingPoint;
    u16 const old_fsw = state.fx.fsw;
    run_register(state, operation);
    keep_order_codes(state.fx, old_fsw);
    state.rflags &= ~(rflags::kOverflow | rflags::kSign | rflags::kAdjust);
    return ExtensionResult::Done;
}

// The registers keep their contents; the image names them from TOP, which becomes 0.
ExtensionResult initialize(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    rotate_x87_registers(state);
    state.fx.fcw = 0x037f;
    state.fx.fsw = 0;
    state.fx.ftw = 0;
    return ExtensionResult::Done;
}

// FNCLEX: the condition codes are undefined, and kept.
ExtensionResult clear_exceptions(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    constexpr u16 kCleared = kFswExceptions | kFswStackFault | kFswErrorSummary | kFswBusy;
    state.fx.fsw = static_cast<u16>(state.fx.fsw & ~kCleared);
    return ExtensionResult::Done;
}

// FNENI, FNDISI, FNSETPM: instructions of older units, which do nothing and wait for nothing.
ExtensionResult do_nothing(X86State&, UserMemoryPort&, Extension const&, u64)
{
    return ExtensionResult::Done;
}

ExtensionResult wait(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    return exception_is_pending(state.fx) ? ExtensionResult::FloatingPoint : ExtensionResult::Done;
}

ExtensionResult status_to_ax(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    u64& rax = state.reg(Gpr::Rax);
    rax = (rax & ~u64{0xffff}) | state.fx.fsw;
    return ExtensionResult::Done;
}

ExtensionResult store_status(X86State& state, UserMemoryPort& memory, Extension const&, u64 address)
{
    return memory.store(address, &state.fx.fsw, 2) ? ExtensionResult::Done : ExtensionResult::Fault;
}

ExtensionResult store_control(X86State& state,
                              UserMemoryPort& memory,
                              Extension const&,
                              u64 address)
{
    return memory.store(address, &state.fx.fcw, 2) ? ExtensionResult::Done : ExtensionResult::Fault;
}

// Loads and arithmetic with a memory operand.
template <bool kDefinesCodes>
ExtensionResult memory_source(X86State& state,
                              UserMemoryPort& memory,
                              Extension const& operation,
                              u64 address)
{
    if (exception_is_pending(state.fx)) return ExtensionResult::FloatingPoint;
    u8 buffer[16] = {};
    if (!memory.load(address, buffer, operation.memory_size)) return ExtensionResult::Fault;
    u16 const old_fsw = state.fx.fsw;
    run_x87_memory(state.fx, operation.variant, buffer, false);
    if (!kDefinesCodes) keep_order_codes(state.fx, old_fsw);
    return ExtensionResult::Done;
}

// FST, FIST, FBSTP. Intel SDM vol. 1, 8.5: an unmasked exception other than inexactness leaves the
// memory operand unchanged.
ExtensionResult memory_target(X86State& state,
                              UserMemoryPort& memory,
                              Extension const& operation,
                              u64 address)
{
    if (exception_is_pending(state.fx)) return ExtensionResult::FloatingPoint;
    u8 buffer[16] = {};
    FxState fx = state.fx;
    run_x87_memory(fx, operation.variant, buffer, false);
    keep_order_codes(fx, state.fx.fsw);
    bool const is_stored = (fx.fsw & ~fx.fcw & kFswExceptions & ~kFswPrecision) == 0;
    if (is_stored && !memory.store(address, buffer, operation.memory_size))
        return ExtensionResult::Fault;
    state.fx = fx;
    return ExtensionResult::Done;
}

// FLDENV, FRSTOR.
ExtensionResult load_environment(X86State& state,
                                 UserMemoryPort& memory,
                                 Extension const& operation,
                                 u64 address)
{
    if (exception_is_pending(state.fx)) return ExtensionResult::FloatingPoint;
    u8 buffer[kSaveBytes] = {};
    if (!memory.load(address, buffer, operation.memory_size)) return ExtensionResult::Fault;
    bool const is_short = (operation.variant & kShortFormat) != 0;
    run_x87_memory(state.fx, operation.variant & kCodeMask, buffer, is_short);
    return ExtensionResult::Done;
}

// FNSTENV, FNSAVE. The instruction and data pointers that the host's unit wrote are replaced:
// zeros, and ones in the reserved upper half of the last doubleword of the long format.
ExtensionResult store_environment(X86State& state,
                                  UserMemoryPort& memory,
                                  Extension const& operation,
                                  u64 address)
{
    u8 buffer[kSaveBytes] = {};
    FxState fx = state.fx;
    bool const is_short = (operation.variant & kShortFormat) != 0;
    run_x87_memory(fx, operation.variant & kCodeMask, buffer, is_short);
    if (is_short) {
        std::memset(buffer + 6, 0, 8);
    } else {
        std::memset(buffer + 12, 0, 14);
        std::memset(buffer + 26, 0xff, 2);
    }
    if (!memory.store(address, buffer, operation.memory_size)) return ExtensionResult::Fault;
    state.fx = fx;
    return ExtensionResult::Done;
}

ExtensionHandler memory_handler(u8 opcode, unsigned extension)
{
    switch (x87_code(opcode, static_cast<u8>(extension << 3))) {
    case x87_code(0xd9, 4 << 3):
    case x87_code(0xdd, 4 << 3): return load_environment;
    case x87_code(0xd9, 6 << 3):
    case x87_code(0xdd, 6 << 3): return store_environment;
    case x87_code(0xd9, 7 << 3): return store_control;
    case x87_code(0xdd, 7 << 3): return store_status;
    default: break;
    }
    // D8, DA, DC, DE hold arithmetic, of which 2 and 3 are comparisons.
    if ((opcode & 1) == 0) {
        bool const compares = extension == 2 || extension == 3;
        return compares ? memory_source<true> : memory_source<false>;
    }
    // D9, DB, DD, DF: loads, apart from 1 to 3 and the ten-byte stores.
    bool const is_store = (extension >= 1 && extension <= 3) ||
                          (opcode == 0xdb && extension == 7) || (opcode == 0xdf && extension >= 6);
    return is_store ? memory_target : memory_source<false>;
}

ExtensionHandler register_handler(u8 opcode, u8 modrm)
{
    switch (x87_code(opcode, modrm)) {
    case x87_code(0xd9, 0xe4):                              // FTST
    case x87_code(0xd9, 0xe5):                              // FXAM
    case x87_code(0xda, 0xe9):                              // FUCOMPP
    case x87_code(0xde, 0xd9): return register_with_codes;  // FCOMPP
    case x87_code(0xdb, 0xe0):
    case x87_code(0xdb, 0xe1):
    case x87_code(0xdb, 0xe4): return do_nothing;
    case x87_code(0xdb, 0xe2): return clear_exceptions;
    case x87_code(0xdb, 0xe3): return initialize;
    case x87_code(0xdf, 0xe0): return status_to_ax;
    default: break;
    }
    unsigned const row = (modrm >> 3) & 7;
    bool const is_comparison = ((opcode == 0xd8 || opcode == 0xdc) && (row == 2 || row == 3)) ||
                               (opcode == 0xdd && (row == 4 || row == 5)) ||
                               (opcode == 0xde && row == 2);
    if (is_comparison) return register_with_codes;
    if ((opcode == 0xdb || opcode == 0xdf) && (row == 5 || row == 6)) return register_to_flags;
    return register_without_codes;
}

}  // namespace

bool decode_x87(ZydisDecodedInstruction const& instruction, Extension& result)
{
    if (instruction.opcode_map != ZYDIS_OPCODE_MAP_DEFAULT) return false;
    u8 const opcode = instruction.opcode;
    if (opcode == 0x9b) {
        result.handler = wait;
        return true;
    }
    if (opcode < 0xd8 || opcode > 0xdf) return false;
    u8 const modrm = static_cast<u8>(instruction.raw.modrm.mod << 6 |
                                     instruction.raw.modrm.reg << 3 | instruction.raw.modrm.rm);
    if (instruction.raw.modrm.mod == 3) {
        result.variant = x87_code(opcode, modrm);
        result.handler = x87_software_handler(result.variant);
        if (result.handler == nullptr) result.handler = register_handler(opcode, modrm);
        return true;
    }
    result.variant = x87_code(opcode, static_cast<u8>(modrm & 0x38));
    if (result.memory_size == kShortEnvironmentBytes || result.memory_size == kShortSaveBytes)
        result.variant |= kShortFormat;
    result.handler = memory_handler(opcode, instruction.raw.modrm.reg);
    return true;
}

void x87_adopt(FxState& image)
{
    image.fcw = static_cast<u16>((image.fcw & 0x1f3f) | 0x40);
    constexpr u16 kSummary = kFswErrorSummary | kFswBusy;
    image.fsw = static_cast<u16>(image.fsw & ~kSummary);
    if ((image.fsw & ~image.fcw & kFswExceptions) != 0)
        image.fsw = static_cast<u16>(image.fsw | kSummary);
    image.reserved_0 = 0;
    image.fop = 0;
    image.fip = 0;
    image.fdp = 0;
    image.mxcsr_mask = 0xffff;
    for (auto& value : image.st) std::memset(value + 10, 0, 6);
    std::memset(image.reserved_1, 0, sizeof image.reserved_1);
}

}  // namespace drydock::hwmodel
