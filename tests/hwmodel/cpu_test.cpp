// The machine around the instructions: budgets, faults, changing code, string restarts, decoding.

#include "hwmodel/features.h"
#include "tests/hwmodel/machine.h"

#include <gtest/gtest.h>

namespace drydock::hwmodel {
namespace {

constexpr u64 kCode = 0x400000;
constexpr u64 kData = 0x600000;

class CpuTest : public ::testing::Test {
protected:
    CpuTest()
    {
        code_ = machine_.map(kCode);
        machine_.map(kData);
        machine_.state.rip = kCode;
        machine_.state.reg(Gpr::Rsp) = kData + 0x800;
    }
    void load(std::vector<u8> const& bytes, u64 offset = 0)
    {
        machine_.write(code_ + offset, bytes);
    }

    Machine machine_;
    u64 code_ = 0;
};

TEST_F(CpuTest, system_call_leaves_return_address_and_flags)
{
    load({0x31, 0xc0, 0x0f, 0x05});  // xor eax, eax; syscall
    CpuStop const stop = machine_.run();
    EXPECT_EQ(stop.reason, CpuExit::Syscall);
    EXPECT_EQ(machine_.state.rip, kCode + 4);
    EXPECT_EQ(machine_.state.reg(Gpr::Rcx), kCode + 4);
    EXPECT_EQ(machine_.state.reg(Gpr::R11), 0x246u);
    EXPECT_EQ(machine_.cpu.retired(), 2u);
}

TEST_F(CpuTest, traps_and_privileged_instructions)
{
    struct Row {
        std::vector<u8> bytes;
        u8 vector;
        u32 error;
        u64 rip;
    };
    std::vector<Row> const rows = {
        {{0xcc}, vector::kBreakpoint, 0, 1},
        {{0xcd, 0x03}, vector::kBreakpoint, 0, 2},
        {{0xcd, 0x04}, vector::kOverflow, 0, 2},
        {{0xf1}, vector::kDebug, 0, 1},
        {{0xcd, 0x80}, vector::kGeneralProtection, 0x402, 0},
        {{0xf4}, vector::kGeneralProtection, 0, 0},
        {{0xfa}, vector::kGeneralProtection, 0, 0},
        {{0xe4, 0x10}, vector::kGeneralProtection, 0, 0},
        {{0x0f, 0x20, 0xc0}, vector::kGeneralProtection, 0, 0},
        {{0x0f, 0x0b}, vector::kInvalidOpcode, 0, 0},
        {{0xf0, 0x90}, vector::kInvalidOpcode, 0, 0},                    // lock nop
        {{0xf0, 0x01, 0xc0}, vector::kInvalidOpcode, 0, 0},              // lock on a register
        {{0x0f, 0x01, 0xf9}, vector::kInvalidOpcode, 0, 0},              // rdtscp
        {{0xf3, 0x0f, 0xae, 0xc0}, vector::kInvalidOpcode, 0, 0},        // rdfsbase
        {{0x0f, 0x01, 0xd0}, vector::kInvalidOpcode, 0, 0},              // xgetbv
        {{0xf2, 0x0f, 0x38, 0xf1, 0xc1}, vector::kInvalidOpcode, 0, 0},  // crc32
        {{0xc5, 0xf8, 0x77}, vector::kInvalidOpcode, 0, 0},              // vzeroupper
        {{0x06}, vector::kInvalidOpcode, 0, 0},
        {std::vector<u8>(16, 0x66), vector::kGeneralProtection, 0, 0},
    };
    for (Row const& row : rows) {
        load(row.bytes);
        machine_.state.rip = kCode;
        CpuStop const stop = machine_.run();
        EXPECT_EQ(stop.reason, CpuExit::Exception);
        EXPECT_EQ(stop.vector, row.vector) << machine_.cpu.describe_bytes(Machine::kRoot, kCode);
        EXPECT_EQ(stop.error_code, row.error);
        EXPECT_EQ(machine_.state.rip, kCode + row.rip);
    }
}

// sum of 1..n, with calls and memory.
std::vector<u8> const kLoop = {
    0xb9, 0x64, 0x00, 0x00, 0x00,              // mov ecx, 100
    0x31, 0xc0,                                // xor eax, eax
    0x01, 0xc8,                                // add eax, ecx      <- 7
    0x89, 0x04, 0x25, 0x00, 0x00, 0x60, 0x00,  // mov [kData], eax
    0xe8, 0x05, 0x00, 0x00, 0x00,              // call 26
    0xff, 0xc9,                                // dec ecx
    0x75, 0xee,                                // jnz 7
    0xf4,                                      // hlt
    0x50, 0x58, 0xc3,                          // push rax; pop rax; ret <- 26
};

TEST_F(CpuTest, one_at_a_time_equals_all_at_once)
{
    load(kLoop);
    CpuStop const stop = machine_.run();
    EXPECT_EQ(stop.vector, vector::kGeneralProtection);
    EXPECT_EQ(machine_.state.reg(Gpr::Rax), 5050u);
    X86State const all = machine_.state;
    u64 const total = machine_.cpu.retired();
    EXPECT_EQ(total, 2u + 100u * 8u);
    for (u64 const budget : {1u, 2u, 3u, 7u, 64u}) {
        machine_.state = {};
        machine_.state.rip = kCode;
        machine_.state.reg(Gpr::Rsp) = kData + 0x800;
        u64 const start = machine_.cpu.retired();
        CpuStop part = machine_.run(budget);
        u64 runs = 1;
        while (part.reason == CpuExit::Budget) {
            ASSERT_EQ(machine_.cpu.retired() - start, runs * budget);
            part = machine_.run(budget);
            ++runs;
        }
        EXPECT_EQ(machine_.cpu.retired() - start, total);
        EXPECT_EQ(std::memcmp(&machine_.state, &all, offsetof(X86State, fx)), 0);
    }
}

TEST_F(CpuTest, a_zero_budget_does_nothing)
{
    load({0x90});
    EXPECT_EQ(machine_.run(0).reason, CpuExit::Budget);
    EXPECT_EQ(machine_.state.rip, kCode);
}

TEST_F(CpuTest, a_store_changes_the_next_instruction)
{
    // mov byte [rip + 1], 0x42 (over the immediate below); mov al, 1; syscall
    load({0xc6, 0x05, 0x01, 0x00, 0x00, 0x00, 0x42, 0xb0, 0x01, 0x0f, 0x05});
    for (u8 const value : {u8{1}, u8{7}}) {
        load({value}, 8);
        machine_.state.rip = kCode;
        EXPECT_EQ(machine_.run().reason, CpuExit::Syscall);
        EXPECT_EQ(machine_.state.reg(Gpr::Rax) & 0xff, 0x42u);
    }
    EXPECT_EQ(machine_.cpu.retired(), 6u);
}

TEST_F(CpuTest, a_store_changes_code_on_another_page)
{
    u64 const other = machine_.map(kCode + kPageSize);
    machine_.write(other, std::vector<u8>{0xb0, 0x01, 0xc3});  // mov al, 1; ret
    // mov rbx, kCode + 0x1000; call rbx; mov dl, al; mov byte [rbx + 1], 9; call rbx; syscall
    load({0xbb,
          0x00,
          0x10,
          0x40,
          0x00,
          0xff,
          0xd3,
          0x88,
          0xc2,
          0xc6,
          0x43,
          0x01,
          0x09,
          0xff,
          0xd3,
          0x0f,
          0x05});
    EXPECT_EQ(machine_.run().reason, CpuExit::Syscall);
    EXPECT_EQ(machine_.state.reg(Gpr::Rdx) & 0xff, 1u);
    EXPECT_EQ(machine_.state.reg(Gpr::Rax) & 0xff, 9u);
}

TEST_F(CpuTest, native_writes_between_runs_are_seen)
{
    for (u8 value = 1; value < 10; ++value) {
        load({0xb0, value, 0x0f, 0x05});
        machine_.state.rip = kCode;
        machine_.run();
        EXPECT_EQ(machine_.state.reg(Gpr::Rax) & 0xff, value);
    }
}

TEST_F(CpuTest, an_instruction_across_pages_depends_on_both)
{
    u64 const next = machine_.map(kCode + kPageSize);
    load({0xb8, 0x11, 0x22}, kPageSize - 3);  // mov eax, imm32: two bytes of it here
    for (u8 value = 1; value < 5; ++value) {
        machine_.write(next, std::vector<u8>{value, 0x44, 0x0f, 0x05});
        machine_.state.rip = kCode + kPageSize - 3;
        EXPECT_EQ(machine_.run().reason, CpuExit::Syscall);
        EXPECT_EQ(machine_.state.reg(Gpr::Rax), 0x44002211u | (u64{value} << 16));
    }
    machine_.leaf(kCode + kPageSize) = 0;
    machine_.cpu.flush_page(kCode + kPageSize);
    machine_.state.rip = kCode + kPageSize - 3;
    CpuStop const stop = machine_.run();
    EXPECT_EQ(stop.reason, CpuExit::PageFault);
    EXPECT_EQ(stop.address, kCode + kPageSize);
    EXPECT_EQ(stop.error_code, page_fault::kUser | page_fault::kFetch);
    EXPECT_EQ(machine_.state.rip, kCode + kPageSize - 3);
}

TEST_F(CpuTest, accesses_across_pages_check_both_first)
{
    u64 const second = machine_.map(kData + kPageSize);
    // mov [rbx], rax; mov rcx, [rbx]; syscall
    load({0x48, 0x89, 0x03, 0x48, 0x8b, 0x13, 0x0f, 0x05});
    machine_.state.reg(Gpr::Rbx) = kData + kPageSize - 3;
    machine_.state.reg(Gpr::Rax) = 0x1122334455667788;
    EXPECT_EQ(machine_.run().reason, CpuExit::Syscall);
    EXPECT_EQ(machine_.state.reg(Gpr::Rdx), 0x1122334455667788u);
    machine_.leaf(kData + kPageSize) = second | pte::kPresent | pte::kUser;
    machine_.cpu.flush_page(kData + kPageSize);
    machine_.state.rip = kCode;
    machine_.state.reg(Gpr::Rax) = 0;
    CpuStop const stop = machine_.run();
    EXPECT_EQ(stop.reason, CpuExit::PageFault);
    EXPECT_EQ(stop.address, kData + kPageSize);
    EXPECT_EQ(stop.error_code, 7u);
    machine_.state.rip = kCode + 3;
    machine_.run();
    EXPECT_EQ(machine_.state.reg(Gpr::Rdx), 0x1122334455667788u);
}

TEST_F(CpuTest, a_faulting_repeat_goes_on_where_it_stopped)
{
    load({0xf3, 0xaa, 0x0f, 0x05});  // rep stosb; syscall
    machine_.state.reg(Gpr::Rdi) = kData + 0xf00;
    machine_.state.reg(Gpr::Rcx) = 0x200;
    machine_.state.reg(Gpr::Rax) = 0x5a;
    CpuStop const stop = machine_.run();
    EXPECT_EQ(stop.reason, CpuExit::PageFault);
    EXPECT_EQ(stop.address, kData + kPageSize);
    EXPECT_EQ(machine_.state.rip, kCode);
    EXPECT_EQ(machine_.state.reg(Gpr::Rcx), 0x100u);
    EXPECT_EQ(machine_.state.reg(Gpr::Rdi), kData + kPageSize);
    EXPECT_EQ(machine_.cpu.retired(), 0u);
    u64 const frame = machine_.map(kData + kPageSize);
    EXPECT_EQ(machine_.run().reason, CpuExit::Syscall);
    EXPECT_EQ(machine_.cpu.repeated(), 0x200u);
    EXPECT_EQ(machine_.cpu.retired(), 2u);
    EXPECT_EQ(machine_.memory.base()[frame + 0xff], std::byte{0x5a});
    EXPECT_EQ(machine_.memory.base()[frame + 0x100], std::byte{0});
}

TEST_F(CpuTest, trap_flag_stops_after_each_instruction)
{
    load({0x90, 0x90, 0xeb, 0x00, 0x90});
    machine_.state.rflags |= rflags::kTrap;
    for (u64 const rip : {1u, 2u, 4u, 5u}) {
        CpuStop const stop = machine_.run();
        EXPECT_EQ(stop.vector, vector::kDebug);
        EXPECT_EQ(machine_.state.rip, kCode + rip);
    }
    EXPECT_EQ(machine_.cpu.retired(), 4u);
}

TEST_F(CpuTest, alignment_check_faults_when_asked_for)
{
    load({0x8b, 0x03, 0x0f, 0x05});  // mov eax, [rbx]; syscall
    machine_.state.reg(Gpr::Rbx) = kData + 2;
    EXPECT_EQ(machine_.run().reason, CpuExit::Syscall);
    machine_.state.rip = kCode;
    machine_.state.rflags |= rflags::kAlignmentCheck;
    EXPECT_EQ(machine_.run().vector, vector::kAlignmentCheck);
    machine_.state.reg(Gpr::Rbx) = kData + 4;
    EXPECT_EQ(machine_.run().reason, CpuExit::Syscall);
}

TEST_F(CpuTest, non_canonical_addresses)
{
    load({0x8b, 0x03, 0x58, 0xff, 0xe3});  // mov eax, [rbx]; pop rax; jmp rbx
    machine_.state.reg(Gpr::Rbx) = u64{1} << 47;
    machine_.state.reg(Gpr::Rsp) = u64{1} << 50;
    EXPECT_EQ(machine_.run().vector, vector::kGeneralProtection);
    machine_.state.rip = kCode + 2;
    EXPECT_EQ(machine_.run().vector, vector::kStackFault);
    machine_.state.rip = kCode + 3;
    EXPECT_EQ(machine_.run().vector, vector::kGeneralProtection);
    EXPECT_EQ(machine_.state.rip, kCode + 3);
}

TEST_F(CpuTest, segment_bases_and_short_addresses)
{
    u64 value = 0x77;
    machine_.write(machine_.leaf(kData) & pte::kFrameMask, {reinterpret_cast<u8*>(&value), 8});
    machine_.state.fs_base = kData - 0x28;
    machine_.state.gs_base = kData - 0x10;
    machine_.state.reg(Gpr::Rbx) = 0x8;
    machine_.state.reg(Gpr::Rsi) = 0xffffffff00000000 | kData;
    // mov rax, fs:[0x28]; mov rcx, gs:[rbx + rbx]; mov edx, [esi]; syscall
    load({0x64,
          0x48,
          0x8b,
          0x04,
          0x25,
          0x28,
          0,
          0,
          0,
          0x65,
          0x48,
          0x8b,
          0x2c,
          0x1b,
          0x67,
          0x8b,
          0x16,
          0x0f,
          0x05});
    EXPECT_EQ(machine_.run().reason, CpuExit::Syscall);
    EXPECT_EQ(machine_.state.reg(Gpr::Rax), 0x77u);
    EXPECT_EQ(machine_.state.reg(Gpr::Rbp), 0x77u);
    EXPECT_EQ(machine_.state.reg(Gpr::Rdx), 0x77u);
}

TEST_F(CpuTest, identification_names_exactly_the_features)
{
    EXPECT_EQ(cpuid(1, 0).edx, 0x07888131u);
    EXPECT_EQ(cpuid(1, 0).ecx, 0x00802001u);
    EXPECT_EQ(cpuid(7, 0).ebx, 0u);
    EXPECT_EQ(cpuid(0x80000008, 0).eax & 0xffff, 0x3028u);
}

TEST_F(CpuTest, random_bytes_never_break_the_decoder)
{
    Random random(0x5eed);
    std::vector<u8> bytes(64);
    for (unsigned i = 0; i < 300'000; ++i) {
        for (u8& byte : bytes) byte = static_cast<u8>(random.next());
        u64 const start = random.chance(4) ? kPageSize - 64 : 0;
        load(bytes, start);
        for (u64& value : machine_.state.gpr) {
            value = random.chance(2) ? kData + random.below(kPageSize) : random.next();
        }
        machine_.state.reg(Gpr::Rcx) &= 0xffff;
        machine_.state.rflags = 0x202;
        machine_.state.rip = kCode + start + random.below(8) * (start == 0 ? 1 : 8);
        u64 const before = machine_.cpu.retired();
        machine_.run(50);
        ASSERT_LE(machine_.cpu.retired() - before, 50u);
    }
}

}  // namespace
}  // namespace drydock::hwmodel
