#pragma once

// One instruction each.

#include "core/base/integers.h"

namespace drydock::guest {

inline void out8(u16 port, u8 value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
inline u16 in16(u16 port)
{
    u16 value = 0;
    asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

inline void out16(u16 port, u16 value)
{
    asm volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
inline u8 in8(u16 port)
{
    u8 value = 0;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}
inline void in8_repeated(u16 port, void* target, usize count)
{
    asm volatile("rep insb" : "+D"(target), "+c"(count) : "d"(port) : "memory");
}
inline void out8_repeated(u16 port, void const* source, usize count)
{
    asm volatile("rep outsb" : "+S"(source), "+c"(count) : "d"(port) : "memory");
}

inline u64 read_msr(u32 number)
{
    u32 low = 0;
    u32 high = 0;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return u64{high} << 32 | low;
}
inline void write_msr(u32 number, u64 value)
{
    asm volatile("wrmsr"
                 :
                 : "c"(number), "a"(static_cast<u32>(value)), "d"(static_cast<u32>(value >> 32))
                 : "memory");
}

inline u64 read_timestamp()
{
    u32 low = 0;
    u32 high = 0;
    asm volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
    return u64{high} << 32 | low;
}

// Without waiting for what is still under way: for spans that are added up.
inline u64 read_timestamp_early()
{
    u32 low = 0;
    u32 high = 0;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return u64{high} << 32 | low;
}

struct CpuidResult {
    u32 eax = 0;
    u32 ebx = 0;
    u32 ecx = 0;
    u32 edx = 0;
};
inline CpuidResult cpuid(u32 leaf, u32 subleaf = 0)
{
    CpuidResult result;
    asm volatile("cpuid"
                 : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
                 : "a"(leaf), "c"(subleaf));
    return result;
}

inline u64 read_cr0()
{
    u64 value = 0;
    asm volatile("movq %%cr0, %0" : "=r"(value));
    return value;
}
inline void write_cr0(u64 value) { asm volatile("movq %0, %%cr0" : : "r"(value) : "memory"); }
inline u64 read_dr6()
{
    u64 value = 0;
    asm volatile("movq %%dr6, %0" : "=r"(value));
    return value;
}
inline void write_dr6(u64 value) { asm volatile("movq %0, %%dr6" : : "r"(value)); }
inline u64 read_cr2()
{
    u64 value = 0;
    asm volatile("movq %%cr2, %0" : "=r"(value));
    return value;
}
inline u64 read_cr3()
{
    u64 value = 0;
    asm volatile("movq %%cr3, %0" : "=r"(value));
    return value;
}
inline void write_cr3(u64 value) { asm volatile("movq %0, %%cr3" : : "r"(value) : "memory"); }
inline u64 read_cr4()
{
    u64 value = 0;
    asm volatile("movq %%cr4, %0" : "=r"(value));
    return value;
}
inline void write_cr4(u64 value) { asm volatile("movq %0, %%cr4" : : "r"(value) : "memory"); }
inline void invalidate_page(u64 address)
{
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

inline void save_floating_point(void* image)
{
    asm volatile("fxsave64 (%0)" : : "r"(image) : "memory");
}
inline void load_floating_point(void const* image)
{
    asm volatile("fxrstor64 (%0)" : : "r"(image) : "memory");
}

// The selectors of the four data segments, one in each 16 bits.
inline u64 read_data_selectors()
{
    u32 ds = 0;
    u32 es = 0;
    u32 fs = 0;
    u32 gs = 0;
    asm volatile("movl %%ds, %0" : "=r"(ds));
    asm volatile("movl %%es, %0" : "=r"(es));
    asm volatile("movl %%fs, %0" : "=r"(fs));
    asm volatile("movl %%gs, %0" : "=r"(gs));
    return u64{ds & 0xffff} | u64{es & 0xffff} << 16 | u64{fs & 0xffff} << 32 | u64{gs} << 48;
}
// Whether any of them is not null: what every return from user code asks.
inline bool has_data_selector()
{
    u32 all = 0;
    u32 one = 0;
    asm volatile("movl %%ds, %0\n\tmovl %%es, %1\n\torl %1, %0\n\t"
                 "movl %%fs, %1\n\torl %1, %0\n\tmovl %%gs, %1\n\torl %1, %0"
                 : "=&r"(all), "=&r"(one)
                 :
                 : "cc");
    return (all & 0xffff) != 0;
}
// The bases of fs and gs change with them. Each must be one that the user has loaded before.
inline void write_data_selectors(u16 ds, u16 es, u16 fs, u16 gs)
{
    asm volatile("movl %0, %%ds" : : "r"(u32{ds}) : "memory");
    asm volatile("movl %0, %%es" : : "r"(u32{es}) : "memory");
    asm volatile("movl %0, %%fs" : : "r"(u32{fs}) : "memory");
    asm volatile("movl %0, %%gs" : : "r"(u32{gs}) : "memory");
}
// Loads the null selector into all of them; the bases of fs and gs are undefined afterwards.
inline void clear_data_selectors()
{
    asm volatile("movl %0, %%ds\n\tmovl %0, %%es\n\tmovl %0, %%fs\n\tmovl %0, %%gs"
                 :
                 : "r"(0)
                 : "memory");
}

inline void clear_access_flag() { asm volatile("clac" : : : "memory"); }
// The interrupt that ends the pause is taken before the next instruction: STI delays it past HLT
// only if it was pending already, and then HLT ends at once (Intel SDM vol. 2, STI).
inline void enable_interrupts_and_pause() { asm volatile("sti\n\thlt\n\tcli" : : : "memory"); }
[[noreturn]] inline void stop_forever()
{
    for (;;) asm volatile("cli\n\thlt");
}

}  // namespace drydock::guest
