#pragma once

// Takes files and folders out of a guest whose run is over.

#include <string>

namespace drydock::sim {

class Simulation;

// Copies the guest's file or folder `guest` to the host as `host`. Empty, or what went wrong.
std::string export_tree(Simulation& simulation, std::string const& guest, std::string const& host);

}  // namespace drydock::sim
