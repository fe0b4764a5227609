#include "sim/command_line.h"
#include "sim/host/host_usage.h"

#include <fmt/format.h>

namespace drydock::sim {

std::vector<std::string> guest_environment(std::vector<std::string> const& extra, bool has_terminal)
{
    std::vector<std::string> variables = {
        "PATH=/bin:/sbin:/usr/bin:/usr/sbin",
        "HOME=/root",
        fmt::format("TERM={}", has_terminal ? host_terminal_name() : "linux"),
    };
    for (std::string const& text : extra) {
        std::string const name = text.substr(0, text.find('=') + 1);
        std::erase_if(variables, [&](std::string const& known) { return known.starts_with(name); });
        variables.push_back(text);
    }
    return variables;
}

}  // namespace drydock::sim
