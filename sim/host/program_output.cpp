#include "sim/host/program_output.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

ProgramOutput::ProgramOutput(std::string const& path, std::vector<std::string> arguments)
    : path_(path)
{
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) throw std::runtime_error("no descriptors for another program");
    std::vector<char*> words = {path_.data()};
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    pid_t const parent = getpid();
    process_ = fork();
    if (process_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(path_.c_str(), words.data());
        _exit(127);
    }
    int const error = errno;
    close(ends[1]);
    output_ = ends[0];
    if (process_ >= 0) return;
    close(output_);
    throw std::runtime_error(fmt::format("no process for {}: {}", path_, std::strerror(error)));
}

ProgramOutput::~ProgramOutput()
{
    if (output_ >= 0) close(output_);
    if (process_ < 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
}

std::string ProgramOutput::take()
{
    std::string text;
    char chunk[4096];
    for (;;) {
        isize const size = read(output_, chunk, sizeof(chunk));
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) break;
        text.append(chunk, static_cast<usize>(size));
    }
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
    throw std::runtime_error(WIFEXITED(status)
                                 ? fmt::format("{} ended with {}", path_, WEXITSTATUS(status))
                                 : fmt::format("{} died by signal {}", path_, WTERMSIG(status)));
}

}  // namespace drydock::sim
