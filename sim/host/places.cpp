#include "sim/host/places.h"

#include <filesystem>

namespace drydock::sim {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBuild = "@build/";

// Programs stand one folder below the build's own: sim/, bugs/, tests/.
fs::path build_folder() { return fs::path(path_of_program()).parent_path().parent_path(); }

}  // namespace

std::string path_of_program() { return fs::read_symlink("/proc/self/exe").string(); }

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
