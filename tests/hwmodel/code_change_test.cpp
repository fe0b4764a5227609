// Decoded code stays what memory holds, whoever changes it: the kernel between two runs, without a
// word to the model, or a store. So do the addresses that loads and stores remember.

#include "hwmodel/interpreter.h"
#include "tests/hwmodel/machine.h"

#include <gtest/gtest.h>

namespace drydock::hwmodel {
namespace {

constexpr u64 kCode = 0x400000;
constexpr u64 kWriter = 0x500000;
constexpr u64 kData = 0x600000;
constexpr u64 kOtherRoot = 0x3000;

// Blocks of `adds` times `add rax, imm8` that jump from each to the next; the last one is a system
// call.
class Chain {
public:
    Chain(Machine& machine, u64 blocks, u64 adds = 1) : machine_(machine), adds_(adds)
    {
        for (u64 page = 0; page < kPages; ++page) {
            u64 const frame = machine.map(kCode + page * kPageSize);
            if (page == 0) frame_ = frame;
        }
        values_.resize(blocks * adds, 1);
        for (u64 block = 0; block < blocks; ++block) {
            for (u64 add = 0; add < adds; ++add) {
                u64 const at = position(block, add);
                machine.write(at, std::vector<u8>{0x48, 0x83, 0xc0, 1});
            }
            machine.write(position(block, adds), std::vector<u8>{0xeb, 0x00});
        }
        machine.write(position(blocks, 0), std::vector<u8>{0x0f, 0x05});
        EXPECT_LE(position(blocks, 1), frame_ + kPages * kPageSize);
    }
    // Physical; the frames are next to each other.
    u64 immediate(u64 block, u64 add) const { return position(block, add) + 3; }
    u64 address(u64 block) const { return kCode + position(block, 0) - frame_; }
    u64 address_of(u64 physical) const { return kCode + physical - frame_; }
    void set(u64 block, u64 add, u8 value) { values_[block * adds_ + add] = value; }
    void write(u64 block, u64 add, u8 value)
    {
        machine_.write(immediate(block, add), std::vector<u8>{value});
        set(block, add, value);
    }
    // Whether a run from this block on adds up what memory holds.
    bool is_right(u64 first)
    {
        u64 sum = 0;
        for (u64 i = first * adds_; i < values_.size(); ++i) sum += values_[i];
        machine_.state.rip = address(first);
        machine_.state.reg(Gpr::Rax) = 0;
        return machine_.run().reason == CpuExit::Syscall && machine_.state.reg(Gpr::Rax) == sum;
    }

private:
    static constexpr u64 kPages = 4;

    u64 position(u64 block, u64 add) const { return frame_ + block * (4 * adds_ + 2) + 4 * add; }

