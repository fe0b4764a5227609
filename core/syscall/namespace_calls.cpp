// unshare(2) and setns(2): the calling thread alone gets a part of its own, or enters another.

#include "core/process/namespaces.h"
#include "core/process/process_file.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"

namespace drydock {

namespace {

namespace cf = clone_flags;
namespace nf = namespace_flags;

// unshare(2), EINVAL.
Result<void> check_unshare(Process& process, u64 flags)
{
    constexpr u64 kKnown =
        cf::kThread | cf::kFs | cf::kSigHand | cf::kVm | cf::kFiles | cf::kSysVSem | nf::kAll;
    if ((flags & ~kKnown) != 0) return Errno::Inval;
    constexpr u64 kOfProcess = cf::kThread | cf::kSigHand | cf::kVm;
    if ((flags & kOfProcess) != 0 && process.thread_count > 1) return Errno::Inval;
    if ((flags & (cf::kSigHand | cf::kVm)) != 0 && process.actions->references() > 1) {
        return Errno::Inval;
    }
    if ((flags & cf::kVm) != 0 && process.space->references() > 1) return Errno::Inval;
    return {};
}

// Several at once through a pidfd, or the one that a file of /proc/PID/ns stands for.
struct Wanted {
    NamespaceHold holds[5]{};
    usize count = 0;
};

Result<void> find_wanted(File& file, u64 flags, Wanted& wanted)
{
    if (NamespaceHold const* const hold = namespace_of(file)) {
        if (flags != 0 && flags != flag_of(hold->kind)) return Errno::Inval;
        wanted.holds[wanted.count++] = *hold;
        return {};
    }
    if (file.kind() != FileKind::Process) return Errno::Inval;
    if (flags == 0 || (flags & ~nf::kSupported) != 0) return Errno::Inval;
    Process& target = static_cast<ProcessFile&>(file).process();
    // Its status has been taken.
    if (target.main_thread == nullptr) return Errno::Srch;
    for (NamespaceKind const kind : {NamespaceKind::Ipc,
                                     NamespaceKind::Mounts,
                                     NamespaceKind::Pids,
                                     NamespaceKind::Uts,
                                     NamespaceKind::Cgroup}) {
        if ((flags & flag_of(kind)) == 0) continue;
        Result<NamespaceHold> hold = hold_namespace(*target.main_thread, kind);
        // It has exited (kernel/nsproxy.c, validate_nsset: ESRCH).
        if (hold.is_error()) return Errno::Srch;
        wanted.holds[wanted.count++] = hold.take();
    }
    return {};
}

Result<void> check_wanted(Call& call, Wanted const& wanted)
{
    Credentials const& own = call.thread.credentials;
    if (!own.has(Capability::SysAdmin)) return Errno::Perm;
    for (usize i = 0; i < wanted.count; ++i) {
        if (flag_of(wanted.holds[i].kind) == nf::kPid) {
            // Only into one's own, or further in.
            auto const* const space = static_cast<PidNamespace*>(wanted.holds[i].space.get());
            PidNamespace const* const mine = call.process().pid_space();
            if (mine != nullptr && !mine->contains(space)) return Errno::Inval;
        }
        if (wanted.holds[i].kind != NamespaceKind::Mounts) continue;
        // Not while others stand where this thread stands (fs/namespace.c, mntns_install).
        if (!own.has(Capability::SysChroot)) return Errno::Perm;
        if (call.thread.file_context->references() > 1) return Errno::Inval;
    }
    return {};
}

void enter(UserThread& thread, NamespaceHold const& hold)
{
    switch (hold.kind) {
    case NamespaceKind::Cgroup:
        thread.cgroup_space = Ref<CgroupNamespace>(static_cast<CgroupNamespace*>(hold.space.get()));
        return;
    case NamespaceKind::Ipc:
        thread.ipc = Ref<IpcNamespace>(static_cast<IpcNamespace*>(hold.space.get()));
        return;
    case NamespaceKind::Pids:
    case NamespaceKind::PidsOfChildren:
        thread.child_pids = Ref<PidNamespace>(static_cast<PidNamespace*>(hold.space.get()));
        return;
    case NamespaceKind::Uts:
        thread.uts = Ref<UtsNamespace>(static_cast<UtsNamespace*>(hold.space.get()));
        return;
    case NamespaceKind::Mounts: {
        Ref<MountNamespace> space(static_cast<MountNamespace*>(hold.space.get()));
        FileSystemContext& context = *thread.file_context;
        context.root = space->root();
        context.working_directory = context.root;
        context.mounts = std::move(space);
        return;
    }
    }
}

}  // namespace

Result<i64> sys_unshare(Call& call)
{
    u64 flags = call[0];
    // unshare(2): some imply others.
    if ((flags & nf::kUser) != 0) flags |= cf::kThread | cf::kFs;
    if ((flags & cf::kVm) != 0) flags |= cf::kSigHand;
    if ((flags & cf::kSigHand) != 0) flags |= cf::kThread;
    if ((flags & nf::kMounts) != 0) flags |= cf::kFs;
    UserThread& thread = call.thread;
    TRY(check_unshare(thread.process(), flags));
    Ref<FileSystemContext> context = thread.file_context;
    if ((flags & cf::kFs) != 0 && context->references() > 2) {
        context = TRY(context->duplicate(call.system().heap));
    }
    Ref<FileTable> files;
    if ((flags & cf::kFiles) != 0 && thread.files->references() > 1) {
        files = TRY(thread.files->duplicate());
    }
    NewNamespaces made = TRY(make_namespaces(thread, *context, flags));
    thread.file_context = context;
    if (files) thread.files = std::move(files);
    enter_namespaces(thread, *context, std::move(made));
    return i64{0};
}

Result<i64> sys_setns(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    Wanted wanted;
    TRY(find_wanted(*file, static_cast<u64>(call.integer(1)), wanted));
    TRY(check_wanted(call, wanted));
    for (usize i = 0; i < wanted.count; ++i) enter(call.thread, wanted.holds[i]);
    return i64{0};
}

}  // namespace drydock
