#pragma once

// Runs the program as its users do.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim::test {

struct Result {
    int status = 0;
    std::string output{};
};

// Both streams together, unless the command redirects.
inline Result run_program(std::string const& program, std::string const& arguments)
{
    std::string const command = "(" + program + " " + arguments + ") 2>&1 < /dev/null";
    std::FILE* const pipe = popen(command.c_str(), "r");
    Result result;
    std::array<char, 4096> part{};
    for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
        result.output.append(part.data(), size);
    }
    int const status = pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    return result;
}

class Folder {
public:
    Folder()
    {
        std::string name = "/tmp/drydock-test-XXXXXX";
        path_ = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    std::string operator/(std::string const& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

inline std::string content_of(std::string const& path)
{
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace drydock::sim::test
