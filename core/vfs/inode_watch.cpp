#include "core/vfs/inode_watch.h"

#include "core/vfs/dentry.h"
#include "core/vfs/path.h"

namespace drydock {

namespace ce = change_events;

u32 directory_bit(Inode& inode)
{
    return inode.type() == InodeType::Directory ? ce::kIsDirectory : 0;
}

void tell_inode(Inode& inode, ChangeNotice const& notice)
{
    InodeWatch* watch = inode.watches.first();
    while (watch != nullptr) {
        InodeWatch* const next = inode.watches.next(*watch);
        watch->notice(notice);
        watch = next;
    }
}

void tell_path(Path const& path, u32 events)
{
    Dentry* const named = path.entry().get();
    if (named == nullptr || named->is_negative()) return;
    Dentry& entry = *named;
    Dentry* const parent = entry.parent().get();
    Inode* const directory = parent == nullptr ? nullptr : parent->inode_ref().get();
    bool const parent_hears = directory != nullptr && !directory->watches.is_empty();
    if (!parent_hears && entry.inode().watches.is_empty()) return;
    ChangeNotice notice{events | directory_bit(entry.inode()), 0, {}, entry.is_deleted()};
    // The inode stays although a watch that holds it may go.
    Ref<Inode> const held = entry.inode_ref();
    if (parent_hears) {
        notice.name = entry.name();
        tell_inode(parent->inode(), notice);
        notice.name = {};
    }
    tell_inode(*held, notice);
}

void tell_inode_end(Inode& inode)
{
    if (inode.watches.is_empty() || inode.attributes().links > 0) return;
    tell_inode(inode, {ce::kDeleteSelf, 0, {}, false});
    while (InodeWatch* const watch = inode.watches.first()) {
        watch->inode_ends();
        ASSERT(inode.watches.first() != watch);
    }
}

}  // namespace drydock
