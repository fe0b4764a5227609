#pragma once

// The output side of a terminal: post-processing (termios(3), OPOST) and the column that it needs.
// Bytes collect here and go out with flush().

#include "core/abi/termios.h"
#include "core/base/span.h"

namespace drydock {

// What a terminal's output goes to.
class TtySink {
public:
    // Takes what it has room for; the rest is lost.
    virtual void send(ConstBytes bytes) = 0;

protected:
    ~TtySink() = default;
};

class TtyOutput {
public:
    TtyOutput(TtySink& sink, UserTermios const& settings) : sink_(sink), settings_(settings) {}

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

    TtySink& sink_;
    UserTermios const& settings_;
    u32 column_ = 0;
    u32 used_ = 0;
    std::byte pending_[512] = {};
};

// ASCII control characters, as the kernel's iscntrl() has them.
constexpr bool is_control(u8 byte) { return byte < 0x20 || byte == 0x7f; }

}  // namespace drydock
