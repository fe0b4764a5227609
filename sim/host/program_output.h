#pragma once

// Another program of this build, run beside this one for what it prints.

#include "core/base/integers.h"

#include <string>
#include <vector>

namespace drydock::sim {

// Runs from construction on. Ends with this process.
class ProgramOutput {
public:
    // Throws std::runtime_error if the host has no room for a process.
    ProgramOutput(std::string const& path, std::vector<std::string> arguments);
    ~ProgramOutput();
    ProgramOutput(ProgramOutput const&) = delete;
    ProgramOutput& operator=(ProgramOutput const&) = delete;

    // Waits for the end; what it printed. Once. Throws std::runtime_error unless it ended with
    // status 0; what it had to say is on standard error.
    std::string take();

private:
    std::string path_;
    int output_ = -1;
    int process_ = -1;
};

}  // namespace drydock::sim
