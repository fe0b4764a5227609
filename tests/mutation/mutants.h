#pragma once

// Copied into the rewritten core of a mutation run as core/base/mutants.h: says for each site
// whether what stands there is kept. Nothing of it is in the kernel's own sources.

extern "C" {
// The number of the site that is deleted; 0: none.
extern unsigned drydock_mutant;
// By number: whether a site has been reached. Null: nobody wants to know.
extern unsigned char* drydock_mutants_reached;
}

namespace drydock {

inline bool mutant_keeps(unsigned number)
{
    if (drydock_mutants_reached != nullptr) drydock_mutants_reached[number] = 1;
    return number != drydock_mutant;
}

}  // namespace drydock
