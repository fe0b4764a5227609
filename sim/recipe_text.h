#pragma once

// A recipe as the readable lines that start a trace file, and back.

#include "sim/recipe.h"

#include <string>
#include <string_view>

namespace drydock::sim {

enum class TraceKind : u8 { HeaderOnly, WithEvents };

// The lines, the checksum last.
std::string print_recipe(Recipe const& recipe, TraceKind kind = TraceKind::HeaderOnly);

struct ParsedRecipe {
    Recipe recipe{};
    TraceKind kind{};
    std::string_view rest{};  // What follows the checksum's line.
};

enum class Checksum : u8 { Required, Ignored };

// Throws std::runtime_error with a few words that say what is wrong; the caller adds the file.
ParsedRecipe parse_recipe(std::string_view text, Checksum checksum = Checksum::Required);

}  // namespace drydock::sim