    Machine& machine_;
    u64 adds_;
    u64 frame_ = 0;
    std::vector<u8> values_;
};

// Short chains, whose blocks are compared before each run, and chains that are too long for that;
// blocks of fewer and of more than 32 bytes.
TEST(code_change, each_block_of_a_run_that_repeats_is_seen)
{
    for (u64 const blocks : {1u, 2u, 14u, 15u, 16u, 17u, 40u}) {
        for (u64 const adds : {1u, 7u, 8u, 20u}) {
            Machine machine;
            Chain chain(machine, blocks, adds);
            for (u64 block = 0; block < blocks; ++block) {
                for (u64 const add : {u64{0}, adds - 1}) {
                    ASSERT_TRUE(chain.is_right(0));
                    ASSERT_TRUE(chain.is_right(0));
                    chain.write(block, add, static_cast<u8>(2 + block));
                    ASSERT_TRUE(chain.is_right(0)) << blocks << " " << adds << " " << block;
                }
            }
        }
    }
}

TEST(code_change, a_block_that_pauses_is_seen)
{
    Machine machine;
    Chain chain(machine, 8);
    // Runs of the last block alone keep it compared; the others wait for 0 to 200 runs.
    for (unsigned const pause : {0u, 1u, 62u, 63u, 64u, 65u, 128u, 200u}) {
        ASSERT_TRUE(chain.is_right(0));
        for (unsigned i = 0; i < pause; ++i) ASSERT_TRUE(chain.is_right(7));
        chain.write(3, 0, static_cast<u8>(10 + pause % 100));
        for (unsigned i = 0; i < pause; ++i) ASSERT_TRUE(chain.is_right(7));
        ASSERT_TRUE(chain.is_right(0)) << pause;
    }
}

TEST(code_change, a_change_that_is_taken_back_is_none)
{
    Machine machine;
    Chain chain(machine, 4);
    for (unsigned round = 0; round < 100; ++round) {
        ASSERT_TRUE(chain.is_right(0));
        chain.write(2, 0, 99);
        chain.write(2, 0, 1);
        ASSERT_TRUE(chain.is_right(0));
        chain.write(2, 0, 99);
        ASSERT_TRUE(chain.is_right(0));
        chain.write(2, 0, 1);
    }
}

// Anything in any order: runs from anywhere, changes by the kernel and by stores, flushes.
TEST(code_change, random_changes_are_seen)
{
    constexpr unsigned kRounds = 20'000;
    for (u64 const blocks : {5u, 14u, 20u}) {
        Random random(blocks);
        Machine machine;
        Chain chain(machine, blocks, 2);
        // mov [rbx], cl; syscall
        machine.write(machine.map(kWriter), std::vector<u8>{0x88, 0x0b, 0x0f, 0x05});
        for (unsigned round = 0; round < kRounds; ++round) {
            u64 const block = random.below(blocks);
            u64 const add = random.below(2);
            u8 const value = static_cast<u8>(1 + random.below(100));
            switch (random.below(12)) {
            case 0:
            case 1: chain.write(block, add, value); break;
            case 2:
                machine.state.rip = kWriter;
                machine.state.reg(Gpr::Rbx) = chain.address_of(chain.immediate(block, add));
                machine.state.reg(Gpr::Rcx) = value;
                ASSERT_EQ(machine.run().reason, CpuExit::Syscall);
                chain.set(block, add, value);
                break;
            case 3: machine.cpu.flush_page(kCode); break;
            case 4: machine.cpu.flush_all(); break;
            default: ASSERT_TRUE(chain.is_right(block)) << blocks << " " << round;
            }
        }
    }
}

class FrontTest : public ::testing::Test {
protected:
    FrontTest()
    {
        std::vector<u8> const code = {
            0x48, 0x8b, 0x03,  // 0: mov rax, [rbx]
            0x0f, 0x05,        // syscall
            0x48, 0x89, 0x0b,  // 5: mov [rbx], rcx
            0x0f, 0x05,        // syscall
            0x48, 0x89, 0x0b,  // 10: mov [rbx], rcx
            0xff, 0xd3,        // call rbx
            0x48, 0x89, 0x13,  // mov [rbx], rdx
            0xff, 0xd3,        // call rbx
            0x0f, 0x05,        // syscall
        };
        u64 const frame = machine_.map(kCode);
        machine_.write(frame, code);
        machine_.leaf(kCode, kOtherRoot) = frame | Machine::kUserPage;
        machine_.map(kCode + kPageSize);
        machine_.state.reg(Gpr::Rsp) = kCode + kPageSize + 0x800;
    }
    u64 run(u64 offset, u64 address, u64 value = 0, u64 root = Machine::kRoot)
    {
        machine_.state.rip = kCode + offset;
        machine_.state.reg(Gpr::Rbx) = address;
        machine_.state.reg(Gpr::Rcx) = value;
        EXPECT_EQ(machine_.cpu.run(machine_.state, root, 100).reason, CpuExit::Syscall);
        return machine_.state.reg(Gpr::Rax);
    }

    Machine machine_;
};

// As many pages as there are slots, so that each slot is in use.
TEST_F(FrontTest, another_root_forgets_every_address)
{
    auto const address = [](u64 page) { return kData + page * kPageSize + 8; };
    auto const content = [](u64 page, u64 root, u64 round) {
        return root + round * 0x10000 + page;
    };
    for (u64 page = 0; page < kFrontEntries; ++page) {
        machine_.map(address(page) & ~u64{kPageMask});
        machine_.leaf(address(page), kOtherRoot) = machine_.new_frame() | Machine::kUserPage;
    }
    for (u64 round = 1; round < 4; ++round) {
        for (u64 const root : {Machine::kRoot, kOtherRoot}) {
            for (u64 page = 0; page < kFrontEntries; ++page)
                run(5, address(page), content(page, root, round), root);
        }
        for (u64 const root : {Machine::kRoot, kOtherRoot}) {
            for (u64 page = 0; page < kFrontEntries; ++page)
                ASSERT_EQ(run(0, address(page), 0, root), content(page, root, round)) << page;
        }
    }
}

// A store that found its address before the page had decoded code must not go by it afterwards.
TEST_F(FrontTest, stores_to_new_code_are_seen)
{
    // mov al, imm8; ret; and what fills the word.
    auto const code = [](u64 value) { return 0xc300b0 | (value << 8); };
    for (u64 page = 0; page < kFrontEntries; ++page) {
        u64 const address = kData + page * kPageSize;
        machine_.map(address);
        machine_.state.reg(Gpr::Rdx) = code(9);
        ASSERT_EQ(run(10, address, code(4)) & 0xff, 9u) << page;
    }
}

}  // namespace
}  // namespace drydock::hwmodel
