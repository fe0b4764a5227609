#include "sim/host/suite_program.h"

#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace drydock::sim {

namespace {

std::string find_program(char const* name)
{
    namespace fs = std::filesystem;
    fs::path const own = fs::read_symlink("/proc/self/exe").parent_path();
    // sim/drydock, or another program one folder below the build's own.
    for (fs::path const& path : {own / name, own.parent_path() / "guest/user" / name}) {
        if (fs::is_regular_file(path) && access(path.c_str(), R_OK) == 0) return path.string();
    }
    throw std::runtime_error(std::string("the guest's program ") + name +
                             " is not built; install musl-tools, then cmake --preset release && "
                             "cmake --build --preset release");
}

}  // namespace

std::string find_suite_program() { return find_program("suite"); }
std::string find_probe_program() { return find_program("probe"); }

}  // namespace drydock::sim
