#include "sim/host/kernel_variant.h"

#include "sim/command_line.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>
#include <unistd.h>

namespace drydock::sim {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "drydock-bug-";

// Where this program and its variants stand, installed together or in a build folder.
std::vector<fs::path> folders_of_kernels()
{
    fs::path const own = fs::read_symlink("/proc/self/exe").parent_path();
    fs::path const above = own.parent_path();
    return {own, above / "bugs", above / "sim"};
}

std::string known_kernels(std::vector<fs::path> const& folders)
{
    std::vector<std::string> names;
    for (fs::path const& folder : folders) {
        std::error_code error;
        for (fs::directory_entry const& entry : fs::directory_iterator(folder, error)) {
            std::string const name = entry.path().filename().string();
            if (!name.starts_with(kPrefix)) continue;
            if (access(entry.path().c_str(), X_OK) == 0)
                names.push_back(name.substr(kPrefix.size()));
        }
    }
    std::sort(names.begin(), names.end());
    std::string text;
    for (std::string const& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

std::string find_kernel(std::string const& kernel)
{
    std::vector<fs::path> const folders = folders_of_kernels();
    bool const is_name = !kernel.empty() && kernel.find('/') == std::string::npos;
    std::string const file = kernel == kUnpatchedKernel ? "drydock" : std::string(kPrefix) + kernel;
    for (fs::path const& folder : folders) {
        if (!is_name) break;
        fs::path const program = folder / file;
        if (access(program.c_str(), X_OK) == 0) return program.string();
    }
    std::string const known = known_kernels(folders);
    throw std::runtime_error(
        fmt::format("--kernel {}: no such kernel; {}",
                    kernel,
                    known.empty() ? "none is built: cmake --build --preset release --target bugs"
                                  : "there are " + known));
}

void become_kernel(std::string const& kernel, char** arguments)
{
    std::string const program = find_kernel(kernel);
    execv(program.c_str(), arguments);
    throw std::runtime_error(
        fmt::format("--kernel {}: {}: {}", kernel, program, std::strerror(errno)));
}

}  // namespace drydock::sim
