#pragma once

// The host as the oracle of the extension instructions: runs one instruction natively in a page of
// generated code between loading and saving a whole machine state, and drives the model's handler
// on a copy of the same state.

#include "hwmodel/simd.h"

#include <array>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace drydock::hwmodel {

inline constexpr usize kOperandBytes = 1024;
// Where the memory operand lies in the buffer; a multiple of 64.
inline constexpr usize kOperandOffset = 256;

class Random {
public:
    explicit Random(u64 seed) : state_(seed) {}
    u64 next();
    u64 below(u64 limit) { return next() % limit; }
    bool chance(u64 one_in) { return below(one_in) == 0; }

private:
    u64 state_;
};

struct OracleCase {
    X86State state{};
    alignas(64) std::array<u8, kOperandBytes> memory{};
};

// Random register contents with all the special values of each format. SSE exceptions are masked
// (the host would be killed by one); those of the x87 unit are as it comes, but none is pending.
void randomize(Random& random, OracleCase& subject);

// The value of one 80-bit register.
void randomize_extended(Random& random, u8* target);

struct Decoded {
    ZydisDecodedInstruction instruction{};
    std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands{};
    Extension extension{};
    std::string text;
};

// False if it is no instruction or none of the extension's.
bool decode(std::span<u8 const> bytes, Decoded& result);

// Every encoding of the 0f map and of the x87 opcodes that is an extension instruction, in a
// register form and, where there is one, the form with [rsi].
std::vector<std::vector<u8>> all_encodings();

class NativeCode {
public:
    NativeCode();
    ~NativeCode();
    NativeCode(NativeCode const&) = delete;
    NativeCode& operator=(NativeCode const&) = delete;

    void set_instruction(std::span<u8 const> bytes);
    // rsi is set to the operand, rdi near it; r15 and rsp are not the program's.
    void run(OracleCase& subject);

private:
    u8* page_ = nullptr;
};

// User memory that consists of the operand buffer of a case. The address of the buffer is `base`.
class FakeMemory final : public UserMemoryPort {
public:
    FakeMemory(OracleCase& subject, u64 base) : subject_(subject), base_(base) {}

    bool load(u64 address, void* target, usize size) override;
    bool store(u64 address, void const* source, usize size) override;
    bool probe_store(u64 address, usize size) override;

    bool loads_fail = false;
    bool stores_fail = false;

private:
    bool contains(u64 address, usize size) const;

    OracleCase& subject_;
    u64 base_;
};

// The first difference in what a program can see, or an empty string.
std::string difference(OracleCase const& native, OracleCase const& model);

std::string describe(OracleCase const& subject);

}  // namespace drydock::hwmodel
