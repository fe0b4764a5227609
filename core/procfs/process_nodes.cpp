// Files and links of one process: names, arguments, limits, what it has open (proc(5)).

#include "core/process/process_file.h"
#include "core/procfs/node.h"
#include "core/vfs/dentry.h"

namespace drydock {

namespace {

// Arguments and environment are shown up to here.
constexpr u64 kStringsShown = 1 * kMiB;

// A range of the process's memory, as far as it is there.
Result<void> append_memory(AddressSpace& space, UserAddr start, UserAddr end, Text& text)
{
    if (end.value <= start.value) return {};
    u64 const size = end.value - start.value;
    Bytes const room = TRY(text.reserve(size < kStringsShown ? size : kStringsShown));
    text.advance(space.copy_in(room, start));
    return {};
}

struct LimitName {
    StringView name{};
    StringView unit{};
};
constexpr LimitName kLimitNames[kResourceCount] = {
    {"Max cpu time", "seconds"},
    {"Max file size", "bytes"},
    {"Max data size", "bytes"},
    {"Max stack size", "bytes"},
    {"Max core file size", "bytes"},
    {"Max resident set", "bytes"},
    {"Max processes", "processes"},
    {"Max open files", "files"},
    {"Max locked memory", "bytes"},
    {"Max address space", "bytes"},
    {"Max file locks", "locks"},
    {"Max pending signals", "signals"},
    {"Max msgqueue size", "bytes"},
    {"Max nice priority", ""},
    {"Max realtime priority", ""},
    {"Max realtime timeout", "us"},
};

void append_limit(u64 value, Text& text)
{
    usize const start = text.size();
    if (value == ~u64{0}) {
        text << "unlimited";
    } else {
        text << value;
    }
    text.pad(start, 21);
}

Result<Ref<File>> file_of(Subject const& subject)
{
    if (subject.files() == nullptr) return Errno::NoEnt;
    Result<Ref<File>> file = subject.files()->get(subject.descriptor);
    if (file.is_error()) return Errno::NoEnt;
    return file;
}

}  // namespace

Result<void> append_place(System& system, Path const& path, Text& text)
{
    if (path.is_empty()) return Errno::NoEnt;
    Buffer storage = TRY(Buffer::create(system.heap, kPathMaximum));
    Span<char> const letters{reinterpret_cast<char*>(storage.data()), storage.size()};
    Path const& root = running_thread(system).file_context->root;
    Result<StringView> name = system.vfs.name_of(path, root, letters);
    if (name.is_ok()) {
        // Of a place in another tree the names are shown (fs/d_path.c); only getcwd(2) marks it.
        StringView shown = name.value();
        constexpr StringView kMark = "(unreachable)";
        if (shown.starts_with(kMark)) shown = shown.from(kMark.size());
        text << shown;
        return {};
    }
    if (name.error() != Errno::NoEnt) return name.error();
    // A removed file is known by where it was.
    Ref<Dentry> const& entry = path.entry();
    if (entry->parent()) {
        Result<StringView> folder =
            system.vfs.name_of(Path(path.mount(), entry->parent()), root, letters);
        if (folder.is_ok() && !(folder.value() == StringView("/"))) text << folder.value();
    }
    text << '/' << entry->name() << " (deleted)";
    return {};
}

namespace proc {

Result<void> process_command_line(Subject const& subject, Text& text)
{
    Ref<AddressSpace> const space = subject.process->space;
    if (!space) return {};
    AddressSpace::Layout const& layout = space->layout();
    return append_memory(*space, layout.arguments_start, layout.arguments_end, text);
}

Result<void> process_environment(Subject const& subject, Text& text)
{
    Ref<AddressSpace> const space = subject.process->space;
    if (!space) return {};
    AddressSpace::Layout const& layout = space->layout();
    return append_memory(*space, layout.environment_start, layout.environment_end, text);
}

Result<void> process_name(Subject const& subject, Text& text)
{
    text << name_of(subject) << '\n';
    return {};
}

Result<void> set_process_name(Subject const& subject, StringView name)
{
    if (subject.thread == nullptr) return {};
    char(&target)[16] = subject.thread->name;
    usize const size = name.size() < sizeof(target) - 1 ? name.size() : sizeof(target) - 1;
    memset(target, 0, sizeof(target));
    memcpy(target, name.data(), size);
    return {};
}

Result<void> process_limits(Subject const& subject, Text& text)
{
    text << "Limit                     Soft Limit           Hard Limit           Units     \n";
    for (usize i = 0; i < kResourceCount; ++i) {
        text.left(kLimitNames[i].name, 26);
        append_limit(subject.process->limits[i].soft, text);
        append_limit(subject.process->limits[i].hard, text);
        if (!kLimitNames[i].unit.is_empty()) text.left(kLimitNames[i].unit, 10);
        text << '\n';
    }
    return {};
}

Result<void> process_io(Subject const&, Text& text)
{
    // Not counted here.
    text << "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\n"
            "cancelled_write_bytes: 0\n";
    return {};
}

// proc_cgroup_show(): as the reader's namespace has it. Nothing before the hierarchy is first
// mounted.
Result<void> process_cgroup(Subject const& subject, Text& text)
{
    if (!subject.system.cgroups.root) return {};
    UserThread const& from = running_thread(subject.system);
    Cgroup const* const group = subject.process->cgroup.get();
    text << "0::";
    append_cgroup_path(group, from.cgroup_space ? from.cgroup_space->root() : nullptr, text);
    bool const is_removed = group != nullptr && group->is_removed();
    text << (is_removed ? StringView(" (deleted)\n") : StringView("\n"));
    return {};
}

Result<void> process_wait_channel(Subject const&, Text& text)
{
    text << '0';
    return {};
}

Result<Path> executable(Subject const& subject)
{
    if (subject.process->executable.is_empty() || !subject.process->space) return Errno::NoEnt;
    return subject.process->executable;
}

Result<Path> working_directory(Subject const& subject)
{
    if (subject.file_context() == nullptr) return Errno::NoEnt;
    return subject.file_context()->working_directory;
}

Result<Path> root(Subject const& subject)
{
    if (subject.file_context() == nullptr) return Errno::NoEnt;
    return subject.file_context()->root;
}

Result<Path> descriptor(Subject const& subject)
{
    Ref<File> const file = TRY(file_of(subject));
    return subject.system.vfs.path_of(*file);
}

Result<void> executable_text(Subject const& subject, Text& text)
{
    Path const path = TRY(executable(subject));
    return append_place(subject.system, path, text);
}

Result<void> working_directory_text(Subject const& subject, Text& text)
{
    Path const path = TRY(working_directory(subject));
    return append_place(subject.system, path, text);
}

Result<void> root_text(Subject const& subject, Text& text)
{
    Path const path = TRY(root(subject));
    return append_place(subject.system, path, text);
}

namespace {

Result<void> append_namespace(Subject const& subject, NamespaceKind kind, Text& text)
{
    if (subject.thread == nullptr) return Errno::NoEnt;
    NamespaceHold const hold = TRY(hold_namespace(*subject.thread, kind));
    text << name_of(kind) << ":[" << hold.number << ']';
    return {};
}

Result<Path> find_namespace(Subject const& subject, NamespaceKind kind)
{
    if (subject.thread == nullptr) return Errno::NoEnt;
    NamespaceHold hold = TRY(hold_namespace(*subject.thread, kind));
    return path_of_namespace(subject.system, std::move(hold));
}

}  // namespace

Result<void> cgroup_text(Subject const& subject, Text& text)
{
    return append_namespace(subject, NamespaceKind::Cgroup, text);
}

Result<void> ipc_text(Subject const& subject, Text& text)
{
    return append_namespace(subject, NamespaceKind::Ipc, text);
}

Result<void> mounts_text(Subject const& subject, Text& text)
{
    return append_namespace(subject, NamespaceKind::Mounts, text);
}

Result<void> pids_text(Subject const& subject, Text& text)
{
    return append_namespace(subject, NamespaceKind::Pids, text);
}

Result<void> child_pids_text(Subject const& subject, Text& text)
{
    return append_namespace(subject, NamespaceKind::PidsOfChildren, text);
}

Result<void> uts_text(Subject const& subject, Text& text)
{
    return append_namespace(subject, NamespaceKind::Uts, text);
}

Result<Path> cgroup(Subject const& subject)
{
    return find_namespace(subject, NamespaceKind::Cgroup);
}
Result<Path> ipc(Subject const& subject) { return find_namespace(subject, NamespaceKind::Ipc); }
Result<Path> mounts(Subject const& subject)
{
    return find_namespace(subject, NamespaceKind::Mounts);
}
Result<Path> pids(Subject const& subject) { return find_namespace(subject, NamespaceKind::Pids); }
Result<Path> child_pids(Subject const& subject)
{
    return find_namespace(subject, NamespaceKind::PidsOfChildren);
}
Result<Path> uts(Subject const& subject) { return find_namespace(subject, NamespaceKind::Uts); }

namespace {

// As the files call themselves in Linux.
StringView anonymous_name(FileKind kind)
{
    switch (kind) {
    case FileKind::EventCounter: return "[eventfd]";
    case FileKind::Epoll: return "[eventpoll]";
    case FileKind::Timer: return "[timerfd]";
    case FileKind::Signals: return "[signalfd]";
    case FileKind::Process: return "[pidfd]";
    case FileKind::Changes: return "inotify";
    case FileKind::Pipe:
    case FileKind::Namespace:
    case FileKind::Socket:
    case FileKind::Other: break;
    }
    return "[other]";
}

}  // namespace

Result<void> descriptor_text(Subject const& subject, Text& text)
{
    Ref<File> const file = TRY(file_of(subject));
    if (namespace_of(*file) != nullptr) {
        text << file->path().entry()->name();
        return {};
    }
    if (!file->path().is_empty()) return append_place(subject.system, file->path(), text);
    u64 const number = file->inode().attributes().number;
    if (file->inode().type() == InodeType::Fifo) {
        text << "pipe:[" << number << ']';
    } else if (file->kind() == FileKind::Socket) {
        text << "socket:[" << number << ']';
    } else {
        text << "anon_inode:" << anonymous_name(file->kind());
    }
    return {};
}

Result<void> descriptor_info(Subject const& subject, Text& text)
{
    Ref<File> const file = TRY(file_of(subject));
    text << "pos:\t" << file->position() << "\nflags:\t0";
    text.octal(file->flags(), 0);
    text << "\nmnt_id:\t1\nino:\t" << file->inode().attributes().number << '\n';
    if (file->kind() != FileKind::Process) return {};
    // pidfd_open(2): -1 when the process is gone.
    Process const& process = static_cast<ProcessFile&>(*file).process();
    bool const is_gone = process.state == Process::State::Reaped;
    text << "Pid:\t";
    if (is_gone) {
        text << "-1\nNSpid:\t-1\n";
        return {};
    }
    text << subject.shown(process.pid()) << "\nNSpid:";
    append_numbers(subject, process, process.pid(), text);
    text << '\n';
    return {};
}

}  // namespace proc

}  // namespace drydock
