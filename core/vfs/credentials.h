#pragma once

// Who asks: the ids that permission checks look at (credentials(7)).

#include "core/vfs/capabilities.h"
#include "core/vfs/group_list.h"

namespace drydock {

struct Credentials {
    u32 uid = 0, euid = 0, suid = 0, fsuid = 0;
    u32 gid = 0, egid = 0, sgid = 0, fsgid = 0;
    u32 secure = 0;           // secure_bits
    Ref<GroupList> groups{};  // Null: none.
    CapabilitySets capabilities{};

    bool has(Capability capability) const
    {
        return (capabilities.effective & bit_of(capability)) != 0;
    }
    bool has_any(u64 set) const { return (capabilities.effective & set) != 0; }
    bool in_group(u32 group) const { return fsgid == group || (groups && groups->has(group)); }
};

}  // namespace drydock
