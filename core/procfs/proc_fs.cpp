#include "core/procfs/proc_fs.h"

#include "core/procfs/proc_inode.h"

namespace drydock {

Result<Own<ProcFs>> ProcFs::create(System& system) { return system.heap.create<ProcFs>(system); }

Ref<Inode> ProcFs::root()
{
    Node const& node = proc_nodes()[node_of_folder(Folder::Root)];
    Result<Ref<Inode>> inode = ProcInode::create(*this, node, ProcessReference{}, 0);
    if (inode.is_error()) return {};
    return inode.take();
}

}  // namespace drydock
