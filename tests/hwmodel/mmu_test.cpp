// Translation: rights and error codes, accessed and dirty bits, what stays cached and what does
// not.

#include "tests/hwmodel/machine.h"

#include <gtest/gtest.h>

namespace drydock::hwmodel {
namespace {

constexpr u64 kCode = 0x400000;
constexpr u64 kData = 0x600000;

class MmuTest : public ::testing::Test {
protected:
    explicit MmuTest(CpuOptions options = {}) : machine_(options)
    {
        u64 const code = machine_.map(kCode);
        machine_.map(kData);
        // 0: mov rax, [rbx]; syscall.  5: mov [rbx], rax; syscall.
        machine_.write(code,
                       std::vector<u8>{0x48, 0x8b, 0x03, 0x0f, 0x05, 0x48, 0x89, 0x03, 0x0f, 0x05});
        machine_.state.reg(Gpr::Rbx) = kData;
    }
    CpuStop read(u64 address = kData) { return access(0, address); }
    CpuStop write(u64 address = kData) { return access(5, address); }
    CpuStop fetch(u64 address)
    {
        machine_.state.rip = address;
        return machine_.run();
    }
    CpuStop access(u64 offset, u64 address)
    {
        machine_.state.reg(Gpr::Rbx) = address;
        machine_.state.rip = kCode + offset;
        return machine_.run();
    }
    static bool is_fault(CpuStop const& stop, u32 code, u64 address)
    {
        return stop.reason == CpuExit::PageFault && stop.error_code == code &&
               stop.address == address;
    }

