#include "core/tty/console_tty.h"

#include "core/tty/stream_file.h"

namespace drydock {

namespace {

constexpr usize kInputChunk = 64;

}  // namespace

ConsoleTty::ConsoleTty(Vfs& vfs, Platform& platform) : TtyDevice(vfs), platform_(platform)
{
    ConsoleMode const mode = platform.console_mode();
    has_input_stream_ = mode.is_terminal[static_cast<u8>(ConsoleStream::Input)];
    bool const writes_output = mode.is_terminal[static_cast<u8>(ConsoleStream::Output)];
    bool const writes_error = mode.is_terminal[static_cast<u8>(ConsoleStream::Error)];
    if (!writes_output && writes_error) stream_ = ConsoleStream::Error;
    window().rows = mode.rows;
    window().columns = mode.columns;
}

void ConsoleTty::send(ConstBytes bytes)
{
    // A terminal that nobody watches swallows what is written to it.
    bool const is_watched = platform_.console_output(stream_, bytes);
    static_cast<void>(is_watched);
}

void ConsoleTty::poll_input()
{
    if (!has_input_stream_ || has_ended_) return;
    std::byte chunk[kInputChunk] = {};
    for (;;) {
        usize room = input_room();
        if (room == 0) {
            // Where nobody runs who could read, what does not fit is lost, as on a real line.
            Thread const* const current = vfs().scheduler().current();
            bool const is_idle = current == nullptr || current->state() != Thread::State::Running;
            if (!is_idle) break;
            u32 const left = LineBuffer::kSize - discipline().buffer().count();
            room = left == 0 ? kInputChunk : left;
        }
        ConsoleRead const got = platform_.console_input({chunk, room});
        if (got.status == ConsoleRead::Status::EndOfFile) {
            hang_up();
            break;
        }
        if (got.status == ConsoleRead::Status::Nothing || got.size == 0) break;
        take_in({chunk, got.size});
    }
    flush_output();
}

void ConsoleTty::type_from_stream()
{
    ASSERT(!has_input_stream_);
    is_typed_from_stream_ = true;
}

bool ConsoleTty::ask_for_input()
{
    if (!is_typed_from_stream_ || has_ended_) return false;
    std::byte typed[1] = {};
    ConsoleRead const got = platform_.console_input({typed, sizeof(typed)});
    has_ended_ = got.status != ConsoleRead::Status::Data;
    if (has_ended_) return false;
    take_in({typed, sizeof(typed)});
    flush_output();
    return true;
}

// A terminal that is gone: the session learns of it, readers see the end, writers an error. The
// machine's line stays: who opens it again waits for what is never typed.
void ConsoleTty::hang_up()
{
    has_ended_ = true;
    hang_up_files();
    if (client() != nullptr && session_id != 0) client()->hang_up(*this);
}

Result<Ref<File>> ConsoleTty::open_stream(ConsoleStream stream)
{
    return open_stream_file(vfs(), platform_, stream);
}

}  // namespace drydock
