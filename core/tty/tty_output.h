#pragma once

// The output side of a terminal: post-processing (termios(3), OPOST) and the column that it needs.
// Bytes collect here and go out with flush().

#include "core/abi/termios.h"
#include "core/platform/platform.h"

namespace drydock {

class TtyOutput {
public:
    TtyOutput(Platform& platform, UserTermios const& settings)
        : platform_(platform), settings_(settings)
    {}

    void set_stream(ConsoleStream stream) { stream_ = stream; }
    // One byte of the program's, or an echoed one that is to be treated so.
    void put(u8 byte);
    void put(ConstBytes bytes);
    // As it is; the column follows only what the caller says.
    void put_raw(u8 byte);
    void flush();

    u32 column() const { return column_; }
    void set_column(u32 column) { column_ = column; }
    void move_column(i32 by) { column_ = static_cast<u32>(static_cast<i32>(column_) + by); }

private:
    bool has(u32 mode) const { return (settings_.output & mode) != 0; }
    void put_processed(u8 byte);
    void put_tab();

    Platform& platform_;
    UserTermios const& settings_;
    ConsoleStream stream_ = ConsoleStream::Output;
    u32 column_ = 0;
    u32 used_ = 0;
    std::byte pending_[512] = {};
};

// ASCII control characters, as the kernel's iscntrl() has them.
constexpr bool is_control(u8 byte) { return byte < 0x20 || byte == 0x7f; }

}  // namespace drydock
