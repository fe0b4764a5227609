// unshare(2) and setns(2). What a process has, it has for all its threads: one with several cannot
// take a part of its own for a single thread, and gets EINVAL.

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
    constexpr u64 kOfThreads = cf::kThread | cf::kFs | cf::kSigHand | cf::kVm | cf::kFiles;
    if ((flags & (kOfThreads | nf::kAll)) != 0 && process.thread_count > 1) return Errno::Inval;
    if ((flags & (cf::kSigHand | cf::kVm)) != 0 && process.actions->references() > 1) {
        return Errno::Inval;
    }
    if ((flags & cf::kVm) != 0 && process.space->references() > 1) return Errno::Inval;
    return {};
}

Result<Ref<FileSystemContext>> copy_context(Call& call)
{
    FileSystemContext const& own = *call.process().context;
    Ref<FileSystemContext> copy = TRY(call.system().heap.create_ref<FileSystemContext>());
    copy->root = own.root;
    copy->working_directory = own.working_directory;
    copy->mounts = own.mounts;
    copy->umask = own.umask;
    return copy;
}

// Several at once through a pidfd, or the one that a file of /proc/PID/ns stands for.
struct Wanted {
    NamespaceHold holds[4]{};
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
    for (NamespaceKind const kind :
         {NamespaceKind::Ipc, NamespaceKind::Mounts, NamespaceKind::Pids, NamespaceKind::Uts}) {
        if ((flags & flag_of(kind)) == 0) continue;
        Result<NamespaceHold> hold = hold_namespace(target, kind);
        // It has exited (kernel/nsproxy.c, validate_nsset: ESRCH).
        if (hold.is_error()) return Errno::Srch;
        wanted.holds[wanted.count++] = hold.take();
    }
    return {};
}

Result<void> check_wanted(Call& call, Wanted const& wanted)
{
    Process& process = call.process();
    if (!process.credentials.has(Capability::SysAdmin)) return Errno::Perm;
    for (usize i = 0; i < wanted.count; ++i) {
        // setns(2): not while others stand where this process stands.
        if (flag_of(wanted.holds[i].kind) == nf::kPid) {
            // Only into one's own, or further in.
            auto const* const space = static_cast<PidNamespace*>(wanted.holds[i].space.get());
            PidNamespace const* const own = process.pid_space();
            if (own != nullptr && !own->contains(space)) return Errno::Inval;
        }
        bool const moves = wanted.holds[i].kind == NamespaceKind::Mounts;
        if (moves && process.context->references() > 1) return Errno::Inval;
    }
    return {};
}

void enter(Process& process, NamespaceHold const& hold)
{
    switch (hold.kind) {
    case NamespaceKind::Ipc:
        process.ipc = Ref<IpcNamespace>(static_cast<IpcNamespace*>(hold.space.get()));
        return;
    case NamespaceKind::Pids:
    case NamespaceKind::PidsOfChildren:
        process.child_pids = Ref<PidNamespace>(static_cast<PidNamespace*>(hold.space.get()));
        return;
    case NamespaceKind::Uts:
        process.uts = Ref<UtsNamespace>(static_cast<UtsNamespace*>(hold.space.get()));
        return;
    case NamespaceKind::Mounts: {
        Ref<MountNamespace> space(static_cast<MountNamespace*>(hold.space.get()));
        FileSystemContext& context = *process.context;
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
    Process& process = call.process();
    TRY(check_unshare(process, flags));
    Ref<FileSystemContext> context = process.context;
    if ((flags & cf::kFs) != 0 && context->references() > 2) context = TRY(copy_context(call));
    Ref<FileTable> files;
    if ((flags & cf::kFiles) != 0 && process.files->references() > 1) {
        files = TRY(process.files->duplicate());
    }
    NewNamespaces made = TRY(make_namespaces(process, *context, flags));
    process.context = context;
    if (files) process.files = std::move(files);
    enter_namespaces(process, *context, std::move(made));
    return i64{0};
}

Result<i64> sys_setns(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    Wanted wanted;
    TRY(find_wanted(*file, static_cast<u64>(call.integer(1)), wanted));
    if (call.process().thread_count > 1) return Errno::Inval;
    TRY(check_wanted(call, wanted));
    for (usize i = 0; i < wanted.count; ++i) enter(call.process(), wanted.holds[i]);
    return i64{0};
}

}  // namespace drydock
