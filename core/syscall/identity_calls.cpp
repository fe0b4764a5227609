#include "core/syscall/handlers.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

constexpr u32 kUnchanged = ~u32{0};

// setuid(2) and its family: an unprivileged caller may only pick among the ids that it has.
bool may_take_uid(Credentials const& own, u32 id)
{
    return own.has(Capability::SetUid) || id == own.uid || id == own.euid || id == own.suid;
}

bool may_take_gid(Credentials const& own, u32 id)
{
    return own.has(Capability::SetGid) || id == own.gid || id == own.egid || id == own.sgid;
}

// Looks at the ids of the thread before and after a call: whoever takes others gives away that his
// memory may be looked into, and the signal at his parent's end (kernel/cred.c, commit_creds()).
// The other threads keep theirs: it is the C library that changes all (nptl(7)).
class IdChange {
public:
    explicit IdChange(UserThread& thread, bool is_file_id_alone = false)
        : thread_(thread), is_file_id_alone_(is_file_id_alone), before_(ids())
    {}
    IdChange(IdChange const&) = delete;
    IdChange& operator=(IdChange const&) = delete;
    ~IdChange()
    {
        Ids const now = ids();
        fix_capabilities(now);
        bool const is_same = now.euid == before_.euid && now.fsuid == before_.fsuid &&
                             now.egid == before_.egid && now.fsgid == before_.fsgid;
        if (is_same) return;
        thread_.process().is_dumpable = false;
        thread_.parent_death_signal = 0;
    }

private:
    struct Ids {
        u32 uid = 0, euid = 0, suid = 0, fsuid = 0, egid = 0, fsgid = 0;
        bool has_root() const { return uid == 0 || euid == 0 || suid == 0; }
    };
    Ids ids() const
    {
        Credentials const& own = thread_.credentials;
        return {own.uid, own.euid, own.suid, own.fsuid, own.egid, own.fsgid};
    }
    // capabilities(7), "Effect of user ID changes on capabilities". What setfsuid(2) does is a part
    // of what the others do, since those set fsuid to euid.
    void fix_capabilities(Ids const& now)
    {
        Credentials& own = thread_.credentials;
        CapabilitySets& sets = own.capabilities;
        if ((own.secure & secure_bits::kNoSetUidFixup) != 0) return;
        if (before_.has_root() && !now.has_root()) {
            bool const keeps = (own.secure & secure_bits::kKeepCapabilities) != 0;
            if (!keeps) sets.permitted = sets.effective = 0;
            sets.ambient = 0;
        }
        if (before_.euid == 0 && now.euid != 0) sets.effective = 0;
        if (before_.euid != 0 && now.euid == 0) sets.effective = sets.permitted;
        if (!is_file_id_alone_) return;
        if (before_.fsuid == 0 && now.fsuid != 0) sets.effective &= ~kFileCapabilities;
        if (before_.fsuid != 0 && now.fsuid == 0) {
            sets.effective |= sets.permitted & kFileCapabilities;
        }
    }

    UserThread& thread_;
    bool const is_file_id_alone_;  // setfsuid(2).
    Ids const before_;
};

Result<i64> write_three(Call& call, u32 first, u32 second, u32 third)
{
    TRY(call.space().write(call.address(0), first));
    TRY(call.space().write(call.address(1), second));
    TRY(call.space().write(call.address(2), third));
    return i64{0};
}

}  // namespace

// --- user ids
// --------------------------------------------------------------------------------------

Result<i64> sys_getuid(Call& call) { return i64{call.thread.credentials.uid}; }
Result<i64> sys_geteuid(Call& call) { return i64{call.thread.credentials.euid}; }
Result<i64> sys_getgid(Call& call) { return i64{call.thread.credentials.gid}; }
Result<i64> sys_getegid(Call& call) { return i64{call.thread.credentials.egid}; }

Result<i64> sys_setuid(Call& call)
{
    IdChange const change(call.thread);
    Credentials& own = call.thread.credentials;
    u32 const id = call.word(0);
    if (id == kUnchanged) return Errno::Inval;
    if (own.has(Capability::SetUid)) {
        own.uid = id;
        own.suid = id;
    } else if (id != own.uid && id != own.suid) {
        return Errno::Perm;
    }
    own.euid = id;
    own.fsuid = id;
    return i64{0};
}

Result<i64> sys_setgid(Call& call)
{
    IdChange const change(call.thread);
    Credentials& own = call.thread.credentials;
    u32 const id = call.word(0);
    if (id == kUnchanged) return Errno::Inval;
    if (own.has(Capability::SetGid)) {
        own.gid = id;
        own.sgid = id;
    } else if (id != own.gid && id != own.sgid) {
        return Errno::Perm;
    }
    own.egid = id;
    own.fsgid = id;
    return i64{0};
}

