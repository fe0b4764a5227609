#pragma once

// The modelled CPU: runs user code (64-bit mode, CPL 3) of one address space until it traps or
// until an exact number of instructions has retired. It works on the registers in place, on
// physical memory, and on the page tables in it; it calls nothing of the kernel.

#include "core/base/integers.h"
#include "core/base/x86_state.h"
#include "hwmodel/physical_memory.h"

#include <memory>
#include <string>

namespace drydock::hwmodel {

class Interpreter;

enum class CpuExit : u8 { Syscall, PageFault, Exception, Budget };

// Exception vectors that user code can raise (Intel SDM vol. 3, table 6-1).
namespace vector {
inline constexpr u8 kDivideError = 0;
inline constexpr u8 kDebug = 1;
inline constexpr u8 kBreakpoint = 3;
inline constexpr u8 kOverflow = 4;
inline constexpr u8 kInvalidOpcode = 6;
inline constexpr u8 kStackFault = 12;
inline constexpr u8 kGeneralProtection = 13;
inline constexpr u8 kPageFault = 14;
inline constexpr u8 kFloatingPoint = 16;
inline constexpr u8 kAlignmentCheck = 17;
inline constexpr u8 kSimd = 19;
}  // namespace vector

struct CpuStop {
    CpuExit reason = CpuExit::Budget;
    u8 vector = 0;       // Of an Exception or PageFault.
    u32 error_code = 0;  // Where the vector has one.
    u64 address = 0;     // CR2 of a PageFault, DR6 of vector 1: bit 14 for a single step.
};

// What the TLB or a paging-structure cache says, and what the tables say.
struct StaleTranslation {
    u64 address = 0;
    u64 rip = 0;
    u64 cached_frame = 0;  // Of the 4 KiB page (or of the table, for a structure cache).
    u64 table_frame = 0;   // 0 if not present.
    bool is_present = false;
    bool is_structure = false;  // A paging-structure cache entry, not a TLB entry.
    bool cached_write = false;
    bool cached_user = false;
    bool cached_execute = false;
    bool cached_dirty = false;
    bool table_write = false;
    bool table_user = false;
    bool table_execute = false;
    bool table_dirty = false;
};

// What the CPU asks of the machine around it.
class CpuEnvironment {
public:
    // The time-stamp counter when `retired` instructions had retired.
    virtual u64 timestamp(u64 retired) = 0;
    // Check mode: a cached translation grants more than, or points elsewhere than, the tables.
    virtual void stale_translation(StaleTranslation const& stale) = 0;

protected:
    ~CpuEnvironment() = default;
};

struct CpuOptions {
    // Compares each TLB hit with a fresh walk. Changes no result, but is slow.
    bool check_tlb = false;
};

struct CpuStatistics {
    u64 tlb_misses = 0;  // Of the fast front.
    u64 walks = 0;       // Of the page tables.
    u64 blocks_decoded = 0;
    u64 blocks_dropped = 0;
    u64 lookups = 0;  // Of a block, by address: the ones that chaining did not save.
};

// In total, over all runs.
struct CpuCounters {
    // SYSCALL counts, a faulting instruction does not, a string instruction counts once however
    // often it repeats.
    u64 retired = 0;
    u64 repeated = 0;  // The number of repetitions.
};

class Cpu {
public:
    Cpu(PhysicalMemory& memory, CpuEnvironment& environment, CpuOptions options);
    ~Cpu();
    Cpu(Cpu const&) = delete;
    Cpu& operator=(Cpu const&) = delete;

    // Runs until a trap, or until exactly `max_instructions` have retired. `root` is the physical
    // address of the PML4, with an address-space tag in its low 12 bits. One that differs from the
    // last is loaded first: tag 0 flushes what it has, the others keep what they have. At a
    // fault state.rip is the faulting instruction; after a system call, a trap and #BP the next
    // one. A system call leaves rcx and r11 as SYSCALL does; rflags is not masked.
    CpuStop run(X86State& state, u64 root, u64 max_instructions);

    u64 retired() const { return counters_.retired; }
    u64 repeated() const { return counters_.repeated; }

    // Under every address-space tag.
    void flush_page(u64 virtual_address);
    void flush_all();
    // A move to CR3, with the same root as well.
    void load_root(u64 root);

    // Check mode: compares every cached translation with the tables as they are now.
    void check_all();

    // The instruction bytes at `rip` and what they disassemble to, for reports.
    std::string describe_bytes(u64 root, u64 rip) const;
    CpuStatistics const& statistics() const;

private:
    CpuCounters counters_{};
    std::unique_ptr<Interpreter> interpreter_;
};

}  // namespace drydock::hwmodel
