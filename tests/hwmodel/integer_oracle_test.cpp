// Every form of the integer instructions against the host CPU: the same bytes, registers, flags and
// memory, executed natively and by the model, must leave the same machine.

#include "tests/hwmodel/machine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/mman.h>

namespace drydock::hwmodel {
namespace {

constexpr u64 kCode = 0x10000000;     // The instruction under test, on both sides.
constexpr u64 kHarness = 0x10001000;  // Native only: registers in and out.
constexpr u64 kData = 0x10010000;
constexpr usize kDataSize = 2 * kPageSize;

struct NativeFrame {
    u64 gpr[16];
    u64 flags;
    u64 host_rsp;
};

// The native side: a stub loads all registers and the flags, jumps to the instruction, which falls
// through to a jump back that stores them.
class NativeCpu {
public:
    NativeCpu()
    {
        map(kCode, kPageSize, PROT_READ | PROT_WRITE | PROT_EXEC);
        map(kHarness, 2 * kPageSize, PROT_READ | PROT_WRITE | PROT_EXEC);
        map(kData, kDataSize, PROT_READ | PROT_WRITE);
        u8* at = reinterpret_cast<u8*>(kHarness);
        for (int const byte : {0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57})
            *at++ = static_cast<u8>(byte);  // push rbx rbp r12..r15
        at = access(at, 0x89, 4, offsetof(NativeFrame, host_rsp));
        at = stack(at, 0x35, offsetof(NativeFrame, flags));  // push [flags]
        *at++ = 0x9d;                                        // popfq
        for (unsigned reg = 0; reg < 16; ++reg) at = access(at, 0x8b, reg, reg * 8);
        at = jump(at, kCode);
        epilogue_ = reinterpret_cast<u64>(at);
        for (unsigned reg = 0; reg < 16; ++reg) at = access(at, 0x89, reg, reg * 8);
        at = access(at, 0x8b, 4, offsetof(NativeFrame, host_rsp));
        *at++ = 0x9c;                                        // pushfq
        at = stack(at, 0x05, offsetof(NativeFrame, flags));  // pop [flags]
        for (int const byte :
             {0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xfc, 0xc3})
            *at++ = static_cast<u8>(byte);  // pops, cld, ret
    }
    ~NativeCpu()
    {
        munmap(reinterpret_cast<void*>(kCode), kPageSize);
        munmap(reinterpret_cast<void*>(kHarness), 2 * kPageSize);
        munmap(reinterpret_cast<void*>(kData), kDataSize);
    }
    void run(std::vector<u8> const& bytes, NativeFrame& frame)
    {
        u8* const code = reinterpret_cast<u8*>(kCode);
        std::memcpy(code, bytes.data(), bytes.size());
        jump(code + bytes.size(), epilogue_);
        auto* const shared = reinterpret_cast<NativeFrame*>(kHarness + kPageSize);
        *shared = frame;
        reinterpret_cast<void (*)()>(kHarness)();
        frame = *shared;
    }

private:
    static void map(u64 address, usize size, int protection)
    {
        void* const wanted = reinterpret_cast<void*>(address);
        void* const got = mmap(
            wanted, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (got != wanted) throw std::runtime_error("cannot map the oracle's pages");
    }
    static u8* relative(u8* at, u64 target)
    {
        i32 const distance =
            static_cast<i32>(static_cast<i64>(target - reinterpret_cast<u64>(at) - 4));
        std::memcpy(at, &distance, 4);
        return at + 4;
    }
    static u8* access(u8* at, u8 opcode, unsigned reg, u64 offset)
    {
        *at++ = reg >= 8 ? 0x4c : 0x48;
        *at++ = opcode;
        *at++ = static_cast<u8>(((reg & 7) << 3) | 5);
        return relative(at, kHarness + kPageSize + offset);
    }
    static u8* stack(u8* at, u8 modrm, u64 offset)
    {
        *at++ = modrm == 0x35 ? 0xff : 0x8f;
        *at++ = modrm;
        return relative(at, kHarness + kPageSize + offset);
    }
    static u8* jump(u8* at, u64 target)
    {
        *at++ = 0xe9;
        return relative(at, target);
    }
    u64 epilogue_ = 0;
};

// What is undefined after the instruction, to be left out of the comparison.
enum class Undefined : u8 { None, Logic, Shift, Rotate, Double, Multiply, All, Bit, Scan };

struct Form {
    char const* name;
    std::vector<u8> opcode;
    int digit;       // Of ModRM: 0 to 7, -1 for a register, -2 for no ModRM.
    char immediate;  // 0 none, 'b' byte, 'z' by operand size, 'v' also 8 bytes, 'w' two.
    bool is_byte;    // Operands of 8 bits.
    Undefined undefined;
    bool memory = true;  // The ModRM operand may be memory...
    bool reg = true;     // ...or a register.
};

std::vector<Form> all_forms()
{
    std::vector<Form> forms;
    char const* const names[] = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};
    for (u8 i = 0; i < 8; ++i) {
        Undefined const undefined = i == 1 || i == 4 || i == 6 ? Undefined::Logic : Undefined::None;
        u8 const base = static_cast<u8>(i * 8);
        auto const op = [base](unsigned n) { return std::vector<u8>{static_cast<u8>(base + n)}; };
        forms.push_back({names[i], op(0), -1, 0, true, undefined});
        forms.push_back({names[i], op(1), -1, 0, false, undefined});
        forms.push_back({names[i], op(2), -1, 0, true, undefined});
        forms.push_back({names[i], op(3), -1, 0, false, undefined});
        forms.push_back({names[i], op(4), -2, 'b', true, undefined});
        forms.push_back({names[i], op(5), -2, 'z', false, undefined});
        forms.push_back({names[i], {0x80}, i, 'b', true, undefined});
        forms.push_back({names[i], {0x81}, i, 'z', false, undefined});
        forms.push_back({names[i], {0x83}, i, 'b', false, undefined});
    }
    char const* const shifts[] = {"rol", "ror", "rcl", "rcr", "shl", "shr", "sal", "sar"};
    for (int i = 0; i < 8; ++i) {
        Undefined const undefined = i < 4 ? Undefined::Rotate : Undefined::Shift;
        for (u8 wide = 0; wide < 2; ++wide) {
            forms.push_back(
                {shifts[i], {static_cast<u8>(0xc0 + wide)}, i, 'b', wide == 0, undefined});
            forms.push_back(
                {shifts[i], {static_cast<u8>(0xd0 + wide)}, i, 0, wide == 0, undefined});
            forms.push_back(
                {shifts[i], {static_cast<u8>(0xd2 + wide)}, i, 0, wide == 0, undefined});
        }
    }
    for (u8 wide = 0; wide < 2; ++wide) {
        bool const is_byte = wide == 0;
        auto const op = [wide](unsigned n) { return std::vector<u8>{static_cast<u8>(n + wide)}; };
        auto const two = [wide](unsigned n) {
            return std::vector<u8>{0x0f, static_cast<u8>(n + wide)};
        };
        forms.push_back({"mov", op(0x88), -1, 0, is_byte, Undefined::None});
        forms.push_back({"mov", op(0x8a), -1, 0, is_byte, Undefined::None});
        forms.push_back({"mov", op(0xc6), 0, is_byte ? 'b' : 'z', is_byte, Undefined::None});
        forms.push_back({"test", op(0x84), -1, 0, is_byte, Undefined::Logic});
        forms.push_back({"xchg", op(0x86), -1, 0, is_byte, Undefined::None});
        forms.push_back({"test", op(0xa8), -2, is_byte ? 'b' : 'z', is_byte, Undefined::Logic});
        forms.push_back({"test", op(0xf6), 0, is_byte ? 'b' : 'z', is_byte, Undefined::Logic});
        forms.push_back({"not", op(0xf6), 2, 0, is_byte, Undefined::None});
        forms.push_back({"neg", op(0xf6), 3, 0, is_byte, Undefined::None});
        forms.push_back({"mul", op(0xf6), 4, 0, is_byte, Undefined::Multiply});
        forms.push_back({"imul", op(0xf6), 5, 0, is_byte, Undefined::Multiply});
        forms.push_back({"div", op(0xf6), 6, 0, is_byte, Undefined::All});
        forms.push_back({"idiv", op(0xf6), 7, 0, is_byte, Undefined::All});
        forms.push_back({"inc", op(0xfe), 0, 0, is_byte, Undefined::None});
        forms.push_back({"dec", op(0xfe), 1, 0, is_byte, Undefined::None});
        forms.push_back({"cmpxchg", two(0xb0), -1, 0, is_byte, Undefined::None});
        forms.push_back({"xadd", two(0xc0), -1, 0, is_byte, Undefined::None});
        forms.push_back({"movzx", two(0xb6), -1, 0, false, Undefined::None});
        forms.push_back({"movsx", two(0xbe), -1, 0, false, Undefined::None});
        forms.push_back({"stos", op(0xaa), -2, 0, is_byte, Undefined::None});
        forms.push_back({"movs", op(0xa4), -2, 0, is_byte, Undefined::None});
        forms.push_back({"lods", op(0xac), -2, 0, is_byte, Undefined::None});
        forms.push_back({"scas", op(0xae), -2, 0, is_byte, Undefined::None});
        forms.push_back({"cmps", op(0xa6), -2, 0, is_byte, Undefined::None});
    }
    for (u8 code = 0; code < 16; ++code) {
        forms.push_back(
            {"cmov", {0x0f, static_cast<u8>(0x40 + code)}, -1, 0, false, Undefined::None});
        forms.push_back(
            {"setcc", {0x0f, static_cast<u8>(0x90 + code)}, 0, 0, true, Undefined::None});
    }
    for (u8 reg = 0; reg < 8; ++reg) {
        forms.push_back({"mov", {static_cast<u8>(0xb8 + reg)}, -2, 'v', false, Undefined::None});
        forms.push_back({"mov", {static_cast<u8>(0xb0 + reg)}, -2, 'b', true, Undefined::None});
        forms.push_back({"xchg", {static_cast<u8>(0x90 + reg)}, -2, 0, false, Undefined::None});
        forms.push_back({"push", {static_cast<u8>(0x50 + reg)}, -2, 0, false, Undefined::None});
        if (reg != 4)
            forms.push_back({"pop", {static_cast<u8>(0x58 + reg)}, -2, 0, false, Undefined::None});
    }
    forms.push_back({"push", {0x68}, -2, 'z', false, Undefined::None});
    forms.push_back({"push", {0x6a}, -2, 'b', false, Undefined::None});
    forms.push_back({"push", {0xff}, 6, 0, false, Undefined::None});
    forms.push_back({"pop", {0x8f}, 0, 0, false, Undefined::None});
    forms.push_back({"imul", {0x69}, -1, 'z', false, Undefined::Multiply});
    forms.push_back({"imul", {0x6b}, -1, 'b', false, Undefined::Multiply});
    forms.push_back({"imul", {0x0f, 0xaf}, -1, 0, false, Undefined::Multiply});
    forms.push_back({"movsxd", {0x63}, -1, 0, false, Undefined::None});
    forms.push_back({"lea", {0x8d}, -1, 0, false, Undefined::None, true, false});
    forms.push_back({"shld", {0x0f, 0xa4}, -1, 'b', false, Undefined::Double});
    forms.push_back({"shld", {0x0f, 0xa5}, -1, 0, false, Undefined::Double});
    forms.push_back({"shrd", {0x0f, 0xac}, -1, 'b', false, Undefined::Double});
    forms.push_back({"shrd", {0x0f, 0xad}, -1, 0, false, Undefined::Double});
    u8 const bits[] = {0xa3, 0xab, 0xb3, 0xbb};
    for (int i = 0; i < 4; ++i) {
        forms.push_back({"bt", {0x0f, bits[i]}, -1, 0, false, Undefined::Bit});
        forms.push_back({"bt", {0x0f, 0xba}, 4 + i, 'b', false, Undefined::Bit});
    }
    forms.push_back({"bsf", {0x0f, 0xbc}, -1, 0, false, Undefined::Scan});
    forms.push_back({"bsr", {0x0f, 0xbd}, -1, 0, false, Undefined::Scan});
    forms.push_back({"popcnt", {0x0f, 0xb8}, -1, 0, false, Undefined::None});
    forms.push_back({"cmpxchg8b", {0x0f, 0xc7}, 1, 0, false, Undefined::None, true, false});
    for (u8 reg = 0; reg < 8; ++reg)
        forms.push_back(
            {"bswap", {0x0f, static_cast<u8>(0xc8 + reg)}, -2, 0, false, Undefined::None});
    for (int const code : {0x98, 0x99, 0x9e, 0x9f, 0xf5, 0xf8, 0xf9, 0xfc, 0xfd, 0x9c, 0xc9, 0xd7})
        forms.push_back({"plain", {static_cast<u8>(code)}, -2, 0, false, Undefined::None});
    return forms;
}

struct Case {
    std::vector<u8> bytes;
    NativeFrame frame{};
    unsigned size = 4;
    unsigned count = 0;  // Of a shift, as encoded.
    bool is_memory = false;
};

class OracleTest {
public:
    explicit OracleTest(u64 seed) : random_(seed)
    {
        code_frame_ = machine_.map(kCode);
        for (u64 offset = 0; offset < kDataSize; offset += kPageSize)
            data_frames_.push_back(machine_.map(kData + offset));
    }
    // Null text if both agree.
    std::string run(Form const& form);
    u64 skipped = 0;

private:
    u64 interesting()
    {
        static constexpr u64 kValues[] = {0,
                                          1,
                                          2,
                                          0x7f,
                                          0x80,
                                          0xff,
                                          0x7fff,
                                          0x8000,
                                          0xffff,
                                          0x7fffffff,
                                          0x80000000,
                                          0xffffffff,
                                          0x7fffffffffffffff,
                                          0x8000000000000000,
                                          ~u64{0},
                                          0x100};
        switch (random_.below(4)) {
        case 0: return kValues[random_.below(16)];
        case 1: return random_.below(64);
        case 2: return random_.next() >> random_.below(64);
        default: return random_.next();
        }
    }
    Case make(Form const& form);
    void encode_operand(
        Form const& form, Case& result, u8& rex, std::vector<u8>& tail, unsigned reg);
    u64 comparable_flags(Form const& form, Case const& item);
    u8* model_data(u64 offset)
    {
        return reinterpret_cast<u8*>(machine_.memory.base()) + data_frames_[offset / kPageSize] +
               offset % kPageSize;
    }

