#include "sim/host/debugger.h"

#include "sim/host/places.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
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
    execvp("gdb", pointers.data());
    throw std::runtime_error(std::string("gdb cannot be started (") + std::strerror(errno) +
                             "); install the package gdb");
}

}  // namespace drydock::sim
