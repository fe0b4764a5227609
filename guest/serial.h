#pragma once

// One 16550 UART: output by waiting, input through a buffer that the receive interrupt has filled.

#include "core/base/span.h"

namespace drydock::guest {

class Serial {
public:
    explicit Serial(u16 port) : port_(port) {}
    Serial(Serial const&) = delete;
    Serial& operator=(Serial const&) = delete;

    // Whether a UART answers; before start().
    bool is_there() const;
    // 115200 baud, 8 bits, no parity; FIFOs on.
    // For bulk data the receive interrupt waits for 14 bytes.
    void start(bool is_for_bulk = false);
    void enable_receive_interrupt();
    void write(ConstBytes bytes);
    void write(StringView text);
    // Moves what the UART holds into the buffer, as far as there is room; whether anything is
    // buffered.
    bool receive();
    usize take(Bytes target);

private:
    static constexpr usize kBufferSize = 4096;

    u16 const port_;
    usize first_ = 0;
    usize count_ = 0;
    std::byte buffer_[kBufferSize] = {};
};

}  // namespace drydock::guest
