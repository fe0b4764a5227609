#include "sim/host/debugger.h"

#include "sim/host/places.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/time.h>
#include <unistd.h>

namespace drydock::sim {

void become_debugger(std::vector<std::string> const& commands,
                     bool is_batch,
                     std::vector<std::string> const& arguments)
{
    std::vector<std::string> words = {"gdb", "-q"};
    if (is_batch) words.emplace_back("-batch");
    for (std::string const& command : commands) {
        words.emplace_back("-ex");
        words.push_back(command);
    }
    words.emplace_back("--args");
    words.push_back(path_of_program());
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    if (is_batch) {
        // A debugger that asks nobody needs no terminal, and in the background must not want one.
        int const nothing = open("/dev/null", O_RDONLY);
        if (nothing >= 0) dup2(nothing, STDIN_FILENO);
    }
    // What a watch on runs has set outlives execve(2): a debugger needs SIGCHLD and no timer.
    itimerval const none{};
    setitimer(ITIMER_PROF, &none, nullptr);
    sigset_t nothing_blocked{};
    sigemptyset(&nothing_blocked);
    sigprocmask(SIG_SETMASK, &nothing_blocked, nullptr);
    execvp("gdb", pointers.data());
    throw std::runtime_error(std::string("gdb cannot be started (") + std::strerror(errno) +
                             "); install the package gdb");
}

}  // namespace drydock::sim
