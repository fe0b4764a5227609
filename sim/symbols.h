#pragma once

// Names of functions in the running program, from its own symbol table: for reports only.

#include "core/base/integers.h"

#include <string>
#include <vector>

namespace drydock::sim {

class Symbols {
public:
    // Reads the program's file; empty if that fails.
    Symbols();

    struct Found {
        std::string name{};  // Demangled; empty if unknown.
        u64 offset = 0;      // Of the address in the function.
    };
    Found find(u64 address) const;
    // "name+0x12", or the address.
    std::string describe(u64 address) const;

private:
    struct Symbol {
        u64 address = 0;
        u64 size = 0;
        std::string name{};
    };
    std::vector<Symbol> symbols_;  // By address.
};

}  // namespace drydock::sim
