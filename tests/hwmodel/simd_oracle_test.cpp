// The oracle itself (simd_oracle.h) and the comparison of every instruction with the host.

#include "tests/hwmodel/simd_oracle.h"

#include <bit>
#include <cstdio>
#include <gtest/gtest.h>
#include <set>
#include <sys/mman.h>

// Loads a state (rdi), runs what stands in the slot, saves the state. Copied to a writable page.
asm(R"(
    .pushsection .rodata
simd_oracle_begin:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rdi, %r15
    fxrstor64 160(%r15)
    pushq 136(%r15)
    popfq
    mov 0(%r15), %rax
    mov 8(%r15), %rcx
    mov 16(%r15), %rdx
    mov 24(%r15), %rbx
    mov 40(%r15), %rbp
    mov 48(%r15), %rsi
    mov 56(%r15), %rdi
    mov 64(%r15), %r8
    mov 72(%r15), %r9
    mov 80(%r15), %r10
    mov 88(%r15), %r11
    mov 96(%r15), %r12
    mov 104(%r15), %r13
    mov 112(%r15), %r14
simd_oracle_slot:
    .skip 16, 0x90
    mov %rax, 0(%r15)
    mov %rcx, 8(%r15)
    mov %rdx, 16(%r15)
    mov %rbx, 24(%r15)
    mov %rbp, 40(%r15)
    mov %rsi, 48(%r15)
    mov %rdi, 56(%r15)
    mov %r8, 64(%r15)
    mov %r9, 72(%r15)
    mov %r10, 80(%r15)
    mov %r11, 88(%r15)
    mov %r12, 96(%r15)
    mov %r13, 104(%r15)
    mov %r14, 112(%r15)
    pushfq
    popq 136(%r15)
    fxsave64 160(%r15)
    fninit
    pushq $0x1f80
    ldmxcsr (%rsp)
    pop %rax
    cld
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
simd_oracle_end:
    .popsection
)");

extern "C" unsigned char const simd_oracle_begin[];
extern "C" unsigned char const simd_oracle_slot[];
extern "C" unsigned char const simd_oracle_end[];

