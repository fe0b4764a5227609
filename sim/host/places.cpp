#include "sim/host/places.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace drydock::sim {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBuild = "@build/";

// Programs stand one folder below the build's own: sim/, bugs/, tests/.
fs::path build_folder() { return fs::path(path_of_program()).parent_path().parent_path(); }

}  // namespace

std::string path_of_program() { return fs::read_symlink("/proc/self/exe").string(); }

std::string find_above_program(std::string const& name)
{
    fs::path const program = path_of_program();
    for (fs::path folder = program.parent_path(); folder != folder.root_path();
         folder = folder.parent_path()) {
        if (fs::exists(folder / name)) return (folder / name).string();
    }
    throw std::runtime_error(name + ": not found above " + program.string());
}

std::string find_in_path(std::string const& name)
{
    char const* const variable = std::getenv("PATH");
    std::string const folders = variable != nullptr ? variable : "/usr/bin:/bin";
    for (std::size_t at = 0; at <= folders.size();) {
        std::size_t const end = std::min(folders.find(':', at), folders.size());
        fs::path const path = fs::path(folders.substr(at, end - at)) / name;
        if (fs::is_regular_file(path) && access(path.c_str(), X_OK) == 0) return path.string();
        at = end + 1;
    }
    return {};
}

std::string anywhere(std::string const& path)
{
    fs::path const whole = fs::absolute(path).lexically_normal();
    fs::path const part = whole.lexically_relative(build_folder());
    bool const is_built = !part.empty() && *part.begin() != ".." && *part.begin() != ".";
    return is_built ? std::string(kBuild) + part.string() : whole.string();
}

std::string here(std::string const& name)
{
    if (!name.starts_with(kBuild)) return name;
    return (build_folder() / name.substr(kBuild.size())).string();
}

}  // namespace drydock::sim
