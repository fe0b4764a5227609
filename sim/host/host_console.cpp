#include "sim/host/host_console.h"

#include "sim/host/terminal.h"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr usize kPendingMaximum = 64 * kKiB;

int descriptor_of(ConsoleStream stream) { return stream == ConsoleStream::Error ? 2 : 1; }

u64 monotonic_ns()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

bool is_input_ready(int timeout_ms)
{
    pollfd descriptor{STDIN_FILENO, POLLIN, 0};
    return poll(&descriptor, 1, timeout_ms) > 0;
}

}  // namespace

HostConsole::HostConsole(bool may_be_raw)
{
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c)
    for (int descriptor = 0; descriptor < 3; ++descriptor) {
        mode_.is_terminal[descriptor] = isatty(descriptor) == 1;
    }
    winsize size{};
    for (int descriptor = 0; descriptor < 3; ++descriptor) {
        if (!mode_.is_terminal[descriptor] || ioctl(descriptor, TIOCGWINSZ, &size) != 0) continue;
        if (size.ws_row > 0) mode_.rows = size.ws_row;
        if (size.ws_col > 0) mode_.columns = size.ws_col;
        break;
    }
    if (mode_.is_terminal[0] && may_be_raw) make_terminal_raw();
    pending_.reserve(kPendingMaximum);
}

HostConsole::~HostConsole()
{
    flush();
    restore_terminal();
}

ConsoleRead HostConsole::read(Bytes target)
{
    flush();
    if (target.is_empty()) return {ConsoleRead::Status::Data, 0};
    usize filled = 0;
    while (filled < target.size()) {
        if (mode_.is_terminal[0] && !is_input_ready(0)) {
            return {ConsoleRead::Status::Nothing, 0};
        }
        isize const got = ::read(STDIN_FILENO, target.data() + filled, target.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;  // An error ends the input too: there is nobody to tell.
        filled += static_cast<usize>(got);
        if (mode_.is_terminal[0]) break;
    }
    if (filled == 0) return {ConsoleRead::Status::EndOfFile, 0};
    return {ConsoleRead::Status::Data, filled};
}

bool HostConsole::send(int descriptor, char const* data, usize size)
{
    while (size > 0) {
        isize const written = ::write(descriptor, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) {
            pollfd waiting{descriptor, POLLOUT, 0};
            poll(&waiting, 1, -1);
            continue;
        }
        if (written <= 0) return false;
        data += written;
        size -= static_cast<usize>(written);
    }
    return true;
}

void HostConsole::flush()
{
    if (pending_.empty()) return;
    if (!send(descriptor_of(pending_stream_), pending_.data(), pending_.size())) {
        is_closed_[static_cast<usize>(pending_stream_)] = true;
    }
    pending_.clear();
}

bool HostConsole::write(ConsoleStream stream, ConstBytes bytes)
{
    if (stream != pending_stream_) flush();
    pending_stream_ = stream;
    auto const* const data = reinterpret_cast<char const*>(bytes.data());
    if (pending_.size() + bytes.size() > kPendingMaximum) flush();
    if (bytes.size() >= kPendingMaximum) {
        if (!send(descriptor_of(stream), data, bytes.size())) {
            is_closed_[static_cast<usize>(stream)] = true;
        }
    } else {
        pending_.insert(pending_.end(), data, data + bytes.size());
    }
    return !is_closed_[static_cast<usize>(stream)];
}

bool HostConsole::has_input(u64) { return is_input_ready(0); }

u64 HostConsole::wait_for_input(u64, u64 timeout_ns)
{
    flush();
    u64 const began = monotonic_ns();
    for (;;) {
        u64 const passed = monotonic_ns() - began;
        if (timeout_ns != kNever && passed >= timeout_ns) return passed;
        u64 const left_ms =
            timeout_ns == kNever ? ~u64{0} : (timeout_ns - passed + 999'999) / 1'000'000;
        int const wait_ms = left_ms > 60'000 ? 60'000 : static_cast<int>(left_ms);
        if (is_input_ready(wait_ms)) return monotonic_ns() - began;
    }
}

}  // namespace drydock::sim
