#include "core/procfs/proc_fs.h"

#include "core/procfs/proc_inode.h"

namespace drydock {

Result<Own<ProcFs>> ProcFs::create(System& system, Ref<PidNamespace> pids)
{
    return system.heap.create<ProcFs>(system, std::move(pids));
}

void ProcFs::leave()
{
    ASSERT(inode_count_ > 0);
    --inode_count_;
    if (is_retired_ && inode_count_ == 0) Own<ProcFs>(this).reset();
}

namespace {

Result<FileSystem*> make_proc_fs(void* system, StringView, StringView options)
{
    if (!options.is_empty()) return Errno::Inval;
    System& machine = *static_cast<System*>(system);
    auto* const mounter = static_cast<UserThread*>(machine.scheduler.current());
    Ref<PidNamespace> pids(mounter == nullptr ? nullptr : mounter->process().pid_space());
    Own<ProcFs> made = TRY(ProcFs::create(machine, std::move(pids)));
    FileSystem* const file_system = made.take_pointer();
    return file_system;
}

}  // namespace

void ProcFs::release(void*, FileSystem& file_system)
{
    auto& proc = static_cast<ProcFs&>(file_system);
    proc.is_retired_ = true;
    if (proc.inode_count_ == 0) Own<ProcFs>(&proc).reset();
}

FileSystemType ProcFs::type_for(System& system)
{
    FileSystemType type;
    type.name = "proc";
    type.make = make_proc_fs;
    type.release = release;
    type.argument = &system;
    return type;
}

Ref<Inode> ProcFs::root()
{
    Node const& node = proc_nodes()[node_of_folder(Folder::Root)];
    Result<Ref<Inode>> inode = ProcInode::create(*this, node, ProcessReference{}, 0);
    if (inode.is_error()) return {};
    return inode.take();
}

}  // namespace drydock
