#include "sim/host/machine_process.h"

#include "sim/escape_key.h"
#include "sim/host/terminal.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr usize kBlock = 4096;
// What a person may type ahead of a machine that does not read.
constexpr usize kTypedAhead = 64 * kKiB;

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    void set(int number)
    {
        close();
        number_ = number;
    }
    void close()
    {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

private:
    int number_;
};

void make_pipe(Descriptor& reader, Descriptor& writer)
{
    int ends[2] = {};
    if (pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error(std::string("cannot make a pipe: ") + std::strerror(errno));
    }
    reader.set(ends[0]);
    writer.set(ends[1]);
}

// Both directions, and no signal when the other side is gone.
void make_sockets(Descriptor& one, Descriptor& other)
{
    int ends[2] = {};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::runtime_error(std::string("cannot make sockets: ") + std::strerror(errno));
    }
    one.set(ends[0]);
    other.set(ends[1]);
}

isize read_again(int descriptor, void* target, usize size)
{
    for (;;) {
        isize const got = ::read(descriptor, target, size);
        if (got >= 0 || errno != EINTR) return got;
    }
}

// Whether everything was taken.
bool write_all(int descriptor, char const* data, usize size)
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

// The child's end of everything, in the order of MachineDescriptor.
struct ChildEnds {
    int console_input = -1;
    int console_output = -1;
    int messages = -1;
    int others[kMachineDescriptors] = {};
};

// In the child. First out of the way of the numbers that they get.
void place(int const* sources, int count, int first)
{
    int moved[16] = {};
    for (int i = 0; i < count; ++i) {
        moved[i] = sources[i] < 0 ? -1 : fcntl(sources[i], F_DUPFD_CLOEXEC, 64);
    }
    for (int i = 0; i < count; ++i) {
        if (moved[i] >= 0) dup2(moved[i], first + i);
    }
}

[[noreturn]] void become(std::vector<std::string> const& command,
                         ChildEnds const& ends,
                         int failure)
{
    // SIGKILL when the parent dies, however it does; if it already has, now.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c)
    int const status_end = fcntl(failure, F_DUPFD_CLOEXEC, 128);
    int sources[2 + kMachineDescriptors] = {};
    for (int i = 0; i < kMachineDescriptors; ++i) {
        sources[i] = ends.others[i] < 0 ? -1 : fcntl(ends.others[i], F_DUPFD_CLOEXEC, 64);
    }
    dup2(ends.console_input, STDIN_FILENO);
    dup2(ends.console_output, STDOUT_FILENO);
    if (ends.messages >= 0) dup2(ends.messages, STDERR_FILENO);
    place(sources, kMachineDescriptors, kFirstMachineDescriptor);
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (std::string const& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    int const error = errno;
    (void)!::write(status_end, &error, sizeof(error));
    _exit(127);
}

// Moves bytes until the machine's streams end.
class Relay {
public:
    Relay(MachineStreams const& streams,
          Descriptor& output,
          Descriptor& errors,
          Descriptor& events,
          Descriptor& input)
        : streams_(streams), output_(output), errors_(errors), events_(events), input_(input)
    {}

    MachineEnd::Kind run()
    {
        while (output_.is_open() || errors_.is_open() || events_.is_open()) {
            int const patience = time_left();
            if (patience == 0) return MachineEnd::Kind::TimeLimit;
            poll_all(patience);
            if (was_left_) return MachineEnd::Kind::Left;
            if (is_output_closed_) return MachineEnd::Kind::OutputClosed;
        }
        return MachineEnd::Kind::Ended;
    }

private:
    bool wants_input() const
    {
        if (input_ended_ || !input_.is_open()) return false;
        return streams_.has_terminal || requests_ > 0;
    }

    // In milliseconds for poll(): -1 without a limit, 0 when it is over.
    int time_left() const
    {
        if (streams_.time_limit_ns == 0) return -1;
        u64 const passed = static_cast<u64>((std::chrono::steady_clock::now() - began_).count());
        if (passed >= streams_.time_limit_ns) return 0;
        u64 const left = (streams_.time_limit_ns - passed) / 1'000'000 + 1;
        return static_cast<int>(std::min<u64>(left, 1'000'000));
    }

    void poll_all(int patience)
    {
        bool const is_asked = streams_.has_input_stream && input_.is_open();
        auto const input_events =
            static_cast<short>((pending_.empty() ? 0 : POLLOUT) | (is_asked ? POLLIN : 0));
        std::array<pollfd, 5> waiting{{{wants_input() ? STDIN_FILENO : -1, POLLIN, 0},
                                       {input_events == 0 ? -1 : input_.number(), input_events, 0},
                                       {events_.number(), POLLIN, 0},
                                       {output_.number(), POLLIN, 0},
                                       {errors_.number(), POLLIN, 0}}};
        if (poll(waiting.data(), waiting.size(), patience) < 0) return;  // EINTR: once more.
        if (waiting[0].revents != 0) take_input();
        if (waiting[1].revents != 0 && is_asked) take_requests();
        if (!pending_.empty() && input_.is_open()) send_input();
        if (waiting[2].revents != 0) take_events();
        if (waiting[3].revents != 0) pass_on(output_, STDOUT_FILENO, streams_.on_output);
        if (waiting[4].revents != 0) pass_on(errors_, STDERR_FILENO, streams_.on_errors);
    }

    void take_input()
    {
        char bytes[kBlock];
        isize const got = read_again(STDIN_FILENO, bytes, sizeof(bytes));
        usize const size = got > 0 ? static_cast<usize>(got) : 0;
        input_ended_ = size == 0;
        if (streams_.has_terminal) {
            std::string kept;
            was_left_ = !escape_.filter({bytes, size}, kept);
            if (pending_.size() + kept.size() <= kTypedAhead) pending_ += kept;
            return;
        }
        --requests_;
        pending_ += static_cast<char>(size & 255);
        pending_ += static_cast<char>(size >> 8);
        pending_.append(bytes, size);
    }

    void take_requests()
    {
        char bytes[16];
        isize const got = ::read(input_.number(), bytes, sizeof(bytes));
        if (got > 0) requests_ += static_cast<usize>(got);
        if (got == 0) input_.close();
    }

    void send_input()
    {
        isize const written = ::write(input_.number(), pending_.data(), pending_.size());
        if (written > 0) pending_.erase(0, static_cast<usize>(written));
        if (written < 0 && errno != EINTR && errno != EAGAIN) {
            pending_.clear();
            input_.close();
        }
    }

    void take_events()
    {
        std::byte bytes[kBlock];
        isize const got = read_again(events_.number(), bytes, sizeof(bytes));
        if (got <= 0) {
            events_.close();
        } else if (streams_.on_events) {
            streams_.on_events({bytes, static_cast<usize>(got)});
        }
    }

    void pass_on(Descriptor& source, int target, std::function<void(ConstBytes)> const& taker)
    {
        char bytes[kBlock];
        isize const got = read_again(source.number(), bytes, sizeof(bytes));
        if (got <= 0) {
            source.close();
        } else if (taker) {
            taker({reinterpret_cast<std::byte const*>(bytes), static_cast<usize>(got)});
        } else if (!write_all(target, bytes, static_cast<usize>(got))) {
            is_output_closed_ = target == STDOUT_FILENO;
        }
    }

    MachineStreams const& streams_;
    Descriptor& output_;
    Descriptor& errors_;
    Descriptor& events_;
    Descriptor& input_;
    std::chrono::steady_clock::time_point const began_ = std::chrono::steady_clock::now();
    EscapeKey escape_{};
    std::string pending_{};
    usize requests_ = 0;
    bool input_ended_ = false;
    bool was_left_ = false;
    bool is_output_closed_ = false;
};

void collect(pid_t child, MachineEnd& end)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        end.signal = WTERMSIG(status);
    } else {
        end.exit_status = WEXITSTATUS(status);
    }
}

}  // namespace

