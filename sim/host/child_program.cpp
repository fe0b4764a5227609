#include "sim/host/child_program.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr int kNotStarted = 126;

[[noreturn]] void become(std::vector<std::string> const& command, int output)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int const nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (std::string const& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execv(words[0], words.data());
    _exit(kNotStarted);
}

}  // namespace

int run_child_program(std::vector<std::string> const& command, std::string const& output_path)
{
    int const output = open(output_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (output < 0) {
        throw std::runtime_error(
            fmt::format("{}: cannot be written ({})", output_path, std::strerror(errno)));
    }
    pid_t const child = fork();
    if (child == 0) become(command, output);
    int const error = errno;
    close(output);
    if (child < 0) {
        throw std::runtime_error(
            fmt::format("{}: cannot be started ({})", command[0], std::strerror(error)));
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace drydock::sim
