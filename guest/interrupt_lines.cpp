#include "guest/instructions.h"
#include "guest/layout.h"
#include "guest/local_apic.h"

namespace drydock::guest {

namespace {

// Intel 8259A data sheet: four initialization words, then the mask.
constexpr u16 kMaster = 0x20, kSlave = 0xa0;
// Where nothing else is: a masked 8259 can still send its spurious interrupts 7.
constexpr u8 kMasterVectors = 0x20, kSlaveVectors = 0x28;

void initialize_8259(u16 port, u8 vectors, u8 cascade)
{
    out8(port, 0x11);
    out8(port + 1, vectors);
    out8(port + 1, cascade);
    out8(port + 1, 0x01);
    out8(port + 1, 0xff);
}

// Intel 82093AA data sheet: an index and a data register, two words per line.
constexpr u64 kIoApic = 0xfec0'0000;
constexpr u32 kRedirection = 0x10;
constexpr u32 kSerialLine = 4;
constexpr u32 kLineMasked = 1u << 16;

}  // namespace

void start_interrupt_lines(Paging& paging, u8 processor)
{
    initialize_8259(kMaster, kMasterVectors, 4);
    initialize_8259(kSlave, kSlaveVectors, 2);

    auto* const registers = static_cast<u32 volatile*>(paging.map_device(kIoApic));
    auto const write = [registers](u32 number, u32 value) {
        registers[0] = number;
        registers[4] = value;
    };
    registers[0] = 1;
    u32 const version = registers[4];
    if (version == ~u32{0} || version == 0) return;  // None here: input is polled while idle.
    u32 const lines = (version >> 16 & 0xff) + 1;
    for (u32 line = 0; line < lines; ++line) {
        write(kRedirection + 2 * line + 1, u32{processor} << 24);
        write(kRedirection + 2 * line, line == kSerialLine ? u32{kSerialVector} : kLineMasked);
    }
}

}  // namespace drydock::guest