namespace drydock::hwmodel {

static_assert(offsetof(X86State, rflags) == 136);
static_assert(offsetof(X86State, fx) == 160);

u64 Random::next()
{
    // SplitMix64.
    u64 value = state_ += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

namespace {

u32 random_single(Random& random)
{
    static constexpr u32 kSpecial[] = {
        0x00000000, 0x3f800000, 0x7f800000, 0x7fc00000, 0x7f800001, 0x7fc12345, 0x00000001,
        0x007fffff, 0x00800000, 0x7f7fffff, 0x4f000000, 0x4effffff, 0x3f000000, 0x5f000000,
        0x3fc00000, 0x33800000, 0x4b000000, 0x7fa00000, 0x40000000, 0x00400000,
    };
    u32 const sign = static_cast<u32>(random.next()) & 0x8000'0000;
    switch (random.below(4)) {
    case 0: return kSpecial[random.below(std::size(kSpecial))] | sign;
    case 1:
        return (kSpecial[random.below(std::size(kSpecial))] + static_cast<u32>(random.below(9)) -
                4) ^
               sign;
    case 2: return static_cast<u32>(random.next());
    default: return sign | static_cast<u32>((110 + random.below(40)) << 23 | random.below(1 << 23));
    }
}

u64 random_double(Random& random)
{
    static constexpr u64 kSpecial[] = {
        0x0000000000000000, 0x3ff0000000000000, 0x7ff0000000000000, 0x7ff8000000000000,
        0x7ff0000000000001, 0x7ff8000012345678, 0x0000000000000001, 0x000fffffffffffff,
        0x0010000000000000, 0x7fefffffffffffff, 0x41e0000000000000, 0x41dfffffffc00000,
        0x43e0000000000000, 0x43dfffffffffffff, 0x47f0000000000000, 0x380fffffffffffff,
        0x3690000000000000, 0x3fe0000000000000, 0x3ca0000000000000, 0x47efffffe0000000,
    };
    u64 const sign = random.next() & (u64{1} << 63);
    switch (random.below(4)) {
    case 0: return kSpecial[random.below(std::size(kSpecial))] | sign;
    case 1: return (kSpecial[random.below(std::size(kSpecial))] + random.below(9) - 4) ^ sign;
    case 2: return random.next();
    default: return sign | (1000 + random.below(90)) << 52 | (random.next() >> 12);
    }
}

void put(u8* target, u64 value) { std::memcpy(target, &value, sizeof value); }

void randomize_vector(Random& random, u8* target)
{
    switch (random.below(5)) {
    case 0:
        put(target, random.next());
        put(target + 8, random.next());
        break;
    case 1:
    case 2:
        for (usize i = 0; i < 4; ++i) {
            u32 const value = random_single(random);
            std::memcpy(target + 4 * i, &value, 4);
        }
        break;
    case 3:
        put(target, random_double(random));
        put(target + 8, random_double(random));
        break;
    default:
        // Small numbers: shift counts, bytes that agree.
        put(target, random.below(80));
        put(target + 8, random.chance(2) ? 0 : random.next() & 0x8001'7fff'ff00'0180);
        break;
    }
}

}  // namespace

void randomize_extended(Random& random, u8* target)
{
    u64 mantissa = random.next() | u64{1} << 63;
    u64 exponent = 0x3fff;
    switch (random.below(8)) {
    case 0: exponent = random.below(0x8000); break;
    case 1: exponent = random.chance(2) ? 0 : 0x7fff; break;
    case 2:
        exponent += random.below(70);
        mantissa &= ~u64{0} << random.below(64);
        break;
    case 3:
        exponent += 16;
        mantissa = u64{1} << 63 | random.below(3) << 62;
        break;
    case 4:
        mantissa = random.chance(2) ? 0 : u64{1} << 63;
        exponent = random.chance(2) ? 0 : 0x7fff;
        break;
    case 5:
        mantissa = random.next();
        exponent = random.chance(2) ? 0 : random.below(0x8000);
        break;
    default: exponent += random.below(80) - 40; break;
    }
    u16 const high = static_cast<u16>(exponent | (random.next() & 0x8000));
    std::memcpy(target, &mantissa, 8);
    std::memcpy(target + 8, &high, 2);
}

void randomize(Random& random, OracleCase& subject)
{
    X86State& state = subject.state;
    for (u64& value : state.gpr)
        value = random.chance(3) ? random.below(256) : random.next() >> random.below(64);
    state.rflags = rflags::kReserved1 | rflags::kInterrupt | (random.next() & rflags::kStatus);
    for (auto& value : state.fx.xmm) randomize_vector(random, value);
    for (auto& value : state.fx.st) {
        std::memset(value, 0, 16);
        randomize_extended(random, value);
    }
    state.fx.mxcsr =
        0x1f80 | (static_cast<u32>(random.next()) & (random.chance(2) ? 0xe07f : 0x603f));
    // Mostly default control words; a pending exception would only be reported.
    state.fx.fcw = 0x037f;
    if (random.chance(2))
        state.fx.fcw = static_cast<u16>(0x40 | (random.next() & 0x0f00) |
                                        (random.chance(3) ? random.next() & 0x3f : 0x3f));
    state.fx.fsw = static_cast<u16>(random.next() & 0x7f7f);
    state.fx.fsw = static_cast<u16>(state.fx.fsw & ~(~state.fx.fcw & 0x3f));
    state.fx.ftw = random.chance(3)   ? static_cast<u8>(random.next())
                   : random.chance(4) ? u8{0}
                                      : u8{0xff};
    for (usize i = 0; i + 16 <= kOperandBytes; i += 16) {
        if (random.chance(3))
            randomize_extended(random, &subject.memory[i]);
        else
            randomize_vector(random, &subject.memory[i]);
    }
}

bool decode(std::span<u8 const> bytes, Decoded& result)
{
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(
            &decoder, bytes.data(), bytes.size(), &result.instruction, result.operands.data())))
        return false;
    if (!decode_extension(result.instruction, result.operands.data(), result.extension))
        return false;
    ZydisFormatter formatter;
    ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
    char text[128] = {};
    ZydisFormatterFormatInstruction(&formatter,
                                    &result.instruction,
                                    result.operands.data(),
                                    result.instruction.operand_count_visible,
                                    text,
                                    sizeof text,
                                    0,
                                    nullptr);
    result.text = text;
    return true;
}

namespace {

// The stack pointer and the frame register of the generated code.
bool uses_reserved_register(Decoded const& decoded)
{
    for (usize i = 0; i < decoded.instruction.operand_count_visible; ++i) {
        ZydisDecodedOperand const& operand = decoded.operands[i];
        if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
        ZydisRegisterClass const kind = ZydisRegisterGetClass(operand.reg.value);
        if (kind != ZYDIS_REGCLASS_GPR32 && kind != ZYDIS_REGCLASS_GPR64) continue;
        int const number = ZydisRegisterGetId(operand.reg.value);
        if (number == 4 || number == 15) return true;
    }
    return false;
}

}  // namespace

std::vector<std::vector<u8>> all_encodings()
{
    std::vector<std::vector<u8>> result;
    std::set<std::string> seen;
    auto const consider = [&](std::vector<u8> bytes) {
        bytes.resize(16);
        Decoded decoded;
        if (!decode(bytes, decoded) || uses_reserved_register(decoded)) return;
        bytes.resize(decoded.instruction.length);
        if (seen.insert(decoded.text).second) result.push_back(bytes);
    };
    static constexpr int kPrefixes[] = {-1, 0x66, 0xf3, 0xf2};
    static constexpr u8 kRex[] = {0, 0x48, 0x44, 0x4d};
    for (int const prefix : kPrefixes) {
        for (u8 const rex : kRex) {
            for (unsigned opcode = 0; opcode < 256; ++opcode) {
                for (unsigned reg = 0; reg < 8; ++reg) {
                    // Register, same register, memory at [rsi]; two immediates.
                    u8 const modrms[] = {static_cast<u8>(0xc0 | reg << 3 | ((reg + 2) & 7)),
                                         static_cast<u8>(0xc0 | reg << 3 | reg),
                                         static_cast<u8>(reg << 3 | 6)};
                    for (u8 const modrm : modrms) {
                        for (u8 const immediate : {u8{0x02}, u8{0x1b}, u8{0xe5}}) {
                            std::vector<u8> bytes;
                            if (prefix >= 0) bytes.push_back(static_cast<u8>(prefix));
                            // With REX.B the base register would change.
                            u8 const bits = modrm < 0xc0 ? rex & 0xfe : rex;
                            if (bits != 0) bytes.push_back(bits);
                            bytes.insert(bytes.end(),
                                         {0x0f, static_cast<u8>(opcode), modrm, immediate});
                            consider(bytes);
                        }
                    }
                }
            }
        }
    }
    for (unsigned opcode = 0xd8; opcode <= 0xdf; ++opcode) {
        for (unsigned modrm = 0xc0; modrm < 0x100; ++modrm)
            consider({static_cast<u8>(opcode), static_cast<u8>(modrm)});
        for (unsigned reg = 0; reg < 8; ++reg) {
            consider({static_cast<u8>(opcode), static_cast<u8>(reg << 3 | 6)});
            consider({0x66, static_cast<u8>(opcode), static_cast<u8>(reg << 3 | 6)});
        }
    }
    consider({0x9b});
    return result;
}

NativeCode::NativeCode()
{
    void* const page = mmap(
        nullptr, kPageSize, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(page, MAP_FAILED);
    page_ = static_cast<u8*>(page);
    std::memcpy(page_, simd_oracle_begin, static_cast<usize>(simd_oracle_end - simd_oracle_begin));
}

NativeCode::~NativeCode() { munmap(page_, kPageSize); }

void NativeCode::set_instruction(std::span<u8 const> bytes)
{
    u8* const slot = page_ + (simd_oracle_slot - simd_oracle_begin);
    std::memset(slot, 0x90, 16);
    std::memcpy(slot, bytes.data(), bytes.size());
}

void NativeCode::run(OracleCase& subject)
{
    reinterpret_cast<void (*)(X86State*)>(page_)(&subject.state);
}

bool FakeMemory::contains(u64 address, usize size) const
{
    return address >= base_ && address - base_ <= kOperandBytes - size;
}

bool FakeMemory::load(u64 address, void* target, usize size)
{
    if (loads_fail || !contains(address, size)) return false;
    std::memcpy(target, &subject_.memory[address - base_], size);
    return true;
}

bool FakeMemory::store(u64 address, void const* source, usize size)
{
    if (!probe_store(address, size)) return false;
    std::memcpy(&subject_.memory[address - base_], source, size);
    return true;
}

bool FakeMemory::probe_store(u64 address, usize size)
{
    return !stores_fail && contains(address, size);
}

namespace {

std::string hex(u8 const* bytes, usize size)
{
    std::string result;
    for (usize i = size; i-- > 0;) {
        char text[4];
        std::snprintf(text, sizeof text, "%02x", bytes[i]);
        result += text;
    }
    return result;
}

std::string pair_of(char const* name, usize index, u64 native, u64 model)
{
    char text[128];
    std::snprintf(text,
                  sizeof text,
                  "%s%zu: native %llx, model %llx",
                  name,
                  index,
                  static_cast<unsigned long long>(native),
                  static_cast<unsigned long long>(model));
    return text;
}

}  // namespace

std::string difference(OracleCase const& native, OracleCase const& model)
{
    FxState const& a = native.state.fx;
    FxState const& b = model.state.fx;
    for (usize i = 0; i < 15; ++i)
        if (native.state.gpr[i] != model.state.gpr[i])
            return pair_of("gpr", i, native.state.gpr[i], model.state.gpr[i]);
    if (((native.state.rflags ^ model.state.rflags) & rflags::kStatus) != 0)
        return pair_of("rflags", 0, native.state.rflags, model.state.rflags);
    for (usize i = 0; i < 16; ++i)
        if (std::memcmp(a.xmm[i], b.xmm[i], 16) != 0)
            return "xmm" + std::to_string(i) + ": native " + hex(a.xmm[i], 16) + ", model " +
                   hex(b.xmm[i], 16);
    if (a.mxcsr != b.mxcsr) return pair_of("mxcsr", 0, a.mxcsr, b.mxcsr);
    if (a.fcw != b.fcw) return pair_of("fcw", 0, a.fcw, b.fcw);
    if (a.fsw != b.fsw) return pair_of("fsw", 0, a.fsw, b.fsw);
    if (a.ftw != b.ftw) return pair_of("ftw", 0, a.ftw, b.ftw);
    for (usize i = 0; i < 8; ++i)
        if (std::memcmp(a.st[i], b.st[i], 10) != 0)
            return "st" + std::to_string(i) + ": native " + hex(a.st[i], 10) + ", model " +
                   hex(b.st[i], 10);
    for (usize i = 0; i < kOperandBytes; ++i)
        if (native.memory[i] != model.memory[i])
            return pair_of("memory", i, native.memory[i], model.memory[i]);
    return {};
}

std::string describe(OracleCase const& subject)
{
    FxState const& fx = subject.state.fx;
    char text[128];
    std::snprintf(
        text, sizeof text, "mxcsr %x fcw %x fsw %x ftw %x\n", fx.mxcsr, fx.fcw, fx.fsw, fx.ftw);
    std::string result = text;
    for (usize i = 0; i < 8; ++i)
        result += "st" + std::to_string(i) + " " + hex(fx.st[i], 10) + "\n";
    for (usize i = 0; i < 8; ++i)
        result += "xmm" + std::to_string(i) + " " + hex(fx.xmm[i], 16) + "\n";
    return result + "memory " + hex(&subject.memory[kOperandOffset], 16) + "\n";
}

namespace {

// Computed by the model's own rules; other tests bound the distance to the host.
bool has_model_values(ZydisMnemonic mnemonic)
{
    static std::set<ZydisMnemonic> const kOwn = {
        ZYDIS_MNEMONIC_RCPPS,
        ZYDIS_MNEMONIC_RCPSS,
        ZYDIS_MNEMONIC_RSQRTPS,
        ZYDIS_MNEMONIC_RSQRTSS,
        ZYDIS_MNEMONIC_FSIN,
        ZYDIS_MNEMONIC_FCOS,
        ZYDIS_MNEMONIC_FSINCOS,
        ZYDIS_MNEMONIC_FPTAN,
        ZYDIS_MNEMONIC_FPATAN,
        ZYDIS_MNEMONIC_F2XM1,
        ZYDIS_MNEMONIC_FYL2X,
        ZYDIS_MNEMONIC_FYL2XP1,
    };
    return kOwn.contains(mnemonic);
}

// Makes the operand acceptable to the instructions that load control registers.
void fit_operand(ZydisMnemonic mnemonic, OracleCase& subject)
{
    u8* const operand = &subject.memory[kOperandOffset];
    bool const is_image =
        mnemonic == ZYDIS_MNEMONIC_FXRSTOR || mnemonic == ZYDIS_MNEMONIC_FXRSTOR64;
    if (is_image) std::memset(operand + 26, 0, 2);
    if (mnemonic == ZYDIS_MNEMONIC_LDMXCSR) std::memset(operand + 2, 0, 2);
}

// Where processors differ, what the model says of itself replaces the host's answer.
void agree_on_choices(Decoded const& decoded, OracleCase const& before, OracleCase& native)
{
    ZydisMnemonic const mnemonic = decoded.instruction.mnemonic;
    if (mnemonic == ZYDIS_MNEMONIC_FXSAVE || mnemonic == ZYDIS_MNEMONIC_FXSAVE64) {
        u32 const mask = before.state.fx.mxcsr_mask;
        std::memcpy(&native.memory[kOperandOffset + 28], &mask, sizeof mask);
    }
}

}  // namespace

TEST(simd, every_instruction_agrees_with_the_host)
{
    Random random(1);
    NativeCode native_code;
    usize cases = 0;
    usize failures = 0;
    std::vector<std::vector<u8>> const encodings = all_encodings();
    for (std::vector<u8> const& bytes : encodings) {
        Decoded decoded;
        ASSERT_TRUE(decode(bytes, decoded));
        if (has_model_values(decoded.instruction.mnemonic)) continue;
        native_code.set_instruction(bytes);
        for (int round = 0; round < 25; ++round, ++cases) {
            OracleCase native;
            randomize(random, native);
            fit_operand(decoded.instruction.mnemonic, native);
            u64 const base = reinterpret_cast<u64>(native.memory.data());
            native.state.reg(Gpr::Rsi) = base + kOperandOffset;
            native.state.reg(Gpr::Rdi) = base + kOperandOffset + 3;
            OracleCase const before = native;
            OracleCase model = native;
            FakeMemory memory(model, base);
            ExtensionResult const result = decoded.extension.handler(
                model.state, memory, decoded.extension, base + kOperandOffset);
            native_code.run(native);
            agree_on_choices(decoded, before, native);
            std::string message = difference(native, model);
            if (result != ExtensionResult::Done)
                message += " result " + std::to_string(static_cast<int>(result));
            if (message.empty()) continue;
            ADD_FAILURE() << decoded.text << " " << message << "\nbefore:\n" << describe(before);
            if (++failures > 200) return;
            break;
        }
    }
    std::printf("%zu encodings, %zu cases\n", encodings.size(), cases);
    EXPECT_GT(cases, 200'000u);
}

// Intel SDM vol. 2, RCPPS, RSQRTPS: a relative error of at most 1.5 * 2^-12; the host's and the
// model's may add up.
TEST(simd, approximations_are_close_to_the_host)
{
    Random random(7);
    NativeCode native_code;
    for (u8 const opcode : {u8{0x52}, u8{0x53}}) {
        u8 const bytes[16] = {0x0f, opcode, 0xc1};
        Decoded decoded;
        ASSERT_TRUE(decode(bytes, decoded));
        native_code.set_instruction(std::span(bytes, 3));
        for (int round = 0; round < 20'000; ++round) {
            OracleCase native;
            randomize(random, native);
            OracleCase model = native;
            FakeMemory memory(model, 0);
            decoded.extension.handler(model.state, memory, decoded.extension, 0);
            native_code.run(native);
            EXPECT_EQ(native.state.fx.mxcsr, model.state.fx.mxcsr);
            for (usize i = 0; i < 4; ++i) {
                float a = 0;
                float b = 0;
                std::memcpy(&a, native.state.fx.xmm[0] + 4 * i, 4);
                std::memcpy(&b, model.state.fx.xmm[0] + 4 * i, 4);
                bool const is_same = std::bit_cast<u32>(a) == std::bit_cast<u32>(b);
                float const error = a < b ? b - a : a - b;
                float const limit = (a < 0 ? -a : a) * 0x1p-11f;
                EXPECT_TRUE(is_same || error <= limit) << decoded.text << " " << a << " " << b;
            }
        }
    }
}

}  // namespace drydock::hwmodel
