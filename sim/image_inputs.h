#pragma once

// What the image is given by `drydock boot` and `drydock parity`.

#include <string>
#include <vector>

namespace drydock::sim {

// The path of an image: the given one, or that of the image built or installed with this program,
// for a kernel with a bug put back if one is named. Throws UsageError if it cannot be read.
std::string find_image(std::string const& given, std::string const& kernel);

// The program's words as the image takes them through fw_cfg (guest/options.h), each ended by a
// zero: the count of arguments, the arguments, the environment. Throws UsageError if they are too
// long.
std::string program_strings(std::vector<std::string> const& arguments,
                            std::vector<std::string> const& environment);

}  // namespace drydock::sim
