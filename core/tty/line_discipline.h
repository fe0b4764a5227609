#pragma once

// N_TTY's input side (termios(3)): what a typed byte does. Editing and echo in canonical mode,
// signals, flow control, translation.

#include "core/tty/line_buffer.h"
#include "core/tty/tty_output.h"

namespace drydock {

// Linux's settings of a new terminal (tty_std_termios).
UserTermios default_termios();

class LineDiscipline {
public:
    LineDiscipline(UserTermios const& settings, TtyOutput& output)
        : settings_(settings), output_(output)
    {}

    // Takes one typed byte. The number of the signal that it sends to the foreground, or 0; the
    // caller sends it before the next byte.
    u32 receive(u8 byte);
    // The settings have changed from `old`.
    void settings_changed(UserTermios const& old);
    void flush_input();

    LineBuffer& buffer() { return buffer_; }
    // read(2) would deliver something; `for_poll`: poll(2) counts VMIN where there is no VTIME.
    bool has_input(bool for_poll) const;
    // FIONREAD.
    u32 available() const;
    // XOFF was received: writers wait.
    bool is_stopped() const { return is_stopped_; }
    void set_stopped(bool value) { is_stopped_ = value; }

private:
    bool local(u32 mode) const { return (settings_.local & mode) != 0; }
    bool input(u32 mode) const { return (settings_.input & mode) != 0; }
    bool is_character(u8 byte, termios::Character index) const
    {
        // Zero disables a function (_POSIX_VDISABLE).
        return byte != 0 && settings_.characters[index] == byte;
    }
    bool continues_character(u8 byte) const
    {
        return input(termios::kIUtf8) && (byte & 0xc0) == 0x80;
    }

    bool controls_flow(u8 byte);
    u32 signal_of(u8 byte) const;
    void signal(u8 byte);
    bool edits_line(u8 byte);
    bool ends_line(u8 byte);
    void store(u8 byte);
    void echo(u8 byte);
    void echo_newline();
    void erase(u8 byte);
    enum class Erasure : u8 { Character, Word, Line };
    void erase_back(Erasure kind, u8 byte);
    void echo_erased(u8 erased);
    void echo_erased_tab();
    void reprint();
    void make_room();

    UserTermios const& settings_;
    TtyOutput& output_;
    LineBuffer buffer_{};
    bool is_literal_ = false;  // VLNEXT came before.
    bool is_stopped_ = false;
    u32 line_column_ = 0;  // Where the line being typed began on the screen.
};

}  // namespace drydock
