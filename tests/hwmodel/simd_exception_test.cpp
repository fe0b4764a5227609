// What an instruction leaves behind when it does not complete: faults of memory, misaligned
// operands, unmasked floating-point exceptions.

#include "tests/hwmodel/simd_oracle.h"

#include <csignal>
#include <cstdio>
#include <gtest/gtest.h>
#include <ucontext.h>

namespace drydock::hwmodel {
namespace {

// Where the handler of SIGFPE leaves what it saw; signals have no other channel.
struct Caught {
    u32 mxcsr = 0;
    u8 instruction_length = 0;
};
Caught caught;

// Skips the instruction, with everything masked so that the state can be saved.
void skip_instruction(int, siginfo_t*, void* context)
{
    auto* const user = static_cast<ucontext_t*>(context);
    caught.mxcsr = user->uc_mcontext.fpregs->mxcsr;
    user->uc_mcontext.fpregs->mxcsr = caught.mxcsr | 0x1f80;
    user->uc_mcontext.gregs[REG_RIP] += caught.instruction_length;
}

bool computes_with_mxcsr(ZydisMnemonic mnemonic)
{
    switch (static_cast<unsigned>(mnemonic)) {
    case ZYDIS_MNEMONIC_LDMXCSR:
    case ZYDIS_MNEMONIC_STMXCSR:
    case ZYDIS_MNEMONIC_FXSAVE:
    case ZYDIS_MNEMONIC_FXSAVE64:
    case ZYDIS_MNEMONIC_FXRSTOR:
    case ZYDIS_MNEMONIC_FXRSTOR64:
    case ZYDIS_MNEMONIC_RCPPS:
    case ZYDIS_MNEMONIC_RCPSS:
    case ZYDIS_MNEMONIC_RSQRTPS:
    case ZYDIS_MNEMONIC_RSQRTSS: return false;
    default: return true;
    }
}

}  // namespace

TEST(simd, unmasked_exceptions_agree_with_the_host)
{
    struct sigaction action = {};
    struct sigaction previous = {};
    action.sa_sigaction = skip_instruction;
    action.sa_flags = SA_SIGINFO;
    ASSERT_EQ(sigaction(SIGFPE, &action, &previous), 0);
    Random random(5);
    NativeCode native_code;
    usize raised = 0;
    int failures = 0;
    for (std::vector<u8> const& bytes : all_encodings()) {
        Decoded decoded;
        ASSERT_TRUE(decode(bytes, decoded));
        ZydisISASet const set = decoded.instruction.meta.isa_set;
        bool const is_x87 = bytes[0] >= 0xd8 && bytes[0] <= 0xdf;
        if (is_x87 || set == ZYDIS_ISA_SET_X87 || bytes[0] == 0x9b) continue;
        if (!computes_with_mxcsr(decoded.instruction.mnemonic)) continue;
        native_code.set_instruction(bytes);
        for (int round = 0; round < 20; ++round) {
            OracleCase native;
            randomize(random, native);
            native.state.fx.mxcsr = static_cast<u32>(random.next()) & 0xffc0;
            u64 const base = reinterpret_cast<u64>(native.memory.data());
            native.state.reg(Gpr::Rsi) = base + kOperandOffset;
            native.state.reg(Gpr::Rdi) = base + kOperandOffset;
            OracleCase model = native;
            OracleCase const before = native;
            FakeMemory memory(model, base);
            ExtensionResult const result = decoded.extension.handler(
                model.state, memory, decoded.extension, base + kOperandOffset);
            caught = {0, static_cast<u8>(bytes.size())};
            native_code.run(native);
            bool const is_raised = caught.mxcsr != 0;
            if (is_raised) native.state.fx.mxcsr = caught.mxcsr;
            // Beside an unmasked overflow or underflow the model always claims inexactness.
            constexpr u32 kRange = 0x18;
            constexpr u32 kPrecision = 0x20;
            u32 const unmasked = ~(before.state.fx.mxcsr >> 7);
            if (is_raised && (caught.mxcsr & unmasked & kRange) != 0)
                native.state.fx.mxcsr |= model.state.fx.mxcsr & kPrecision;
            std::string message = difference(native, model);
            if (is_raised != (result == ExtensionResult::Simd)) message += " one of them only";
            raised += is_raised;
            if (message.empty()) continue;
            ADD_FAILURE() << decoded.text << " " << message << "\nbefore:\n" << describe(before);
            if (++failures > 20) break;
        }
        if (failures > 20) break;
    }
    sigaction(SIGFPE, &previous, nullptr);
    EXPECT_GT(raised, 1000u);
}

TEST(simd, failing_memory_leaves_the_state_unchanged)
{
    Random random(6);
    usize faults = 0;
    for (std::vector<u8> const& bytes : all_encodings()) {
        Decoded decoded;
        ASSERT_TRUE(decode(bytes, decoded));
        if (decoded.extension.memory_size == 0) continue;
        for (int round = 0; round < 4; ++round) {
            OracleCase model;
            randomize(random, model);
            model.state.fx.fcw |= 0x3f;
            OracleCase const before = model;
            FakeMemory memory(model, 0x1000);
            memory.loads_fail = true;
            memory.stores_fail = true;
            ExtensionResult const result =
                decoded.extension.handler(model.state, memory, decoded.extension, 0x1000);
            EXPECT_EQ(result, ExtensionResult::Fault) << decoded.text;
            EXPECT_EQ(difference(before, model), "") << decoded.text;
            ++faults;
        }
    }
    EXPECT_GT(faults, 1000u);
}

TEST(simd, misaligned_operands_fault_before_memory_is_touched)
{
    struct Row {
        std::vector<u8> bytes;
        bool faults;
    };
    Row const rows[] = {
        {{0x0f, 0x28, 0x06}, true},         // movaps xmm0, [rsi]
        {{0x0f, 0x10, 0x06}, false},        // movups
        {{0x66, 0x0f, 0x7f, 0x06}, true},   // movdqa [rsi], xmm0
        {{0xf3, 0x0f, 0x7f, 0x06}, false},  // movdqu [rsi], xmm0
        {{0x66, 0x0f, 0xef, 0x06}, true},   // pxor
        {{0x0f, 0xef, 0x06}, false},        // pxor mm0
        {{0x0f, 0x58, 0x06}, true},         // addps
        {{0xf2, 0x0f, 0x58, 0x06}, false},  // addsd
        {{0x66, 0x0f, 0xe7, 0x06}, true},   // movntdq
        {{0x0f, 0xae, 0x06}, true},         // fxsave
        {{0x0f, 0xae, 0x0e}, true},         // fxrstor
        {{0xf2, 0x0f, 0xf0, 0x06}, false},  // lddqu
    };
    for (Row const& row : rows) {
        Decoded decoded;
        std::vector<u8> bytes = row.bytes;
        bytes.resize(16);
        ASSERT_TRUE(decode(bytes, decoded));
        OracleCase model;
        FakeMemory memory(model, 0x1000);
        memory.loads_fail = row.faults;
        memory.stores_fail = row.faults;
        ExtensionResult const result =
            decoded.extension.handler(model.state, memory, decoded.extension, 0x1008);
        EXPECT_EQ(result, row.faults ? ExtensionResult::GeneralProtection : ExtensionResult::Done)
            << decoded.text;
    }
}

// Intel SDM vol. 2, LDMXCSR, FXRSTOR: a reserved bit is a general protection fault.
TEST(simd, reserved_bits_of_mxcsr_are_refused)
{
    u8 const encodings[][16] = {{0x0f, 0xae, 0x16}, {0x0f, 0xae, 0x0e}};
    usize const offsets[] = {0, 24};
    for (usize i = 0; i < 2; ++i) {
        Decoded decoded;
        ASSERT_TRUE(decode(encodings[i], decoded));
        for (unsigned bit = 0; bit < 32; ++bit) {
            OracleCase model;
            u32 const value = u32{1} << bit;
            std::memcpy(&model.memory[offsets[i]], &value, sizeof value);
            FakeMemory memory(model, 0x1000);
            ExtensionResult const result =
                decoded.extension.handler(model.state, memory, decoded.extension, 0x1000);
            EXPECT_EQ(result,
                      bit < 16 ? ExtensionResult::Done : ExtensionResult::GeneralProtection);
            EXPECT_EQ(model.state.fx.mxcsr, bit < 16 ? value : 0x1f80u);
        }
    }
}

// A pending x87 exception stops waiting instructions and MMX, and nothing else.
TEST(x87, pending_exceptions_stop_waiting_instructions_only)
{
    struct Row {
        std::vector<u8> bytes;
        bool waits;
    };
    Row const rows[] = {
        {{0xd9, 0xe8}, true},         // fld1
        {{0x9b}, true},               // fwait
        {{0xd9, 0x2e}, true},         // fldcw
        {{0xd9, 0xfe}, true},         // fsin
        {{0xd9, 0xf8}, true},         // fprem
        {{0x0f, 0x77}, true},         // emms
        {{0x0f, 0xef, 0xc1}, true},   // pxor mm
        {{0xdf, 0xe0}, false},        // fnstsw ax
        {{0xd9, 0x3e}, false},        // fnstcw
        {{0xd9, 0x36}, false},        // fnstenv
        {{0xdb, 0xe2}, false},        // fnclex
        {{0xdb, 0xe3}, false},        // fninit
        {{0x0f, 0xae, 0x06}, false},  // fxsave
        {{0x66, 0x0f, 0xef, 0xc1}, false},
    };
    for (Row const& row : rows) {
        Decoded decoded;
        std::vector<u8> bytes = row.bytes;
        bytes.resize(16);
        ASSERT_TRUE(decode(bytes, decoded));
        OracleCase model;
        model.state.fx.fcw = 0x037e;
        model.state.fx.fsw = 0x8081;
        FakeMemory memory(model, 0x1000);
        ExtensionResult const result =
            decoded.extension.handler(model.state, memory, decoded.extension, 0x1000);
        EXPECT_EQ(result, row.waits ? ExtensionResult::FloatingPoint : ExtensionResult::Done)
            << decoded.text;
    }
}

// Later extensions and the vector encodings are not announced.
TEST(simd, other_instructions_are_refused)
{
    u8 const encodings[][16] = {
        {0x66, 0x0f, 0x38, 0x00, 0xc1},        // pshufb
        {0x66, 0x0f, 0x38, 0x17, 0xc1},        // ptest
        {0x66, 0x0f, 0x3a, 0x0f, 0xc1, 0x04},  // palignr
        {0xc5, 0xf8, 0x58, 0xc1},              // vaddps
        {0xa5},                                // movsd, the string instruction
        {0x0f, 0xae, 0xf0},                    // mfence
        {0x0f, 0x18, 0x06},                    // prefetchnta
        {0x0f, 0x0e},                          // femms
        {0x01, 0xc0},                          // add
    };
    for (auto const& bytes : encodings) {
        Decoded decoded;
        EXPECT_FALSE(decode(bytes, decoded)) << decoded.text;
    }
}

}  // namespace drydock::hwmodel
