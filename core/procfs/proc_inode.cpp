#include "core/procfs/proc_inode.h"

#include "core/vfs/directory_file.h"

namespace drydock {

namespace {

// Positions in a directory: 0 and 1 are the dots, then the table, then the numbered entries.
constexpr u64 kTablePosition = 2;
constexpr u64 kNumberPosition = 256;

// A decimal number without leading zeros, as names of processes are.
Result<u32> parse_number(StringView name)
{
    if (name.is_empty() || name.size() > 9) return Errno::NoEnt;
    if (name[0] == '0' && name.size() > 1) return Errno::NoEnt;
    u32 value = 0;
    for (char const letter : name) {
        if (letter < '0' || letter > '9') return Errno::NoEnt;
        value = value * 10 + static_cast<u32>(letter - '0');
    }
    return value;
}

}  // namespace

Result<Ref<Inode>> ProcInode::create(ProcFs& file_system,
                                     Node const& node,
                                     ProcessReference reference,
                                     u32 descriptor)
{
    Heap& heap = file_system.system().heap;
    Ref<ProcInode> const inode =
        TRY(heap.create_ref<ProcInode>(file_system, node, reference, descriptor));
    return Ref<Inode>(inode);
}

// Unique among all that exist: process or thread, node, descriptor.
u64 ProcInode::number_of(Node const& node, ProcessReference const& reference, u32 descriptor) const
{
    u64 const id = reference.tid != 0 ? reference.tid : reference.pid;
    u64 const task = reference.tid != 0 ? 1 : 0;
    u64 const index = static_cast<u64>(&node - proc_nodes().data()) + 1;
    return id << 32 | task << 31 | index << 20 | descriptor;
}

Result<Subject> ProcInode::subject() const
{
    Subject found = TRY(find_subject(file_system_.system(), reference_));
    found.descriptor = descriptor_;
    found.pids = file_system_.pids();
    return found;
}

InodeAttributes ProcInode::attributes()
{
    InodeAttributes result;
    result.number = number_of(node_, reference_, descriptor_);
    result.type = node_.type;
    result.permissions = node_.permissions;
    result.links = node_.type == InodeType::Directory ? 2 : 1;
    Timestamp const now = file_system_.system().vfs.current_time();
    result.accessed = now;
    result.modified = now;
    result.changed = now;
    Result<Subject> found = subject();
    if (found.is_error()) {
        result.links = 0;
        return result;
    }
    Subject const& who = found.value();
    if (node_.folder == Folder::Root) result.links += who.system.processes.process_count();
    if (who.process != nullptr) {
        // fs/proc/base.c, task_dump_owner(): what is no public folder belongs to root where the
        // process may not be looked into, or has ended.
        bool const is_public = node_.type == InodeType::Directory && node_.permissions == 0555;
        bool const is_hidden = !who.process->is_dumpable || !who.process->space;
        if (is_public || !is_hidden) {
            result.uid = who.credentials().euid;
            result.gid = who.credentials().egid;
        }
    }
    if (&node_ == &descriptor_link_node()) {
        result.permissions = descriptor_permissions(who);
        result.size = 64;
    }
    return result;
}

// fs/proc/generic.c, proc_setattr: a size or times are not kept, nor refused.
Result<void> ProcInode::change_attributes(AttributeChange const& change)
{
    if (change.has_permissions || change.has_uid || change.has_gid) return Errno::Perm;
    return {};
}

// proc(5): the owner's bits of fd/N show how the file is open.
u32 ProcInode::descriptor_permissions(Subject const& subject) const
{
    if (subject.files() == nullptr) return 0;
    Result<Ref<File>> file = subject.files()->get(descriptor_);
    if (file.is_error()) return 0;
    // An O_PATH descriptor has no rights at all.
    if ((file.value()->flags() & open_flags::kPath) != 0) return 0;
    u32 result = 0;
    if (file.value()->is_readable()) result |= 0500;
    if (file.value()->is_writable()) result |= 0300;
    return result;
}

Result<Ref<Inode>> ProcInode::lookup(StringView name)
{
    if (node_.type != InodeType::Directory) return Errno::NotDir;
    TRY(subject());
    for (Node const& node : proc_nodes()) {
        if (node.parent != node_.folder || node_.folder == Folder::None) continue;
        if (reference_.tid != 0 && !node.in_tasks) continue;
        if (node.name == name) return child(node, reference_, 0);
    }
    return lookup_number(name);
}

Result<Ref<Inode>> ProcInode::lookup_number(StringView name)
{
    u32 const number = TRY(parse_number(name));
    Subject const who = TRY(subject());
    Node const& process_node = proc_nodes()[node_of_folder(Folder::Process)];
    ProcessTable& processes = who.system.processes;
    if (node_.folder == Folder::Root) {
        u32 const meant = system_number_in(file_system_.pids(), number);
        Process* process = processes.find(meant);
        // A thread's number works too, though it is not listed.
        UserThread* const thread = process == nullptr ? processes.find_thread(meant) : nullptr;
        if (thread != nullptr) process = &thread->process();
        if (process == nullptr || process->state == Process::State::Reaped) return Errno::NoEnt;
        ProcessReference const reference{process->pid(), 0, process->start_time};
        return child(process_node, reference, 0);
    }
    if (node_.folder == Folder::Tasks) {
        u32 const meant = system_number_in(file_system_.pids(), number);
        ProcessReference const reference{reference_.pid, meant, reference_.start_time};
        TRY(find_subject(who.system, reference));
        return child(process_node, reference, 0);
    }
    bool const is_info = node_.folder == Folder::FileInfos;
    if (node_.folder != Folder::Files && !is_info) return Errno::NoEnt;
    if (who.files() == nullptr || who.files()->get(number).is_error()) return Errno::NoEnt;
    return child(is_info ? descriptor_info_node() : descriptor_link_node(), reference_, number);
}

Result<u64> ProcInode::list(u64 position, u64 parent_number, DirectorySink& sink)
{
    if (node_.type != InodeType::Directory) return Errno::NotDir;
    TRY(subject());
    u64 const own_number = number_of(node_, reference_, descriptor_);
    if (position == 0) {
        if (!sink.add({".", own_number, InodeType::Directory, 1})) return position;
        position = 1;
    }
    if (position == 1) {
        if (!sink.add({"..", parent_number, InodeType::Directory, kTablePosition})) return position;
        position = kTablePosition;
    }
    if (position < kNumberPosition && !list_table(position, sink)) return position;
    list_numbers(position, sink);
    return position;
}

// False when the sink is full.
bool ProcInode::list_table(u64& position, DirectorySink& sink)
{
    Span<Node const> const nodes = proc_nodes();
    while (position - kTablePosition < nodes.size()) {
        Node const& node = nodes[position - kTablePosition];
        bool const is_here = node.parent == node_.folder && node_.folder != Folder::None &&
                             (reference_.tid == 0 || node.in_tasks);
        if (is_here) {
            u64 const number = number_of(node, reference_, 0);
            if (!sink.add({node.name, number, node.type, position + 1})) return false;
        }
        ++position;
    }
    position = kNumberPosition;
    return true;
}

bool ProcInode::add_number(u64& position, u32 entry, InodeType type, DirectorySink& sink)
{
    bool const is_task = node_.folder == Folder::Root || node_.folder == Folder::Tasks;
    u32 const number = is_task ? number_in(file_system_.pids(), entry) : entry;
    char letters[10];
    usize start = sizeof(letters);
    u32 rest = number;
    do {
        letters[--start] = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    Node const* node = &proc_nodes()[node_of_folder(Folder::Process)];
    ProcessReference reference = reference_;
    u32 descriptor = 0;
    if (node_.folder == Folder::Root) {
        reference.pid = entry;
    } else if (node_.folder == Folder::Tasks) {
        reference.tid = entry;
    } else {
        node = node_.folder == Folder::Files ? &descriptor_link_node() : &descriptor_info_node();
        descriptor = number;
    }
    u64 const next = kNumberPosition + number + 1;
    StringView const name{letters + start, sizeof(letters) - start};
    if (!sink.add({name, number_of(*node, reference, descriptor), type, next})) return false;
    position = next;
    return true;
}

// The one with the lowest number at or above `minimum`, as numbers are here; null if there is none.
Process* ProcInode::next_process(u32 minimum)
{
    ProcessTable& processes = file_system_.system().processes;
    PidNamespace* const pids = file_system_.pids();
    if (pids == nullptr) {
        Process* process = processes.next_at_or_above(minimum);
        while (process != nullptr && process->state == Process::State::Reaped) {
            process = processes.next_at_or_above(process->pid() + 1);
        }
        return process;
    }
    Process* best = nullptr;
    u32 best_number = ~u32{0};
    for (Process* process = processes.next_at_or_above(1); process != nullptr;
         process = processes.next_at_or_above(process->pid() + 1)) {
        u32 const number = pids->number_of(process->pid());
        if (number < minimum || number == 0 || number >= best_number) continue;
        best = process;
        best_number = number;
    }
    return best;
}

// Ascending, so that a listing that goes on later neither repeats nor misses what is still there.
bool ProcInode::list_numbers(u64& position, DirectorySink& sink)
{
    Result<Subject> found = subject();
    if (found.is_error()) return true;
    Subject const& who = found.value();
    for (;;) {
        u32 const minimum = static_cast<u32>(position - kNumberPosition);
        if (node_.folder == Folder::Root) {
            Process* const process = next_process(minimum);
            if (process == nullptr) return true;
            if (!add_number(position, process->pid(), InodeType::Directory, sink)) return false;
        } else if (node_.folder == Folder::Tasks) {
            u32 best = ~u32{0};
            for (ThreadLink const& link : who.process->threads) {
                u32 const tid = number_in(file_system_.pids(), link.thread->tid());
                if (tid >= minimum && tid < best) best = tid;
            }
            if (best == ~u32{0}) return true;
            u32 const tid = system_number_in(file_system_.pids(), best);
            if (!add_number(position, tid, InodeType::Directory, sink)) return false;
        } else if (node_.folder == Folder::Files || node_.folder == Folder::FileInfos) {
            if (who.files() == nullptr) return true;
            FileTable const& files = *who.files();
            u32 descriptor = minimum;
            while (descriptor < files.upper_bound() && files.get(descriptor).is_error())
                ++descriptor;
            if (descriptor >= files.upper_bound()) return true;
            InodeType const type =
                node_.folder == Folder::Files ? InodeType::SymbolicLink : InodeType::Regular;
            if (!add_number(position, descriptor, type, sink)) return false;
        } else {
            return true;
        }
    }
}

Result<void> ProcInode::generate(Text& text)
{
    if (node_.generate == nullptr) return Errno::Inval;
    Result<Subject> who = subject();
    if (who.is_error()) return Errno::Srch;
    TRY(node_.generate(who.value(), text));
    if (text.failed()) return Errno::NoMem;
    return {};
}

Result<void> ProcInode::write(StringView text)
{
    // Files of a process have no such operation, those of the system refuse (fs/proc/inode.c).
    if (node_.write == nullptr) return reference_.pid != 0 ? Errno::Inval : Errno::Io;
    Result<Subject> who = subject();
    if (who.is_error()) return Errno::Srch;
    return node_.write(who.value(), text);
}

Result<usize> ProcInode::read_link(Span<char> target)
{
    if (node_.type != InodeType::SymbolicLink) return Errno::Inval;
    Text text{system().heap};
    Subject const who = TRY(subject());
    TRY(node_.generate(who, text));
    if (text.failed()) return Errno::NoMem;
    usize const size = text.size() < target.size() ? text.size() : target.size();
    memcpy(target.data(), text.view().data(), size);
    return size;
}

Result<Path> ProcInode::follow_magic()
{
    if (node_.target == nullptr) return Errno::Inval;
    Subject const who = TRY(subject());
    return node_.target(who);
}

Result<Ref<File>> ProcInode::open(OpenRequest const& request)
{
    if (node_.type == InodeType::Directory) return open_directory(system().vfs, request);
    TRY(subject());
    // fs/proc/proc_sysctl.c, proc_sys_permission(): the mode holds for everybody.
    bool const is_setting = node_.parent == Folder::SysFs || node_.parent == Folder::SysKernel ||
                            node_.parent == Folder::SysVm || node_.parent == Folder::SysRandom;
    u32 const access = request.flags & open_flags::kAccessMode;
    if (is_setting && node_.write == nullptr && access != open_flags::kReadOnly)
        return Errno::Acces;
    return open_text_file(*this, request);
}

}  // namespace drydock
