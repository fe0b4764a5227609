#include "sim/image_inputs.h"

#include "core/base/integers.h"
#include "sim/command_line.h"
#include "sim/host/machine_process.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

// guest/machine.h: room for the program's words.
constexpr usize kProgramRoom = 64 * kKiB;

}  // namespace

std::string find_image(std::string const& given, std::string const& kernel)
{
    bool const is_variant = !kernel.empty() && kernel != kUnpatchedKernel;
    if (!given.empty()) {
        if (is_variant) throw UsageError("--image and --kernel both name an image; give one");
        if (access(given.c_str(), R_OK) == 0) return given;
        throw UsageError(fmt::format("--image {}: {}", given, std::strerror(errno)));
    }
    std::string const folder = program_folder();
    if (kernel.find('/') != std::string::npos)
        throw UsageError(fmt::format("--kernel {}: give the name of a kernel", kernel));
    std::string const file = (is_variant ? kernel : "drydock") + ".elf";
    std::string const built = folder + (is_variant ? "/../bugs/" : "/../guest/") + file;
    std::string const installed = folder + "/../lib/drydock/" + file;
    for (std::string const& path : {built, installed}) {
        if (access(path.c_str(), R_OK) == 0) return path;
    }
    if (is_variant) {
        throw UsageError(fmt::format("--kernel {}: {}: not there; build it: cmake --build --preset "
                                     "release --target drydock-bug-{}_elf",
                                     kernel,
                                     built,
                                     kernel));
    }
    throw UsageError(
        fmt::format("{}: not there; build it (target drydock_elf), or give --image", built));
}

std::string program_strings(std::vector<std::string> const& arguments,
                            std::vector<std::string> const& environment)
{
    std::string strings;
    auto const add = [&strings](std::string const& text) {
        strings.append(text.c_str(), text.size() + 1);
    };
    add(fmt::format("{}", arguments.size()));
    for (std::string const& word : arguments) add(word);
    for (std::string const& variable : environment) add(variable);
    if (strings.size() <= kProgramRoom) return strings;
    throw UsageError("the program's arguments and environment are longer than 64 KiB together");
}

}  // namespace drydock::sim