    Random random_;
    Machine machine_;
    NativeCpu native_;
    u64 code_frame_ = 0;
    std::vector<u64> data_frames_;
};

void OracleTest::encode_operand(
    Form const& form, Case& result, u8& rex, std::vector<u8>& tail, unsigned reg)
{
    bool const can_choose = form.memory && form.reg;
    result.is_memory = can_choose ? random_.chance(2) : form.memory;
    u8 const reg_bits = static_cast<u8>((reg & 7) << 3);
    if (!result.is_memory) {
        unsigned rm = static_cast<unsigned>(random_.below(16));
        if ((rm & 7) == 4) rm ^= 1;
        if (rm >= 8) rex |= 0x41;
        tail.push_back(static_cast<u8>(0xc0 | reg_bits | (rm & 7)));
        return;
    }
    // Around the middle of the data, sometimes across its page boundary.
    u64 const place =
        kData + (random_.chance(4) ? kPageSize - 8 + random_.below(16) : 1024 + random_.below(512));
    if (random_.chance(8)) {  // rip-relative; the rest of the instruction follows.
        tail.push_back(static_cast<u8>(reg_bits | 5));
        u32 const relative = static_cast<u32>(place - kCode - 16);
        for (unsigned i = 0; i < 4; ++i) tail.push_back(static_cast<u8>(relative >> (8 * i)));
        return;
    }
    unsigned const base = random_.chance(2) ? 6 : 9;  // rsi or r9
    if (base >= 8) rex |= 0x41;
    i8 const displacement = static_cast<i8>(random_.next());
    u64 address = place - static_cast<u64>(i64{displacement});
    if (random_.chance(2)) {
        unsigned const index = random_.chance(2) ? 13 : 7;  // r13 or rdi
        unsigned const scale = static_cast<unsigned>(random_.below(4));
        if (index >= 8) rex |= 0x42;
        u64 const amount = random_.chance(2) ? random_.below(64) : 0 - random_.below(64);
        result.frame.gpr[index] = amount;
        address -= amount << scale;
        tail.push_back(static_cast<u8>(0x44 | reg_bits));
        tail.push_back(static_cast<u8>((scale << 6) | ((index & 7) << 3) | (base & 7)));
    } else {
        tail.push_back(static_cast<u8>(0x40 | reg_bits | (base & 7)));
    }
    tail.push_back(static_cast<u8>(displacement));
    result.frame.gpr[base] = address;
}

Case OracleTest::make(Form const& form)
{
    Case result;
    for (u64& value : result.frame.gpr) value = interesting();
    result.frame.gpr[4] = kData + 2048 + 8 * random_.below(8);
    constexpr u64 kFlags = rflags::kStatus | rflags::kDirection;
    result.frame.flags = (random_.next() & kFlags) | 0x202;
    std::string const name = form.name;
    bool const is_string =
        name == "stos" || name == "movs" || name == "lods" || name == "scas" || name == "cmps";
    u8 rex = 0;
    bool operand_16 = false;
    if (!form.is_byte || is_string) {
        unsigned const choice = static_cast<unsigned>(random_.below(3));
        operand_16 = choice == 0 && name != "bswap";
        if (choice == 2) rex = 0x48;
        result.size = operand_16 ? 2 : choice == 2 ? 8 : 4;
    }
    if (form.is_byte) {
        result.size = 1;
        operand_16 = false;
        if (random_.chance(2)) rex |= 0x40;
    }
    std::vector<u8> prefixes;
    std::vector<u8> tail;
    if (is_string) {
        result.frame.gpr[6] = kData + 2048 + random_.below(1024);
        result.frame.gpr[7] = kData + 2048 + random_.below(1024);
        result.frame.gpr[1] = random_.below(64);
        if (random_.chance(2))
            prefixes.push_back(
                random_.chance(2) && form.opcode[0] >= 0xa6 && (form.opcode[0] & 6) == 6 ? 0xf2
                                                                                         : 0xf3);
    }
    if (name == "plain") {
        result.frame.gpr[5] = kData + 1024;  // LEAVE
        result.frame.gpr[3] = kData + 1024;  // XLAT
    }
    if (form.digit != -2) {
        unsigned reg = form.digit >= 0 ? static_cast<unsigned>(form.digit)
                                       : static_cast<unsigned>(random_.below(16));
        if (form.digit == -1 && (reg & 7) == 4 && !form.is_byte) reg ^= 1;
        if (form.digit == -1 && reg == 4) reg = 12;
        if (reg >= 8) rex |= 0x44;
        encode_operand(form, result, rex, tail, reg);
        if (name == "bt" && form.digit == -1 && result.is_memory) {
            // A bit string of 512 bits either way. The index must not be the base.
            unsigned const index_reg = reg;
            if (index_reg == 6 || index_reg == 9 || index_reg == 7 || index_reg == 13) {
                return make(form);
            }
            result.frame.gpr[index_reg] = random_.below(1024) - 512;
        }
        if (name == "pop" && result.is_memory && (rex & 0x41) == 0x41) rex |= 0x40;
    }
    if (name == "popcnt") prefixes.push_back(0xf3);
    if (operand_16) prefixes.push_back(0x66);
    result.bytes = prefixes;
    if (rex != 0) result.bytes.push_back(static_cast<u8>(rex | 0x40));
    result.bytes.insert(result.bytes.end(), form.opcode.begin(), form.opcode.end());
    usize const modrm_at = result.bytes.size();
    result.bytes.insert(result.bytes.end(), tail.begin(), tail.end());
    unsigned immediate_size = 0;
    if (form.immediate == 'b') immediate_size = 1;
    if (form.immediate == 'z') immediate_size = operand_16 ? 2 : 4;
    if (form.immediate == 'v') immediate_size = operand_16 ? 2 : (rex & 8) != 0 ? 8 : 4;
    u64 const immediate = interesting();
    for (unsigned i = 0; i < immediate_size; ++i)
        result.bytes.push_back(static_cast<u8>(immediate >> (8 * i)));
    // Makes the rip-relative displacement end where the instruction does.
    if (!tail.empty() && (tail[0] & 0xc7) == 5) {
        u32 relative = 0;
        std::memcpy(&relative, &result.bytes[modrm_at + 1], 4);
        relative += 16 - static_cast<u32>(result.bytes.size());
        std::memcpy(&result.bytes[modrm_at + 1], &relative, 4);
    }
    bool const by_immediate = form.immediate == 'b';
    bool const by_one = form.opcode[0] == 0xd0 || form.opcode[0] == 0xd1;
    result.count = by_one ? 1 : static_cast<u8>(by_immediate ? immediate : result.frame.gpr[1]);
    return result;
}

u64 OracleTest::comparable_flags(Form const& form, Case const& item)
{
    using namespace rflags;
    u64 flags = kStatus | kDirection;
    unsigned const count = item.count & (item.size == 8 ? 63 : 31);
    switch (form.undefined) {
    case Undefined::None: break;
    case Undefined::Logic: flags &= ~kAdjust; break;
    case Undefined::Shift:
        if (count != 0) flags &= ~kAdjust;
        if (count > 1) flags &= ~kOverflow;
        if (count >= item.size * 8 && form.digit != 7) flags &= ~kCarry;
        break;
    case Undefined::Rotate:
        if (count > 1) flags &= ~kOverflow;
        break;
    case Undefined::Double:
        if (count != 0) flags &= ~kAdjust;
        if (count > 1) flags &= ~kOverflow;
        break;
    case Undefined::Multiply: flags &= ~(kSign | kZero | kAdjust | kParity); break;
    case Undefined::All: flags &= ~kStatus; break;
    case Undefined::Bit: flags &= ~(kOverflow | kSign | kAdjust | kParity); break;
    case Undefined::Scan: flags &= ~(kCarry | kOverflow | kSign | kAdjust | kParity); break;
    }
    return flags;
}

std::string OracleTest::run(Form const& form)
{
    Case item = make(form);
    unsigned const count = item.count & (item.size == 8 ? 63 : 31);
    if (form.undefined == Undefined::Double && count > item.size * 8)
        return {};  // Result undefined.
    u8* const data = reinterpret_cast<u8*>(kData);
    if (random_.chance(64)) {
        for (usize i = 0; i < kDataSize; i += 8) {
            u64 const value = interesting();
            std::memcpy(data + i, &value, 8);
        }
    }
    for (usize offset = 0; offset < kDataSize; offset += kPageSize)
        std::memcpy(model_data(offset), data + offset, kPageSize);
    machine_.write(code_frame_, item.bytes);
    for (usize i = 0; i < 16; ++i) machine_.state.gpr[i] = item.frame.gpr[i];
    machine_.state.rflags = item.frame.flags;
    machine_.state.rip = kCode;
    NativeFrame const before = item.frame;
    CpuStop const stop = machine_.run(1);
    if (stop.reason == CpuExit::Exception && stop.vector == vector::kDivideError) {
        ++skipped;
        return {};
    }
    bool const is_pair = std::string(form.name) == "cmpxchg8b";
    if (is_pair && stop.vector == vector::kGeneralProtection) {  // Misaligned CMPXCHG16B.
        ++skipped;
        return {};
    }
    auto const describe = [&](std::string const& what) {
        return fmt::format("{}: {}; {} flags {:#x} rax {:#x} rcx {:#x} rdx {:#x}",
                           form.name,
                           what,
                           machine_.cpu.describe_bytes(Machine::kRoot, kCode),
                           before.flags,
                           before.gpr[0],
                           before.gpr[1],
                           before.gpr[2]);
    };
    if (stop.reason != CpuExit::Budget)
        return describe(fmt::format("stopped, vector {} address {:#x}", stop.vector, stop.address));
    native_.run(item.bytes, item.frame);
    if (machine_.state.rip != kCode + item.bytes.size()) return describe("rip differs");
    for (usize i = 0; i < 16; ++i) {
        if (machine_.state.gpr[i] != item.frame.gpr[i]) {
            return describe(fmt::format("register {} was {:#x}, is {:#x}, host has {:#x}",
                                        i,
                                        before.gpr[i],
                                        machine_.state.gpr[i],
                                        item.frame.gpr[i]));
        }
    }
    u64 const mask = comparable_flags(form, item);
    if (((machine_.state.rflags ^ item.frame.flags) & mask) != 0)
        return describe(fmt::format(
            "flags {:#x}, host has {:#x}", machine_.state.rflags & mask, item.frame.flags & mask));
    for (usize offset = 0; offset < kDataSize; offset += kPageSize) {
        if (std::memcmp(model_data(offset), data + offset, kPageSize) != 0)
            return describe("memory differs");
    }
    return {};
}

TEST(integer_oracle, every_form_agrees_with_the_host)
{
    OracleTest test(0xd0c5);
    std::vector<Form> const forms = all_forms();
    constexpr unsigned kCases = 4200;
    unsigned failures = 0;
    for (Form const& form : forms) {
        unsigned of_this_form = 0;
        for (unsigned i = 0; i < kCases && of_this_form < 3; ++i) {
            std::string const difference = test.run(form);
            if (difference.empty()) continue;
            ++of_this_form;
            ADD_FAILURE() << difference;
        }
        failures += of_this_form;
        if (failures > 60) break;
    }
    RecordProperty("cases", static_cast<int>(forms.size() * kCases));
}

}  // namespace
}  // namespace drydock::hwmodel
