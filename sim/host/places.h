#pragma once

// Where this program stands, and files that were built with it.

#include <string>

namespace drydock::sim {

// The path of the running program.
std::string path_of_program();

// A file or folder of the repository that this program was built in: below the first folder above
// the program that has it. Throws std::runtime_error if none has.
std::string find_above_program(std::string const& name);
// The path of a program that the shell would find; empty if there is none.
std::string find_in_path(std::string const& name);

// A file's absolute path; for one of the build folder that this program is part of, a name that
// means the same file in any other: "@build/guest/user/suite".
std::string anywhere(std::string const& path);
// The reverse, for the build folder of this program.
std::string here(std::string const& name);

}  // namespace drydock::sim
