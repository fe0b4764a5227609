#pragma once

// The first line of a script: "#!interpreter [argument]" (execve(2), "Interpreter scripts").

#include "core/base/result.h"
#include "core/base/span.h"

namespace drydock {

// What the kernel looks at (BINPRM_BUF_SIZE).
inline constexpr usize kScriptLineSize = 256;

struct ScriptLine {
    StringView interpreter{};
    StringView argument{};  // Empty: none. Everything behind the interpreter is one argument.
};

inline bool is_script(ConstBytes start)
{
    return start.size() >= 2 && start[0] == std::byte{'#'} && start[1] == std::byte{'!'};
}

// `start`: the first kScriptLineSize bytes of the file, zeros behind its end; the parts point into
// it. Errno::NoExec where the line names no interpreter, or is cut within its name.
Result<ScriptLine> parse_script_line(ConstBytes start);

}  // namespace drydock
