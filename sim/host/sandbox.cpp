#include "sim/host/sandbox.h"

#include "sim/host/host_usage.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

[[noreturn]] void become_first_process(std::string const& folder,
                                       SandboxRequest const& request,
                                       int output,
                                       Problems const& problems)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    enter_tree(folder, request.tree, problems);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    // Whoever started this program may have left files open: the numbers are part of a result.
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    reset_signals();
    std::vector<char*> words;
    words.reserve(request.command.size() + 1);
    for (std::string const& word : request.command) words.push_back(const_cast<char*>(word.data()));
    words.push_back(nullptr);
    char* const environment[] = {nullptr};
    execve(words[0], words.data(), environment);
    problems.require(false, request.command[0]);
    _exit(Problems::kNotSetUp);
}

// The process between: its child is the first one of the namespace.
[[noreturn]] void work_between(std::string const& folder,
                               SandboxRequest const& request,
                               int output,
                               Problems const& problems)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    leave_namespaces(problems);
    pid_t const first = fork();
    problems.require(first >= 0, "fork");
    if (first == 0) become_first_process(folder, request, output, problems);
    close(output);
    int status = 0;
    while (waitpid(first, &status, 0) < 0 && errno == EINTR) {
    }
    _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

// To its end, or until the time is over; whether the end came.
bool read_to_end(int descriptor, u64 time_limit_ms, std::string& text)
{
    u64 const began = host_monotonic_ns();
    for (;;) {
        u64 const passed = (host_monotonic_ns() - began) / 1'000'000;
        if (passed >= time_limit_ms) return false;
        pollfd file{descriptor, POLLIN, 0};
        if (poll(&file, 1, static_cast<int>(time_limit_ms - passed)) <= 0) continue;
        char chunk[65536];
        isize const size = read(descriptor, chunk, sizeof(chunk));
        if (size == 0 || (size < 0 && errno != EINTR)) return true;
        if (size > 0) text.append(chunk, static_cast<usize>(size));
    }
}

}  // namespace

SandboxEnd run_in_sandbox(SandboxRequest const& request)
{
    MountPoint const folder;
    int output[2] = {-1, -1};
    int problem[2] = {-1, -1};
    if (pipe2(output, O_CLOEXEC) != 0 || pipe2(problem, O_CLOEXEC) != 0) {
        throw std::runtime_error("no descriptors for a sandbox");
    }
    pid_t const child = fork();
    if (child == 0) work_between(folder.path(), request, output[1], Problems(problem[1]));
    close(output[1]);
    close(problem[1]);
    SandboxEnd end;
    std::string reason;
    if (child > 0) {
        end.is_over_time = !read_to_end(output[0], request.time_limit_ms, end.output);
        // Its child, the first process, ends with it, and with that all others.
        if (end.is_over_time) kill(child, SIGKILL);
        read_to_end(problem[0], 1000, reason);
        while (waitpid(child, &end.status, 0) < 0 && errno == EINTR) {
        }
    }
    close(output[0]);
    close(problem[0]);
    if (child < 0) throw std::runtime_error("no process for a sandbox");
    if (!reason.empty()) throw std::runtime_error(reason);
    return end;
}

}  // namespace drydock::sim
