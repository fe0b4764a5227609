#pragma once

// Names of the image's functions, for reports: a table that tools/kernel_symbols.py makes from a
// first link, and that the second link carries behind its constants. Names are short: without
// parameters, template arguments and the project's namespace.
//
//   .long count
//   .long offset of the function from the image's start, offset of its name in the names   (count)
//   zero-terminated names                                              sorted by function

#include "core/base/span.h"

namespace drydock::guest {

struct FunctionName {
    StringView name{};  // Empty if unknown.
    u64 offset = 0;     // Of the address in the function.
};
FunctionName find_function(u64 address);

}  // namespace drydock::guest
