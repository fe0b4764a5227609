#pragma once

// Who asks: the ids that permission checks look at (credentials(7)).

#include "core/base/integers.h"

namespace drydock {

inline constexpr usize kMaximumGroups = 32;

struct Credentials {
    u32 uid = 0, euid = 0, suid = 0, fsuid = 0;
    u32 gid = 0, egid = 0, sgid = 0, fsgid = 0;
    u32 group_count = 0;
    u32 groups[kMaximumGroups] = {};

    // The kernel's stand-in for all capabilities.
    bool is_privileged() const { return euid == 0; }
    // The same for those about files (capabilities(7), "Effect of user ID changes"): they follow
    // the file system's user id.
    bool is_privileged_for_files() const { return fsuid == 0; }
    bool in_group(u32 group) const
    {
        if (fsgid == group) return true;
        for (u32 i = 0; i < group_count; ++i) {
            if (groups[i] == group) return true;
        }
        return false;
    }
};

}  // namespace drydock
