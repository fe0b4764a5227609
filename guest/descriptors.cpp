#include "guest/descriptors.h"

#include "guest/stacks.h"

// The address of each vector's stub (guest/entry.S).
extern "C" drydock::u64 const drydock_guest_stubs[drydock::guest::kVectorCount];

namespace drydock::guest {

namespace {

// Intel SDM vol. 3, 3.4.5: present, type, long mode; limits and bases are ignored in 64-bit mode.
constexpr u64 kKernelCodeSegment = 0x00af'9b00'0000'ffff;
constexpr u64 kKernelDataSegment = 0x00cf'9300'0000'ffff;
constexpr u64 kUserDataSegment = 0x00cf'f300'0000'ffff;
constexpr u64 kUserCodeSegment = 0x00af'fb00'0000'ffff;

// Byte-granular, accessed, limit 0: processor 0 of node 0.
constexpr u64 kProcessorSegment = 0x0040'f500'0000'0000;

constexpr u8 kNmi = 2, kBreakpoint = 3, kOverflow = 4, kDoubleFault = 8, kPageFault = 14,
             kMachineCheck = 18;
constexpr u8 kInterruptGate = 0x8e;  // Present, interrupt gate: IF is cleared.

struct [[gnu::packed]] TableRegister {
    u16 limit = 0;
    u64 base = 0;
};

u64 address_of(void const* pointer) { return reinterpret_cast<u64>(pointer); }

}  // namespace

//   63..32  offset 63..32 (high word)
//   63..48  offset 31..16 | 47 P 46..45 DPL 43..40 type | 34..32 IST | 31..16 selector | 15..0
//   offset
void Descriptors::set_gate(u8 vector, u8 stack, u8 ring)
{
    u64 const offset = drydock_guest_stubs[vector];
    u64 const type = u64{kInterruptGate} | u64{ring} << 5;
    gates_[vector].low = (offset & 0xffff) | u64{kKernelCode} << 16 | u64{stack} << 32 |
                         type << 40 | (offset >> 16 & 0xffff) << 48;
    gates_[vector].high = offset >> 32;
}

void Descriptors::load()
{
    segments_[kKernelCode / 8] = kKernelCodeSegment;
    segments_[kKernelData / 8] = kKernelDataSegment;
    segments_[kUserData / 8] = kUserDataSegment;
    segments_[kUserCode / 8] = kUserCodeSegment;
    segments_[kProcessorNumber / 8] = kProcessorSegment;
    u64 const task = address_of(&task_);
    segments_[kTaskState / 8] = (sizeof(TaskState) - 1) | (task & 0xff'ffff) << 16 |
                                u64{0x89} << 40 | (task >> 24 & 0xff) << 56;
    segments_[kTaskState / 8 + 1] = task >> 32;

    task_.rsp[0] = address_of(drydock_guest_entry_stack_top);
    task_.ist[0] = address_of(drydock_guest_double_fault_stack_top);
    task_.ist[1] = address_of(drydock_guest_nmi_stack_top);
    task_.ist[2] = address_of(drydock_guest_machine_check_stack_top);
    task_.ist[3] = address_of(drydock_guest_page_fault_stack_top);

    // INT3 and INTO are the user's to give (as on Linux); any other INT n is a protection fault.
    for (u8 vector = 0; vector < kVectorCount; ++vector) {
        u8 const stack = vector == kDoubleFault    ? 1
                         : vector == kNmi          ? 2
                         : vector == kMachineCheck ? 3
                         : vector == kPageFault    ? 4
                                                   : 0;
        u8 const ring = vector == kBreakpoint || vector == kOverflow ? 3 : 0;
        set_gate(vector, stack, ring);
    }

    TableRegister const segments{sizeof(segments_) - 1, address_of(segments_)};
    TableRegister const gates{sizeof(gates_) - 1, address_of(gates_)};
    asm volatile("lgdt %0" : : "m"(segments) : "memory");
    asm volatile("lidt %0" : : "m"(gates) : "memory");
    // After a reset there is a local table of 64 KiB at address 0 (Intel SDM vol. 3, table 9-1).
    asm volatile("lldt %0" : : "r"(u16{0}) : "memory");
    asm volatile("ltr %0" : : "r"(kTaskState) : "memory");
    asm volatile("movl %0, %%ss" : : "r"(u32{kKernelData}) : "memory");
}

}  // namespace drydock::guest
