#include "core/fs/memory_file.h"

#include "core/fs/ram_file.h"

namespace drydock {

Result<Ref<File>> create_memory_file(Vfs& vfs,
                                     StringView name,
                                     MemoryFileOptions options,
                                     Credentials const& credentials)
{
    ASSERT(name.size() <= kMemoryFileNameMaximum);
    char full_name[kNameMaximum];
    memcpy(full_name, "memfd:", kMemoryFilePrefix);
    if (!name.is_empty()) memcpy(full_name + kMemoryFilePrefix, name.data(), name.size());
    Inode::Creation creation;
    creation.type = InodeType::Regular;
    creation.permissions = options.is_never_program ? 0666 : 0777;
    creation.uid = credentials.fsuid;
    creation.gid = credentials.fsgid;
    // A file system for this file alone, which goes with it.
    Own<RamFs> file_system = TRY(RamFs::create(vfs, "tmpfs", 0));
    Result<Ref<RamNode>> made = create_ram_node(*file_system, creation);
    RamFs::retire(std::move(file_system));
    Ref<RamNode> const node = TRY(std::move(made));
    if (options.can_be_sealed) *node->seals() = 0;
    if (options.is_never_program) *node->seals() = file_seals::kExecute;
    OpenRequest request;
    request.path = TRY(vfs.nameless_path(node, {full_name, kMemoryFilePrefix + name.size()}));
    request.flags = open_flags::kReadWrite | open_flags::kLargeFile;
    request.credentials = &credentials;
    request.inode = node;
    return node->open(request);
}

}  // namespace drydock
