#pragma once

// `drydock diff`: what its command line says, and the comparison itself (sim/diff/diff.h).

#include "sim/command.h"
#include "sim/root_archive.h"

#include <memory>
#include <string>
#include <vector>

namespace drydock::sim {

struct DiffRequest {
    std::string root{};
    std::vector<Import> imports{};
    std::vector<std::string> environment{};
    u64 memory_bytes = 0;   // 0: as the file tree needs it.
    u64 time_limit_ns = 0;  // Of each side's own time.
    usize context = 0;      // Calls shown before a difference.
    bool is_quiet = false;
    std::vector<std::string> command{};
};

// The command and its options in the program's command line. Outlives the parsing.
class DiffCommand {
public:
    explicit DiffCommand(CommandLine& line);
    ~DiffCommand();
    DiffCommand(DiffCommand const&) = delete;
    DiffCommand& operator=(DiffCommand const&) = delete;

    bool is_chosen() const { return command_.is_chosen(); }
    // 0 if both sides did the same, 1 if not. `kernel` is the one that this program is linked with;
    // for another one its program runs in place of this. Throws UsageError, and std::runtime_error
    // if there is nothing to compare.
    int run(char const* kernel, char** arguments) const;

private:
    struct RawOptions;

    Command command_;
    std::unique_ptr<RawOptions> raw_;
};

}  // namespace drydock::sim
