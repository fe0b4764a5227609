#include "sim/compare/linux_package.h"

#include "sim/host/places.h"
#include "sim/host/program_output.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unistd.h>

namespace drydock::sim {

LinuxPackage find_linux_package()
{
    std::string const python = find_in_path("python3");
    if (python.empty()) throw std::runtime_error("python3 is missing, which fetches Linux");
    std::string const tool = find_above_program("tools/linux_image.py");
    std::string const text = ProgramOutput(python, {tool, "--json"}).take();
    nlohmann::json const answer = nlohmann::json::parse(text, nullptr, false);
    if (!answer.is_object()) throw std::runtime_error(tool + ": no answer");
    if (answer.contains("problem")) {
        throw std::runtime_error("Linux: " + answer["problem"].get<std::string>());
    }
    return {answer.at("kernel").get<std::string>(),
            answer.at("package").get<std::string>(),
            answer.at("version").get<std::string>()};
}

LinuxPackage given_linux(std::string const& path)
{
    if (access(path.c_str(), R_OK) == 0) return {path, {}, {}};
    throw std::runtime_error(fmt::format(
        "--linux {}: {}; give run, stored or the path of a bzImage", path, std::strerror(errno)));
}

}  // namespace drydock::sim
