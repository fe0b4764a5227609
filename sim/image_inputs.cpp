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

std::string find_image(std::string const& given)
{
    if (!given.empty()) {
        if (access(given.c_str(), R_OK) == 0) return given;
        throw UsageError(fmt::format("--image {}: {}", given, std::strerror(errno)));
    }
    std::string const folder = program_folder();
    std::string const built = folder + "/../guest/drydock.elf";
    std::string const installed = folder + "/../lib/drydock/drydock.elf";
    for (std::string const& path : {built, installed}) {
        if (access(path.c_str(), R_OK) == 0) return path;
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
