#pragma once

// Who may look into another thread (ptrace(2), "Ptrace access mode checking").

#include "core/process/user_thread.h"

namespace drydock {

// By real ids (PTRACE_MODE_ATTACH_REALCREDS, PTRACE_MODE_READ_REALCREDS).
inline bool may_inspect(UserThread const& caller, UserThread const& target)
{
    Credentials const& from = caller.credentials;
    Credentials const& to = target.credentials;
    bool const is_own = &caller.process() == &target.process();
    if (is_own || from.has(Capability::SysPtrace)) return true;
    bool const same_user = from.uid == to.euid && from.uid == to.suid && from.uid == to.uid;
    bool const same_group = from.gid == to.egid && from.gid == to.sgid && from.gid == to.gid;
    return same_user && same_group;
}

}  // namespace drydock
