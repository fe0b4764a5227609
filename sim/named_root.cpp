#include "sim/named_root.h"

#include "sim/host/places.h"

#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>

namespace drydock::sim {

namespace fs = std::filesystem;

std::string find_root(std::string const& given)
{
    std::error_code error;
    bool const is_name = !given.empty() && given.find('/') == std::string::npos;
    if (!is_name || fs::exists(given, error)) return given;
    // Programs stand in build/PRESET/FOLDER.
    fs::path const build = fs::path(path_of_program()).parent_path().parent_path().parent_path();
    fs::path const folder = build / "roots";
    for (char const* const suffix : {".cpio", ""}) {
        fs::path const path = folder / (given + suffix);
        if (fs::exists(path, error)) return path.string();
    }
    throw std::runtime_error(fmt::format("--root {}: no such folder or archive, and no root of "
                                         "that name has been made; make one: tools/make_root {}",
                                         given,
                                         given));
}

}  // namespace drydock::sim
