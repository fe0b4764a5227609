#include "guest/serial.h"

#include "guest/instructions.h"

namespace drydock::guest {

namespace {

// Registers and bits: TL16C550C data sheet, table 4.
constexpr u16 kData = 0, kInterruptEnable = 1, kFifoControl = 2, kLineControl = 3;
constexpr u16 kModemControl = 4, kLineStatus = 5, kScratch = 7;
constexpr u8 kDataReady = 1, kTransmitterEmpty = 0x20;
constexpr u8 kReceiveInterrupt = 1;
constexpr u8 kDivisorAccess = 0x80, kEightBits = 3;
// Data counts as ready from 14 bytes on; QEMU brings as many at once.
constexpr u8 kEnableAndClearFifos = 7, kReadyAt14 = 0xc0;
constexpr u8 kReadyRequestOut2 = 0x0b;  // OUT2 connects the interrupt line on a PC.
constexpr usize kFifoSize = 16;
// A port without a UART answers all ones; a stuck one must not hang the kernel.
constexpr u32 kPatience = 10'000'000;

}  // namespace

bool Serial::is_there() const
{
    constexpr u8 kPattern = 0x5a;
    out8(port_ + kScratch, kPattern);
    return in8(port_ + kScratch) == kPattern;
}

void Serial::start(bool is_for_bulk)
{
    out8(port_ + kInterruptEnable, 0);
    out8(port_ + kLineControl, kDivisorAccess);
    out8(port_ + kData, 1);  // 115200 baud
    out8(port_ + kInterruptEnable, 0);
    out8(port_ + kLineControl, kEightBits);
    out8(port_ + kFifoControl, kEnableAndClearFifos | (is_for_bulk ? kReadyAt14 : 0));
    out8(port_ + kModemControl, kReadyRequestOut2);
}

void Serial::enable_receive_interrupt() { out8(port_ + kInterruptEnable, kReceiveInterrupt); }

void Serial::write(ConstBytes bytes)
{
    usize done = 0;
    while (done < bytes.size()) {
        u32 patience = kPatience;
        while ((in8(port_ + kLineStatus) & kTransmitterEmpty) == 0 && patience > 0) --patience;
        usize const rest = bytes.size() - done;
        usize const part = rest < kFifoSize ? rest : kFifoSize;
        out8_repeated(port_ + kData, bytes.data() + done, part);
        done += part;
    }
}

void Serial::write(StringView text)
{
    write(ConstBytes{reinterpret_cast<std::byte const*>(text.data()), text.size()});
}

bool Serial::receive()
{
    while (count_ < kBufferSize) {
        u8 const status = in8(port_ + kLineStatus);
        if ((status & kDataReady) == 0 || status == 0xff) break;
        buffer_[(first_ + count_) % kBufferSize] = std::byte{in8(port_ + kData)};
        ++count_;
    }
    return count_ > 0;
}

usize Serial::take(Bytes target)
{
    usize done = 0;
    while (done < target.size() && count_ > 0) {
        target[done] = buffer_[first_];
        first_ = (first_ + 1) % kBufferSize;
        --count_;
        ++done;
    }
    return done;
}

}  // namespace drydock::guest
