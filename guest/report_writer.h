#pragma once

// Text, numbers and places in the code, to a serial port.

#include "guest/serial.h"
#include "guest/symbols.h"

namespace drydock::guest {

struct ReportWriter {
    Serial& serial;

    void text(StringView part) { serial.write(part); }
    void hex(u64 value, unsigned digits = 16)
    {
        char buffer[16] = {};
        for (unsigned i = 0; i < digits; ++i) {
            buffer[i] = "0123456789abcdef"[value >> (4 * (digits - 1 - i)) & 15];
        }
        serial.write(StringView{buffer, digits});
    }
    void decimal(u64 value)
    {
        char buffer[20] = {};
        usize at = sizeof(buffer);
        do {
            --at;
            buffer[at] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value > 0);
        serial.write(StringView{buffer + at, sizeof(buffer) - at});
    }
    // An address and the function that it is in.
    void place(u64 address, u64 looked_up)
    {
        hex(address);
        FunctionName const found = find_function(looked_up);
        if (found.name.is_empty()) return;
        text("  ");
        text(found.name);
        text("+");
        decimal(found.offset + (address - looked_up));
    }
    void line() { serial.write("\r\n"); }
};

}  // namespace drydock::guest
