#include "sim/contracts/contract_list.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/host/machine_process.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fnmatch.h>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace drydock::sim {

namespace {

namespace fs = std::filesystem;

constexpr char const* kBuild =
    "install musl-tools, then cmake --preset release && cmake --build --preset release";

// The build folder: this program is one folder below it, or a kernel's variant is.
fs::path build_folder() { return fs::path(program_folder()).parent_path(); }

bool is_asked_for(std::string const& name, std::string const& word)
{
    if (name == word || name.starts_with(word + "/")) return true;
    return fnmatch(word.c_str(), name.c_str(), 0) == 0;
}

}  // namespace

ContractList find_contracts()
{
    fs::path const folder = build_folder() / "tests/contracts";
    fs::path const list = folder / "programs.txt";
    if (!fs::is_regular_file(list)) {
        throw std::runtime_error(fmt::format("the contract programs are not built; {}", kBuild));
    }
    ContractList found;
    found.folder = folder.string();
    MappedFile const file(list.string());
    std::istringstream lines{std::string(file.text())};
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty()) found.names.push_back(line);
    }
    std::sort(found.names.begin(), found.names.end());
    for (std::string const& name : found.names) {
        if (access((folder / name).c_str(), R_OK) == 0) continue;
        throw std::runtime_error(fmt::format("the contract {} is not built; {}", name, kBuild));
    }
    return found;
}

std::string find_contract_driver()
{
    std::string const path = (build_folder() / "guest/user/contract_driver").string();
    if (access(path.c_str(), R_OK) == 0) return path;
    throw std::runtime_error(
        fmt::format("the guest's program contract_driver is not built; {}", kBuild));
}

std::vector<std::string> select_contracts(std::vector<std::string> const& names,
                                          std::vector<std::string> const& wanted)
{
    if (wanted.empty()) return names;
    for (std::string const& word : wanted) {
        bool const is_found = std::any_of(names.begin(), names.end(), [&](std::string const& name) {
            return is_asked_for(name, word);
        });
        if (is_found) continue;
        throw UsageError(
            fmt::format("contracts: no program {}; drydock contracts --list names them", word));
    }
    std::vector<std::string> selected;
    std::copy_if(names.begin(), names.end(), std::back_inserter(selected), [&](auto const& name) {
        return std::any_of(wanted.begin(), wanted.end(), [&](std::string const& word) {
            return is_asked_for(name, word);
        });
    });
    return selected;
}

}  // namespace drydock::sim