MachineEnd run_machine(std::vector<std::string> const& command, MachineStreams const& streams)
{
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c)
    Descriptor input, output, errors, events, failure;
    Descriptor input_end, output_end, errors_end, events_end, failure_end;
    make_pipe(output, output_end);
    make_pipe(errors, errors_end);
    make_pipe(events, events_end);
    make_pipe(failure, failure_end);
    make_sockets(input_end, input);
    Descriptor const nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));

    ChildEnds ends;
    ends.console_input = streams.has_terminal ? input_end.number() : nothing.number();
    ends.console_output = output_end.number();
    ends.others[0] = errors_end.number();
    ends.others[1] = events_end.number();
    ends.others[2] = streams.has_input_stream ? input_end.number() : -1;
    ends.others[3] = streams.initramfs;
    ends.others[4] = streams.program;
    ends.others[5] = streams.input_file;
    ends.others[6] = streams.memory;
    ends.messages = streams.messages;
    pid_t const child = fork();
    if (child < 0) throw std::runtime_error(std::string("cannot fork: ") + std::strerror(errno));
    if (child == 0) become(command, ends, failure_end.number());
    for (Descriptor* end : {&input_end, &output_end, &errors_end, &events_end, &failure_end}) {
        end->close();
    }
    MachineEnd end;
    if (read_again(failure.number(), &end.error, sizeof(end.error)) > 0) {
        collect(child, end);
        end.kind = end.error == ENOENT ? MachineEnd::Kind::NotFound : MachineEnd::Kind::NotStarted;
        return end;
    }
    if (!streams.has_terminal && !streams.has_input_stream) input.close();
    if (input.is_open()) fcntl(input.number(), F_SETFL, O_NONBLOCK);
    if (streams.has_terminal) make_terminal_raw();
    end.kind = Relay(streams, output, errors, events, input).run();
    restore_terminal();
    if (end.kind != MachineEnd::Kind::Ended) kill(child, SIGKILL);
    collect(child, end);
    return end;
}

}  // namespace drydock::sim
