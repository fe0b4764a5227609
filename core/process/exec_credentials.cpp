#include "core/process/exec_credentials.h"

#include "core/vfs/extended_attributes.h"

namespace drydock {

namespace {

constexpr u32 kSetUid = 04000, kSetGid = 02000, kGroupExecute = 010;

// The attribute security.capability, versions 2 and 3 (include/uapi/linux/capability.h).
struct FileCapabilities {
    bool exist = false;
    bool are_effective = false;
    u64 permitted = 0;
    u64 inheritable = 0;
};

FileCapabilities capabilities_of(ProgramFile const& program)
{
    constexpr u32 kRevisionMask = 0xff000000, kRevision2 = 0x02000000, kRevision3 = 0x03000000;
    constexpr u32 kEffective = 1;
    struct Layout {
        u32 magic = 0;
        u32 words[4] = {};  // Low permitted, low inheritable, high permitted, high inheritable.
        u32 root_id = 0;    // Of version 3.
    } layout;
    FileCapabilities result;
    if ((program.path.mount()->flags() & mount_flags::kNoSuid) != 0) return result;
    ExtendedAttributes const* const attributes = program.path.inode().extended_attributes();
    if (attributes == nullptr) return result;
    Result<ConstBytes> value = attributes->get("security.capability");
    if (value.is_error()) return result;
    constexpr usize kSize2 = sizeof(u32) * 5;
    if (value.value().size() < kSize2 || value.value().size() > sizeof(layout)) return result;
    memcpy(&layout, value.value().data(), value.value().size());
    u32 const revision = layout.magic & kRevisionMask;
    bool const is_2 = revision == kRevision2 && value.value().size() == kSize2;
    bool const is_3 = revision == kRevision3 && value.value().size() == sizeof(layout);
    // Version 3 names whose root it is for; there is one here.
    if (!is_2 && !(is_3 && layout.root_id == 0)) return result;
    result.exist = true;
    result.are_effective = (layout.magic & kEffective) != 0;
    result.permitted = (u64{layout.words[2]} << 32 | layout.words[0]) & kAllCapabilities;
    result.inheritable = (u64{layout.words[3]} << 32 | layout.words[1]) & kAllCapabilities;
    return result;
}

// The ids that the file's bits give.
void take_ids(UserThread const& thread, ProgramFile const& program, Credentials& credentials)
{
    // prctl(2), PR_SET_NO_NEW_PRIVS.
    if (thread.no_new_privileges) return;
    if ((program.permissions & kSetUid) != 0) credentials.euid = program.uid;
    // Without the right to execute for the group the bit means mandatory locking (inode(7)).
    bool const sets_group = (program.permissions & kSetGid) != 0;
    if (sets_group && (program.permissions & kGroupExecute) != 0) credentials.egid = program.gid;
}

}  // namespace

Result<void> decide_credentials(UserThread& thread,
                                ProgramFile const& program,
                                Credentials& credentials,
                                bool& is_secure)
{
    Credentials const& old = thread.credentials;
    credentials = old;
    take_ids(thread, program, credentials);
    CapabilitySets& sets = credentials.capabilities;
    FileCapabilities const file = capabilities_of(program);
    u64 permitted = (sets.bounding & file.permitted) | (sets.inheritable & file.inheritable);
    if (file.are_effective && (file.permitted & ~permitted) != 0) return Errno::Perm;
    bool is_effective = file.are_effective;
    bool const is_real_root = credentials.uid == 0;
    bool const is_root = credentials.euid == 0;
    // Root's programs have all, but one that is set-user-id and has capabilities of its own.
    bool const is_set_to_root = !is_real_root && is_root;
    bool const counts_as_root = (credentials.secure & secure_bits::kNoRoot) == 0;
    if (counts_as_root && !(file.exist && is_set_to_root)) {
        if (is_root || is_real_root) permitted = sets.bounding | old.capabilities.inheritable;
        if (is_root) is_effective = true;
    }
    bool const has_set_id = credentials.euid != old.uid || credentials.egid != old.gid;
    bool const gains = (permitted & ~old.capabilities.permitted) != 0;
    if ((has_set_id || gains) && thread.no_new_privileges) {
        credentials.euid = credentials.uid;
        credentials.egid = credentials.gid;
        permitted &= old.capabilities.permitted;
    }
    credentials.suid = credentials.fsuid = credentials.euid;
    credentials.sgid = credentials.fsgid = credentials.egid;
    if (file.exist || has_set_id) sets.ambient = 0;
    sets.permitted = permitted | sets.ambient;
    sets.effective = is_effective ? sets.permitted : sets.ambient;
    credentials.secure &= ~secure_bits::kKeepCapabilities;
    bool const has_grown = (sets.permitted & ~sets.ambient) != 0;
    is_secure = has_set_id || (!is_real_root && (is_effective || has_grown));
    return {};
}

}  // namespace drydock
