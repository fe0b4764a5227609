#include "core/tty/tty_output.h"

namespace drydock {

void TtyOutput::put_raw(u8 byte)
{
    if (used_ == sizeof(pending_)) flush();
    pending_[used_] = std::byte{byte};
    ++used_;
}

void TtyOutput::flush()
{
    if (used_ == 0) return;
    usize const size = used_;
    used_ = 0;
    sink_.send({pending_, size});
}

void TtyOutput::put(u8 byte)
{
    if (has(termios::kOPost)) {
        put_processed(byte);
    } else {
        put_raw(byte);
    }
}

void TtyOutput::put(ConstBytes bytes)
{
    for (std::byte const byte : bytes) put(static_cast<u8>(byte));
}

void TtyOutput::put_tab()
{
    u32 const spaces = 8 - column_ % 8;
    column_ += spaces;
    if ((settings_.output & termios::kTabDelay) != termios::kXTabs) {
        put_raw('\t');
        return;
    }
    for (u32 i = 0; i < spaces; ++i) put_raw(' ');
}

// drivers/tty/n_tty.c, do_output_char.
void TtyOutput::put_processed(u8 byte)
{
    switch (byte) {
    case '\n':
        if (has(termios::kONlRet)) column_ = 0;
        if (has(termios::kONlCr)) {
            column_ = 0;
            put_raw('\r');
        }
        put_raw('\n');
        return;
    case '\r':
        if (has(termios::kONoCr) && column_ == 0) return;
        if (has(termios::kOCrNl)) {
            if (has(termios::kONlRet)) column_ = 0;
            put_raw('\n');
            return;
        }
        column_ = 0;
        put_raw('\r');
        return;
    case '\t': put_tab(); return;
    case '\b':
        if (column_ > 0) --column_;
        put_raw('\b');
        return;
    default: break;
    }
    if (!is_control(byte)) {
        if (has(termios::kOLcUc) && byte >= 'a' && byte <= 'z') byte = static_cast<u8>(byte - 32);
        bool const continues = (settings_.input & termios::kIUtf8) != 0 && (byte & 0xc0) == 0x80;
        if (!continues) ++column_;
    }
    put_raw(byte);
}

}  // namespace drydock