    Machine machine_;
};

class CheckedMmuTest : public MmuTest {
protected:
    CheckedMmuTest() : MmuTest({.check_tlb = true}) {}
};

TEST_F(MmuTest, error_codes)
{
    constexpr u64 kFrame = 0x20000;
    u64& entry = machine_.leaf(kData);
    auto const set = [&](u64 value) {
        entry = value;
        machine_.cpu.flush_page(kData);
    };
    set(0);
    EXPECT_TRUE(is_fault(read(), 4, kData));
    EXPECT_TRUE(is_fault(write(), 6, kData));
    EXPECT_TRUE(is_fault(fetch(kData), 0x14, kData));
    set(kFrame | pte::kPresent | pte::kUser | pte::kNoExecute);
    EXPECT_EQ(read().reason, CpuExit::Syscall);
    EXPECT_TRUE(is_fault(write(), 7, kData));
    EXPECT_TRUE(is_fault(fetch(kData), 0x15, kData));
    set(kFrame | pte::kPresent | pte::kWritable);
    EXPECT_TRUE(is_fault(read(), 5, kData));
    set(kFrame | Machine::kUserPage | (u64{1} << 45));
    EXPECT_TRUE(is_fault(read(), 0xd, kData));
    EXPECT_TRUE(is_fault(write(), 0xf, kData));
    EXPECT_TRUE(is_fault(read(kData + 0x40000000), 4, kData + 0x40000000));
}

TEST_F(MmuTest, rights_of_all_levels_count)
{
    u64& upper = machine_.entry(Machine::kRoot, 0);
    upper &= ~pte::kWritable;
    EXPECT_EQ(read().reason, CpuExit::Syscall);
    EXPECT_TRUE(is_fault(write(), 7, kData));
    upper |= pte::kWritable;  // Rights may be raised without a flush.
    EXPECT_EQ(write().reason, CpuExit::Syscall);
}

TEST_F(MmuTest, accessed_and_dirty_bits)
{
    u64& entry = machine_.leaf(kData);
    EXPECT_EQ(entry & (pte::kAccessed | pte::kDirty), 0u);
    read();
    EXPECT_EQ(entry & (pte::kAccessed | pte::kDirty), pte::kAccessed);
    EXPECT_NE(machine_.entry(Machine::kRoot, 0) & pte::kAccessed, 0u);
    write();
    EXPECT_EQ(entry & (pte::kAccessed | pte::kDirty), pte::kAccessed | pte::kDirty);
    entry &= ~pte::kDirty;
    write();  // Still dirty in the TLB: silicon does not set the bit again.
    EXPECT_EQ(entry & pte::kDirty, 0u);
    machine_.cpu.flush_page(kData);
    write();
    EXPECT_NE(entry & pte::kDirty, 0u);
}

TEST_F(MmuTest, large_pages)
{
    constexpr u64 kLargeData = 0x40000000;
    machine_.leaf(kLargeData, Machine::kRoot, 21) = 0x200000 | Machine::kUserPage | pte::kLarge;
    machine_.memory.base()[0x200000 + 0x5008] = std::byte{0x99};
    EXPECT_EQ(read(kLargeData + 0x5008).reason, CpuExit::Syscall);
    EXPECT_EQ(machine_.state.reg(Gpr::Rax) & 0xff, 0x99u);
    machine_.leaf(kLargeData, Machine::kRoot, 21) = 0;
    EXPECT_EQ(read(kLargeData + 0x6000).reason, CpuExit::Syscall);  // Never told.
    machine_.cpu.flush_page(kLargeData + 0x100000);  // Any address of the page drops it all.
    EXPECT_TRUE(is_fault(read(kLargeData + 0x5008), 4, kLargeData + 0x5008));
    machine_.leaf(kLargeData, Machine::kRoot, 21) = 0x202000 | Machine::kUserPage | pte::kLarge;
    EXPECT_TRUE(is_fault(read(kLargeData), 0xd, kLargeData));
    machine_.leaf(u64{2} << 30, Machine::kRoot, 30) = Machine::kUserPage | pte::kLarge;
    EXPECT_EQ(read((u64{2} << 30) + 0x205008).reason, CpuExit::Syscall);
    EXPECT_EQ(machine_.state.reg(Gpr::Rax) & 0xff, 0x99u);
}

TEST_F(MmuTest, an_entry_stays_until_it_is_flushed)
{
    read();
    machine_.leaf(kData) = 0;
    EXPECT_EQ(read().reason, CpuExit::Syscall);
    machine_.cpu.flush_page(kData);
    EXPECT_TRUE(is_fault(read(), 4, kData));
    // A not-present entry is never cached.
    machine_.leaf(kData) = 0x30000 | Machine::kUserPage;
    EXPECT_EQ(read().reason, CpuExit::Syscall);
}

TEST_F(MmuTest, nothing_is_evicted)
{
    constexpr u64 kMany = 0x10000000;
    for (u64 i = 0; i < 2048; ++i) {
        machine_.leaf(kMany + i * kPageSize) = 0x30000 | Machine::kUserPage;
        ASSERT_EQ(read(kMany + i * kPageSize).reason, CpuExit::Syscall);
    }
    for (u64 i = 0; i < 2048; ++i) machine_.leaf(kMany + i * kPageSize) = 0;
    for (u64 i = 0; i < 2048; ++i) ASSERT_EQ(read(kMany + i * kPageSize).reason, CpuExit::Syscall);
    machine_.cpu.load_root(Machine::kRoot);
    EXPECT_EQ(read(kMany).reason, CpuExit::PageFault);
}

TEST_F(MmuTest, table_entries_stay_cached_until_any_flush)
{
    read();
    u64 const fresh_table = machine_.new_frame();
    u64 const pdpt = machine_.entry(Machine::kRoot, 0) & pte::kFrameMask;
    u64 const directory = machine_.entry(pdpt, 0) & pte::kFrameMask;
    u64& slot = machine_.entry(directory, kData >> 21);
    u64 const old_table = slot & pte::kFrameMask;
    slot = fresh_table | Machine::kUserPage;  // An empty table instead, with no flush.
    machine_.entry(old_table, (kData >> 12 & 511) + 1) = 0x30000 | Machine::kUserPage;
    EXPECT_EQ(read(kData + kPageSize).reason, CpuExit::Syscall);  // By the old table.
    machine_.cpu.flush_page(0x12345000);
    EXPECT_TRUE(is_fault(read(kData + 2 * kPageSize), 4, kData + 2 * kPageSize));
    EXPECT_EQ(read(kData + kPageSize).reason, CpuExit::Syscall);  // Its leaf is still cached.
}

// Two spaces that map the same addresses, under tags: a root is its table and its tag.
class TaggedMmuTest : public MmuTest {
protected:
    static constexpr u64 kOtherRoot = 0x2000;
    static constexpr u64 kFrames[2] = {0x30000, 0x31000};

