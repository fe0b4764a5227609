#include "core/tty/line_discipline.h"

namespace drydock {

namespace {

constexpr u32 kSigInt = 2, kSigQuit = 3, kSigTstp = 20;

constexpr u8 control(char letter) { return static_cast<u8>(letter - '@'); }

// Letters and digits of Latin-1 (the kernel's ctype table), and the underscore.
constexpr bool is_word_byte(u8 byte)
{
    if (byte == '_') return true;
    if (byte >= '0' && byte <= '9') return true;
    u8 const folded = byte & 0xdf;
    if (folded >= 'A' && folded <= 'Z') return true;
    return byte >= 0xc0 && byte != 0xd7 && byte != 0xf7;
}

}  // namespace

UserTermios default_termios()
{
    UserTermios result;
    result.input = termios::kICrNl | termios::kIXOn;
    result.output = termios::kOPost | termios::kONlCr;
    result.control = termios::kB38400 | termios::kCs8 | termios::kCRead | termios::kHupCl;
    result.local = termios::kISig | termios::kICanon | termios::kEcho | termios::kEchoE |
                   termios::kEchoK | termios::kEchoCtl | termios::kEchoKe | termios::kIExten;
    result.characters[termios::kVIntr] = control('C');
    result.characters[termios::kVQuit] = control('\\');
    result.characters[termios::kVErase] = 0x7f;
    result.characters[termios::kVKill] = control('U');
    result.characters[termios::kVEof] = control('D');
    result.characters[termios::kVMin] = 1;
    result.characters[termios::kVStart] = control('Q');
    result.characters[termios::kVStop] = control('S');
    result.characters[termios::kVSusp] = control('Z');
    result.characters[termios::kVReprint] = control('R');
    result.characters[termios::kVDiscard] = control('O');
    result.characters[termios::kVWErase] = control('W');
    result.characters[termios::kVLNext] = control('V');
    return result;
}

bool LineDiscipline::has_input(bool for_poll) const
{
    if (local(termios::kICanon)) return buffer_.has_lines();
    u8 const minimum = settings_.characters[termios::kVMin];
    bool const has_timer = settings_.characters[termios::kVTime] != 0;
    u32 const wanted = for_poll && !has_timer && minimum > 0 ? minimum : 1;
    return buffer_.count() >= wanted;
}

u32 LineDiscipline::available() const
{
    return local(termios::kICanon) ? buffer_.canonical_count() : buffer_.count();
}

void LineDiscipline::flush_input()
{
    buffer_.clear();
    is_literal_ = false;
}

void LineDiscipline::settings_changed(UserTermios const& old)
{
    if (((old.local ^ settings_.local) & termios::kICanon) != 0) {
        buffer_.change_mode(local(termios::kICanon));
        is_literal_ = false;
    }
    // Nobody could start the output again.
    if ((old.input & termios::kIXOn) != 0 && !input(termios::kIXOn)) is_stopped_ = false;
}

u32 LineDiscipline::receive(u8 byte)
{
    if (input(termios::kIStrip)) byte &= 0x7f;
    if (input(termios::kIUcLc) && local(termios::kIExten) && byte >= 'A' && byte <= 'Z') {
        byte = static_cast<u8>(byte + 32);
    }
    make_room();
    if (is_literal_) {
        is_literal_ = false;
        if (local(termios::kEcho)) echo(byte);
        store(byte);
        return 0;
    }
    if (controls_flow(byte)) return 0;
    if (u32 const number = signal_of(byte); number != 0) {
        signal(byte);
        return number;
    }
    if (is_stopped_ && input(termios::kIXOn) && input(termios::kIXAny)) is_stopped_ = false;
    if (byte == '\r') {
        if (input(termios::kIgnCr)) return 0;
        if (input(termios::kICrNl)) byte = '\n';
    } else if (byte == '\n' && input(termios::kINlCr)) {
        byte = '\r';
    }
    if (local(termios::kICanon) && (edits_line(byte) || ends_line(byte))) return 0;
    if (local(termios::kEcho)) {
        if (byte == '\n') {
            echo_newline();
        } else {
            echo(byte);
        }
    }
    store(byte);
    return 0;
}

// A full buffer whose line is unfinished keeps its last place for the byte that may end it; one
// that waits to be read takes nothing more (the device stops asking the console before).
void LineDiscipline::make_room()
{
    if (!buffer_.is_full()) return;
    if (local(termios::kICanon) && !buffer_.has_lines()) {
        if (buffer_.count() == LineBuffer::kSize) buffer_.remove_last(1);
    }
    // termios(3): Linux acts as if IMAXBEL were always set.
    if (local(termios::kICanon)) output_.put_raw('\a');
}

void LineDiscipline::store(u8 byte)
{
    if (buffer_.count() < LineBuffer::kSize) buffer_.put(byte);
}

bool LineDiscipline::controls_flow(u8 byte)
{
    if (!input(termios::kIXOn)) return false;
    if (is_character(byte, termios::kVStart)) {
        is_stopped_ = false;
        return true;
    }
    if (is_character(byte, termios::kVStop)) {
        is_stopped_ = true;
        return true;
    }
    return false;
}

u32 LineDiscipline::signal_of(u8 byte) const
{
    if (!local(termios::kISig)) return 0;
    if (is_character(byte, termios::kVIntr)) return kSigInt;
    if (is_character(byte, termios::kVQuit)) return kSigQuit;
    if (is_character(byte, termios::kVSusp)) return kSigTstp;
    return 0;
}

void LineDiscipline::signal(u8 byte)
{
    if (!local(termios::kNoFlsh)) flush_input();
    if (input(termios::kIXOn)) is_stopped_ = false;
    if (local(termios::kEcho)) echo(byte);
}

// True if the byte was a command to the editor.
bool LineDiscipline::edits_line(u8 byte)
{
    bool const is_extended = local(termios::kIExten);
    if (is_character(byte, termios::kVErase) || is_character(byte, termios::kVKill) ||
        (is_extended && is_character(byte, termios::kVWErase))) {
        erase(byte);
        return true;
    }
    if (is_extended && is_character(byte, termios::kVLNext)) {
        is_literal_ = true;
        if (local(termios::kEcho) && local(termios::kEchoCtl)) {
            output_.put_raw('^');
            output_.put_raw('\b');
        }
        return true;
    }
    if (is_extended && local(termios::kEcho) && is_character(byte, termios::kVReprint)) {
        reprint();
        return true;
    }
    return false;
}

// True if the byte ended the line.
bool LineDiscipline::ends_line(u8 byte)
{
    if (byte == '\n') {
        if (local(termios::kEcho) || local(termios::kEchoNl)) echo_newline();
    } else if (is_character(byte, termios::kVEof)) {
        byte = 0;
    } else if (is_character(byte, termios::kVEol) ||
               (local(termios::kIExten) && is_character(byte, termios::kVEol2))) {
        if (local(termios::kEcho)) echo(byte);
    } else {
        return false;
    }
    if (buffer_.count() < LineBuffer::kSize) buffer_.end_line(byte);
    return true;
}

void LineDiscipline::echo(u8 byte)
{
    if (buffer_.unfinished() == 0) line_column_ = output_.column();
    if (local(termios::kEchoCtl) && is_control(byte) && byte != '\t') {
        output_.put_raw('^');
        output_.put_raw(byte ^ 0x40);
        output_.move_column(2);
        return;
    }
    output_.put(byte);
}

void LineDiscipline::echo_newline() { output_.put('\n'); }

void LineDiscipline::reprint()
{
    echo(settings_.characters[termios::kVReprint]);
    output_.put('\n');
    line_column_ = output_.column();
    for (u32 back = buffer_.unfinished(); back > 0; --back) echo(buffer_.last(back));
}

void LineDiscipline::erase(u8 byte)
{
    if (buffer_.unfinished() == 0) return;
    if (is_character(byte, termios::kVErase)) {
        erase_back(Erasure::Character, byte);
        return;
    }
    if (local(termios::kIExten) && is_character(byte, termios::kVWErase)) {
        erase_back(Erasure::Word, byte);
        return;
    }
    bool const shows_erasure =
        local(termios::kEchoK) && local(termios::kEchoKe) && local(termios::kEchoE);
    if (local(termios::kEcho) && shows_erasure) {
        erase_back(Erasure::Line, byte);
        return;
    }
    buffer_.remove_last(buffer_.unfinished());
    if (!local(termios::kEcho)) return;
    echo(byte);
    if (local(termios::kEchoK)) output_.put('\n');
}

// drivers/tty/n_tty.c, eraser.
void LineDiscipline::erase_back(Erasure kind, u8 byte)
{
    bool seen_word = false;
    while (buffer_.unfinished() > 0) {
        u32 size = 1;
        while (continues_character(buffer_.last(size)) && size < buffer_.unfinished()) ++size;
        u8 const erased = buffer_.last(size);
        // Do not erase part of a character.
        if (continues_character(erased)) return;
        if (kind == Erasure::Word) {
            if (is_word_byte(erased)) {
                seen_word = true;
            } else if (seen_word) {
                return;
            }
        }
        buffer_.remove_last(size);
        if (local(termios::kEcho)) {
            if (kind == Erasure::Character && !local(termios::kEchoE)) {
                echo(byte);
            } else {
                echo_erased(erased);
            }
        }
        if (kind == Erasure::Character) return;
    }
}

void LineDiscipline::echo_erased(u8 erased)
{
    if (erased == '\t') {
        echo_erased_tab();
        return;
    }
    u32 columns = 1;
    if (is_control(erased)) columns = local(termios::kEchoCtl) ? 2 : 0;
    for (u32 i = 0; i < columns; ++i) {
        output_.put_raw('\b');
        output_.put_raw(' ');
        output_.put_raw('\b');
        if (output_.column() > 0) output_.move_column(-1);
    }
}

// Goes back as many columns as the tab went forward: to where what stands before it ended.
void LineDiscipline::echo_erased_tab()
{
    u32 columns = 0;
    bool is_after_tab = false;
    for (u32 back = 1; back <= buffer_.unfinished(); ++back) {
        u8 const byte = buffer_.last(back);
        if (byte == '\t') {
            is_after_tab = true;
            break;
        }
        if (is_control(byte)) {
            if (local(termios::kEchoCtl)) columns += 2;
        } else if (!continues_character(byte)) {
            ++columns;
        }
    }
    if (!is_after_tab) columns += line_column_;
    u32 const width = 8 - columns % 8;
    for (u32 i = 0; i < width; ++i) {
        output_.put_raw('\b');
        if (output_.column() > 0) output_.move_column(-1);
    }
}

}  // namespace drydock
