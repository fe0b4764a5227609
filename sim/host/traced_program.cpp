#include "sim/host/traced_program.h"

#include "sim/host/call_tracer.h"
#include "sim/host/host_usage.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr int kInputRoom = 1 << 20;
// 160 bytes each: more is a program that does not come to an end.
constexpr usize kMostEvents = 8'000'000;

struct Pipe {
    int ends[2] = {-1, -1};

    Pipe()
    {
        if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no descriptors for a program");
    }
    ~Pipe()
    {
        close_end(0);
        close_end(1);
    }
    Pipe(Pipe const&) = delete;
    Pipe& operator=(Pipe const&) = delete;

    void close_end(int end)
    {
        if (ends[end] >= 0) close(ends[end]);
        ends[end] = -1;
    }
};

// Between this process, the tracer and the program.
struct Streams {
    Pipe input{}, output{}, errors{}, events{}, problem{}, release{};
};

void set_limits()
{
    // As the simulated kernel gives its first process (core/process/process_table.cpp).
    setpriority(PRIO_PROCESS, 0, 0);
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(1024, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_STACK, &limit);
    limit.rlim_cur = std::min<rlim_t>(8 * kMiB, limit.rlim_max);
    setrlimit(RLIMIT_STACK, &limit);
    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &limit);
}

std::vector<char*> pointers_to(std::vector<std::string> const& words)
{
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string const& word : words) pointers.push_back(const_cast<char*>(word.data()));
    pointers.push_back(nullptr);
    return pointers;
}

// Only returns where there is no such program; errno says why.
void execute(TracedRequest const& request)
{
    std::vector<char*> const words = pointers_to(request.command);
    std::vector<char*> const environment = pointers_to(request.environment);
    std::string const& name = request.command[0];
    if (name.find('/') != std::string::npos) {
        execve(name.c_str(), words.data(), environment.data());
        return;
    }
    std::string_view path;
    for (std::string const& variable : request.environment) {
        if (variable.starts_with("PATH=")) path = std::string_view(variable).substr(5);
    }
    for (;;) {
        usize const colon = path.find(':');
        std::string const folder(path.substr(0, colon));
        std::string const file = (folder.empty() ? "." : folder) + "/" + name;
        execve(file.c_str(), words.data(), environment.data());
        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) return;
        if (colon == std::string_view::npos) return;
        path.remove_prefix(colon + 1);
    }
}

[[noreturn]] void become_program(TracedRequest const& request,
                                 Streams const& streams,
                                 Problems const& problems)
{
    char byte = 0;
    // Until the tracer is there.
    if (read(streams.release.ends[0], &byte, 1) != 1) _exit(Problems::kNotSetUp);
    setsid();
    set_limits();
    personality(ADDR_NO_RANDOMIZE);
    dup2(streams.input.ends[0], STDIN_FILENO);
    dup2(streams.output.ends[1], STDOUT_FILENO);
    dup2(streams.errors.ends[1], STDERR_FILENO);
    // Whoever started this program may have left files open: the numbers are part of a result.
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    reset_signals();
    execute(request);
    problems.require(false, request.command[0]);
    _exit(Problems::kNotSetUp);
}

class EventWriter {
public:
    explicit EventWriter(int descriptor) : descriptor_(descriptor) {}
    ~EventWriter() { flush(); }
    EventWriter(EventWriter const&) = delete;
    EventWriter& operator=(EventWriter const&) = delete;

    void add(CallEvent const& event)
    {
        events_.push_back(event);
        if (events_.size() >= kBatch) flush();
    }

private:
    static constexpr usize kBatch = 256;

    void flush()
    {
        auto const* at = reinterpret_cast<char const*>(events_.data());
        usize left = events_.size() * sizeof(CallEvent);
        while (left > 0) {
            isize const written = write(descriptor_, at, left);
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) break;
            at += written;
            left -= static_cast<usize>(written);
        }
        events_.clear();
    }

    int descriptor_;
    std::vector<CallEvent> events_;
};

