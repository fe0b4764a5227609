#pragma once

// Standard input that is no terminal, as it comes over a serial port: blocks of two bytes of
// length (the low one first) and that many bytes, each asked for by one byte; a block of length 0
// is the end.

#include "guest/serial.h"

namespace drydock::guest {

class InputStream {
public:
    explicit InputStream(u16 port) : serial_(port) {}

    // Without a port the input is at its end.
    void start();
    // On the platform stack, where interrupts may arrive. Asks and waits for at least one byte; 0
    // at the end. Precondition: there is room.
    usize read(Bytes target);

private:
    std::byte wait_for_byte();

    Serial serial_;
    usize left_ = 0;  // Of the block.
    bool has_ended_ = true;
};

}  // namespace drydock::guest