    TaggedMmuTest()
    {
        u64 const code = machine_.leaf(kCode) & pte::kFrameMask;
        for (usize i = 0; i < 2; ++i) {
            u64 const root = i == 0 ? Machine::kRoot : kOtherRoot;
            machine_.leaf(kCode, root) = code | Machine::kUserPage;
            machine_.leaf(kData, root) = kFrames[i] | Machine::kUserPage;
            *reinterpret_cast<u64*>(machine_.memory.base() + kFrames[i]) = i + 1;
        }
    }
    // What the data page holds as seen by code that runs under this root; 0 after a fault.
    u64 value(u64 root)
    {
        machine_.state.rip = kCode;
        bool const is_read = machine_.cpu.run(machine_.state, root, 100).reason == CpuExit::Syscall;
        return is_read ? machine_.state.reg(Gpr::Rax) : 0;
    }
};

TEST_F(TaggedMmuTest, each_tag_has_its_own_translations_and_keeps_them)
{
    EXPECT_EQ(value(Machine::kRoot | 1), 1u);
    EXPECT_EQ(value(kOtherRoot | 2), 2u);
    machine_.leaf(kData) = 0;
    machine_.leaf(kData, kOtherRoot) = 0;
    EXPECT_EQ(value(Machine::kRoot | 1), 1u);
    EXPECT_EQ(value(kOtherRoot | 2), 2u);
    // Without a tag nothing is kept from one load to the next.
    EXPECT_EQ(value(kOtherRoot), 0u);
    EXPECT_EQ(value(Machine::kRoot | 3), 0u);
}

TEST_F(TaggedMmuTest, a_tag_given_again_brings_what_was_cached_under_it)
{
    EXPECT_EQ(value(Machine::kRoot | 1), 1u);
    EXPECT_EQ(value(kOtherRoot | 1), 1u);
    machine_.cpu.flush_all();
    EXPECT_EQ(value(kOtherRoot | 1), 2u);
}

TEST_F(TaggedMmuTest, flushes_reach_every_tag)
{
    for (bool const is_all : {false, true}) {
        EXPECT_EQ(value(Machine::kRoot | 1), 1u);
        EXPECT_EQ(value(kOtherRoot | 2), 2u);
        machine_.leaf(kData) = 0;
        if (is_all) {
            machine_.cpu.flush_all();
        } else {
            machine_.cpu.flush_page(kData);
        }
        EXPECT_EQ(value(Machine::kRoot | 1), 0u);
        machine_.leaf(kData) = kFrames[0] | Machine::kUserPage;
    }
}

TEST_F(CheckedMmuTest, a_stale_hit_is_reported)
{
    read();
    EXPECT_TRUE(machine_.environment.stale.empty());
    machine_.leaf(kData) = 0x30000 | Machine::kUserPage;
    read();
    ASSERT_EQ(machine_.environment.stale.size(), 1u);
    EXPECT_EQ(machine_.environment.stale[0].address, kData);
    EXPECT_EQ(machine_.environment.stale[0].table_frame, 0x30000u);
}

TEST_F(CheckedMmuTest, lowered_rights_and_lost_dirty_bits_are_reported)
{
    write();
    machine_.leaf(kData) &= ~pte::kDirty;
    machine_.cpu.check_all();
    ASSERT_EQ(machine_.environment.stale.size(), 1u);
    EXPECT_TRUE(machine_.environment.stale[0].cached_dirty);
    machine_.leaf(kData) |= pte::kDirty;
    machine_.leaf(kData) &= ~pte::kWritable;
    write();
    EXPECT_EQ(machine_.environment.stale.size(), 2u);
    machine_.cpu.flush_page(kData);
    EXPECT_TRUE(is_fault(write(), 7, kData));
    machine_.leaf(kData) |= pte::kWritable;
    write();
    machine_.cpu.check_all();
    EXPECT_EQ(machine_.environment.stale.size(), 2u);
}

TEST_F(CheckedMmuTest, a_freed_table_is_reported)
{
    read();
    u64 const pdpt = machine_.entry(Machine::kRoot, 0) & pte::kFrameMask;
    u64 const directory = machine_.entry(pdpt, 0) & pte::kFrameMask;
    machine_.entry(directory, kData >> 21) = 0;
    machine_.cpu.check_all();
    bool found = false;
    for (StaleTranslation const& stale : machine_.environment.stale) found |= stale.is_structure;
    EXPECT_TRUE(found);
}

TEST_F(MmuTest, a_table_outside_memory_is_a_machine_error)
{
    machine_.leaf(kData) = 0xf00000000 | Machine::kUserPage;
    machine_.cpu.flush_page(kData);
    EXPECT_THROW(read(), std::logic_error);
}

}  // namespace
}  // namespace drydock::hwmodel
