#pragma once

// What threads may have of their own beside memory and files (namespaces(7)): trees of mounts
// (vfs/mount.h), host names, numbers of processes (pid_namespace.h), and IPC, in which there is
// nothing here. Where a thread has none, it has the system's first.

#include "core/process/pid_namespace.h"
#include "core/process/system.h"

namespace drydock {

class UserThread;

// uts_namespaces(7).
class UtsNamespace final : public RefCounted {
public:
    UtsNamespace(u64 number, SystemNames const& from) : names(from), number_(number) {}
    u64 number() const { return number_; }

    SystemNames names;

private:
    u64 const number_;
};

// ipc_namespaces(7).
class IpcNamespace final : public RefCounted {
public:
    explicit IpcNamespace(u64 number) : number_(number) {}
    u64 number() const { return number_; }

private:
    u64 const number_;
};

enum class NamespaceKind : u8 { Cgroup, Ipc, Mounts, Pids, PidsOfChildren, Uts };

// Of clone(2), unshare(2), setns(2).
namespace namespace_flags {
inline constexpr u64 kTime = 0x80, kMounts = 0x20000, kCgroup = 0x0200'0000, kUts = 0x0400'0000;
inline constexpr u64 kIpc = 0x0800'0000, kUser = 0x1000'0000, kPid = 0x2000'0000;
inline constexpr u64 kNetwork = 0x4000'0000;
inline constexpr u64 kAll = kTime | kMounts | kCgroup | kUts | kIpc | kUser | kPid | kNetwork;
// The others answer as a Linux that was built without them: EINVAL.
inline constexpr u64 kSupported = kMounts | kUts | kIpc | kPid | kCgroup;
}  // namespace namespace_flags

u64 flag_of(NamespaceKind kind);
// "mnt", as its file in /proc/PID/ns is called.
StringView name_of(NamespaceKind kind);

// A namespace that somebody holds, whether a thread is in it or not; null: the system's first.
struct NamespaceHold {
    NamespaceKind kind = NamespaceKind::Uts;
    u64 number = 0;
    Ref<RefCounted> space{};
};
// Errno::NoEnt if the thread has left it, and for PidsOfChildren before there is a process 1.
Result<NamespaceHold> hold_namespace(UserThread const& thread, NamespaceKind kind);

// The host name and domain name that a thread sees.
SystemNames& names_of(UserThread& thread);

// New namespaces of the kinds in `flags`, made but not entered.
struct NewNamespaces {
    Ref<UtsNamespace> uts{};
    Ref<IpcNamespace> ipc{};
    Ref<PidNamespace> pids{};
    Ref<CgroupNamespace> cgroups{};
    Ref<MountNamespace> mounts{};
    Path root{};
    Path working_directory{};
};
// Copies of those of `thread`, but with the mounts of `context`. Errno::Inval for kinds that are
// not there, and for pids where those of children are others already; Perm, NoMem, NoSpc.
Result<NewNamespaces> make_namespaces(UserThread& thread,
                                      FileSystemContext const& context,
                                      u64 flags);
// The thread is in them from now on, and its children in that of pids. Cannot fail.
void enter_namespaces(UserThread& thread, FileSystemContext& context, NewNamespaces made);

// A place for an open file of the namespace: what the link in /proc/PID/ns leads to.
Result<Path> path_of_namespace(System& system, NamespaceHold hold);
// What a descriptor that was opened there holds; null for other files.
NamespaceHold const* namespace_of(File& file);

}  // namespace drydock