Result<i64> sys_setreuid(Call& call)
{
    IdChange const change(call.thread);
    Credentials& own = call.thread.credentials;
    u32 const real = call.word(0);
    u32 const effective = call.word(1);
    bool const may_real = own.has(Capability::SetUid) || real == own.uid || real == own.euid;
    if (real != kUnchanged && !may_real) return Errno::Perm;
    if (effective != kUnchanged && !may_take_uid(own, effective)) return Errno::Perm;
    bool const changes_saved =
        real != kUnchanged || (effective != kUnchanged && effective != own.uid);
    if (real != kUnchanged) own.uid = real;
    if (effective != kUnchanged) own.euid = effective;
    if (changes_saved) own.suid = own.euid;
    own.fsuid = own.euid;
    return i64{0};
}

Result<i64> sys_setregid(Call& call)
{
    IdChange const change(call.thread);
    Credentials& own = call.thread.credentials;
    u32 const real = call.word(0);
    u32 const effective = call.word(1);
    bool const may_real = own.has(Capability::SetGid) || real == own.gid || real == own.egid;
    if (real != kUnchanged && !may_real) return Errno::Perm;
    if (effective != kUnchanged && !may_take_gid(own, effective)) return Errno::Perm;
    bool const changes_saved =
        real != kUnchanged || (effective != kUnchanged && effective != own.gid);
    if (real != kUnchanged) own.gid = real;
    if (effective != kUnchanged) own.egid = effective;
    if (changes_saved) own.sgid = own.egid;
    own.fsgid = own.egid;
    return i64{0};
}

Result<i64> sys_setresuid(Call& call)
{
    IdChange const change(call.thread);
    Credentials& own = call.thread.credentials;
    for (usize i = 0; i < 3; ++i) {
        if (call.word(i) != kUnchanged && !may_take_uid(own, call.word(i))) return Errno::Perm;
    }
    if (call.word(0) != kUnchanged) own.uid = call.word(0);
    if (call.word(1) != kUnchanged) own.euid = call.word(1);
    if (call.word(2) != kUnchanged) own.suid = call.word(2);
    own.fsuid = own.euid;
    return i64{0};
}

Result<i64> sys_setresgid(Call& call)
{
    IdChange const change(call.thread);
    Credentials& own = call.thread.credentials;
    for (usize i = 0; i < 3; ++i) {
        if (call.word(i) != kUnchanged && !may_take_gid(own, call.word(i))) return Errno::Perm;
    }
    if (call.word(0) != kUnchanged) own.gid = call.word(0);
    if (call.word(1) != kUnchanged) own.egid = call.word(1);
    if (call.word(2) != kUnchanged) own.sgid = call.word(2);
    own.fsgid = own.egid;
    return i64{0};
}

Result<i64> sys_getresuid(Call& call)
{
    Credentials const& own = call.thread.credentials;
    return write_three(call, own.uid, own.euid, own.suid);
}

Result<i64> sys_getresgid(Call& call)
{
    Credentials const& own = call.thread.credentials;
    return write_three(call, own.gid, own.egid, own.sgid);
}

// setfsuid(2): always the old value, whether it was changed or not.
Result<i64> sys_setfsuid(Call& call)
{
    IdChange const change(call.thread, true);
    Credentials& own = call.thread.credentials;
    u32 const old = own.fsuid;
    u32 const id = call.word(0);
    if (id != kUnchanged && (may_take_uid(own, id) || id == own.fsuid)) own.fsuid = id;
    return i64{old};
}

Result<i64> sys_setfsgid(Call& call)
{
    IdChange const change(call.thread);
    Credentials& own = call.thread.credentials;
    u32 const old = own.fsgid;
    u32 const id = call.word(0);
    if (id != kUnchanged && (may_take_gid(own, id) || id == own.fsgid)) own.fsgid = id;
    return i64{old};
}

Result<i64> sys_getgroups(Call& call)
{
    GroupList const* const list = call.thread.credentials.groups.get();
    u32 const count = list == nullptr ? 0 : static_cast<u32>(list->all().size());
    i32 const room = call.integer(0);
    if (room < 0) return Errno::Inval;
    if (room == 0) return i64{count};
    if (static_cast<u32>(room) < count) return Errno::Inval;
    if (count == 0) return i64{0};
    auto const* const bytes = reinterpret_cast<std::byte const*>(list->all().data());
    TRY(call.space().write_bytes(call.address(1), {bytes, usize{count} * sizeof(u32)}));
    return i64{count};
}

Result<i64> sys_setgroups(Call& call)
{
    Credentials& own = call.thread.credentials;
    u32 const count = call.word(0);
    if (!own.has(Capability::SetGid)) return Errno::Perm;
    if (count > kMaximumGroups) return Errno::Inval;
    Ref<GroupList> groups;
    if (count > 0) {
        Heap& heap = call.system().heap;
        Buffer storage = TRY(GroupList::allocate(heap, count));
        // One after the other: what is no group is seen before what cannot be read.
        u64 const come = call.space().copy_in(storage.bytes(), call.address(1)) / sizeof(u32);
        auto const* const given = reinterpret_cast<u32 const*>(storage.data());
        for (u64 i = 0; i < come; ++i) {
            if (given[i] == kUnchanged) return Errno::Inval;
        }
        if (come < count) return Errno::Fault;
        groups = TRY(heap.create_ref<GroupList>(std::move(storage)));
    }
    own.groups = std::move(groups);
    return i64{0};
}

}  // namespace drydock