// The first process of the namespace.
[[noreturn]] void become_tracer(std::string const& folder,
                                TracedRequest const& request,
                                Streams& streams)
{
    Problems const problems(streams.problem.ends[1]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    enter_tree(folder, request.tree, problems);
    pid_t const program = fork();
    problems.require(program >= 0, "fork");
    if (program == 0) become_program(request, streams, problems);
    // What only the program may hold: their ends say when it has ended.
    streams.input.close_end(0);
    streams.output.close_end(1);
    streams.errors.close_end(1);
    {
        EventWriter writer(streams.events.ends[1]);
        trace_program(
            program,
            [&] { problems.require(write(streams.release.ends[1], "x", 1) == 1, "release"); },
            [&writer](CallEvent const& event) { writer.add(event); },
            problems);
    }
    _exit(0);
}

// The process between: its child is the first one of the namespace.
[[noreturn]] void work_between(std::string const& folder,
                               TracedRequest const& request,
                               Streams& streams)
{
    Problems const problems(streams.problem.ends[1]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    for (Pipe* const pipe : {&streams.output, &streams.errors, &streams.events, &streams.problem}) {
        pipe->close_end(0);
    }
    streams.input.close_end(1);
    leave_namespaces(problems);
    pid_t const first = fork();
    problems.require(first >= 0, "fork");
    if (first == 0) become_tracer(folder, request, streams);
    for (Pipe* const pipe : {&streams.output, &streams.errors, &streams.events}) {
        pipe->close_end(1);
    }
    streams.input.close_end(0);
    int status = 0;
    while (waitpid(first, &status, 0) < 0 && errno == EINTR) {
    }
    _exit(0);
}

// This process's ends of the pipes, until the program and its tracer have let go of theirs.
class Exchange {
public:
    Exchange(Streams& streams, TracedRequest const& request, TracedEnd& end)
        : streams_(streams), request_(request), end_(end)
    {
        fcntl(streams.input.ends[1], F_SETPIPE_SZ, kInputRoom);
        fcntl(streams.input.ends[1], F_SETFL, O_NONBLOCK);
        send_input();
    }

    // False when the time is over, or there is more than there is room for.
    bool run()
    {
        u64 const began = host_monotonic_ns();
        while (has_open_streams()) {
            u64 const passed = (host_monotonic_ns() - began) / 1'000'000;
            if (passed >= request_.time_limit_ms) return false;
            wait(static_cast<int>(request_.time_limit_ms - passed));
            if (events_.size() > kMostEvents * sizeof(CallEvent)) {
                throw std::runtime_error("the program makes too many calls to compare them");
            }
        }
        return true;
    }

    void take_events()
    {
        end_.events.resize(events_.size() / sizeof(CallEvent));
        std::memcpy(end_.events.data(), events_.data(), end_.events.size() * sizeof(CallEvent));
    }
    std::string const& problem() const { return problem_; }

private:
    bool has_open_streams() const
    {
        return streams_.output.ends[0] >= 0 || streams_.errors.ends[0] >= 0 ||
               streams_.events.ends[0] >= 0 || streams_.problem.ends[0] >= 0;
    }

    void wait(int timeout_ms)
    {
        pollfd files[5] = {{streams_.output.ends[0], POLLIN, 0},
                           {streams_.errors.ends[0], POLLIN, 0},
                           {streams_.events.ends[0], POLLIN, 0},
                           {streams_.problem.ends[0], POLLIN, 0},
                           {streams_.input.ends[1], POLLOUT, 0}};
        if (poll(files, 5, timeout_ms) <= 0) return;
        if (files[0].revents != 0) take(streams_.output, end_.output);
        if (files[1].revents != 0) take(streams_.errors, end_.errors);
        if (files[2].revents != 0) take(streams_.events, events_);
        if (files[3].revents != 0) take(streams_.problem, problem_);
        if (files[4].revents != 0) send_input();
    }

    static void take(Pipe& pipe, std::string& text)
    {
        char chunk[65536];
        isize const size = read(pipe.ends[0], chunk, sizeof(chunk));
        if (size > 0)
            text.append(chunk, static_cast<usize>(size));
        else if (size == 0 || errno != EINTR)
            pipe.close_end(0);
    }

    void send_input()
    {
        while (sent_ < request_.input.size()) {
            isize const size = write(streams_.input.ends[1],
                                     request_.input.data() + sent_,
                                     request_.input.size() - sent_);
            if (size < 0 && errno == EINTR) continue;
            if (size < 0 && errno == EAGAIN) return;
            // Nobody reads it any more.
            if (size <= 0) break;
            sent_ += static_cast<usize>(size);
        }
        streams_.input.close_end(1);
    }

    Streams& streams_;
    TracedRequest const& request_;
    TracedEnd& end_;
    usize sent_ = 0;
    std::string events_;
    std::string problem_;
};

// A program that ends before it has read its input must not end this one.
class WithoutPipeSignal {
public:
    WithoutPipeSignal() : before_(signal(SIGPIPE, SIG_IGN)) {}
    ~WithoutPipeSignal() { signal(SIGPIPE, before_); }
    WithoutPipeSignal(WithoutPipeSignal const&) = delete;
    WithoutPipeSignal& operator=(WithoutPipeSignal const&) = delete;

private:
    void (*before_)(int);
};

// Ends it, with the namespace inside, and waits for that.
class Between {
public:
    explicit Between(pid_t process) : process_(process) {}
    ~Between()
    {
        kill(process_, SIGKILL);
        int status = 0;
        while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
    }
    Between(Between const&) = delete;
    Between& operator=(Between const&) = delete;

private:
    pid_t process_;
};

}  // namespace

TracedEnd run_traced(TracedRequest const& request)
{
    MountPoint const folder;
    WithoutPipeSignal const guard;
    Streams streams;
    TracedEnd end;
    Exchange exchange(streams, request, end);
    pid_t const child = fork();
    if (child < 0) throw std::runtime_error("no process for a program");
    if (child == 0) work_between(folder.path(), request, streams);
    Between const between(child);
    for (Pipe* const pipe : {&streams.output, &streams.errors, &streams.events, &streams.problem}) {
        pipe->close_end(1);
    }
    streams.input.close_end(0);
    streams.release.close_end(0);
    streams.release.close_end(1);
    end.is_over_time = !exchange.run();
    if (!exchange.problem().empty()) throw std::runtime_error(exchange.problem());
    exchange.take_events();
    return end;
}

}  // namespace drydock::sim
