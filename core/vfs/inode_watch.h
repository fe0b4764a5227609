#pragma once

// Who hears of what happens to an inode (inotify(7)), and the calls that tell of it.

#include "core/base/list.h"
#include "core/base/span.h"

namespace drydock {

class Inode;
class Path;

// Bits of inotify(7): what has happened, and (the upper ones) how a watch is set.
namespace change_events {
inline constexpr u32 kAccess = 0x1, kModify = 0x2, kAttributes = 0x4, kCloseWrite = 0x8;
inline constexpr u32 kCloseNoWrite = 0x10, kOpen = 0x20, kMovedFrom = 0x40, kMovedTo = 0x80;
inline constexpr u32 kCreate = 0x100, kDelete = 0x200, kDeleteSelf = 0x400, kMoveSelf = 0x800;
inline constexpr u32 kAll = 0xfff;
inline constexpr u32 kUnmount = 0x2000, kOverflow = 0x4000, kIgnored = 0x8000;
inline constexpr u32 kOnlyDirectory = 0x0100'0000, kDontFollow = 0x0200'0000;
inline constexpr u32 kExcludeUnlinked = 0x0400'0000, kMaskCreate = 0x1000'0000;
inline constexpr u32 kMaskAdd = 0x2000'0000, kIsDirectory = 0x4000'0000, kOneShot = 0x8000'0000;
}  // namespace change_events

struct ChangeNotice {
    u32 events = 0;
    u32 cookie = 0;            // The same in both halves of a rename.
    StringView name{};         // Of the entry that it is about; empty: the inode itself.
    bool is_unlinked = false;  // That entry has been removed.
};

class InodeWatch {
public:
    InodeWatch() = default;
    InodeWatch(InodeWatch const&) = delete;
    InodeWatch& operator=(InodeWatch const&) = delete;
    // The watch may go, and no other.
    virtual void notice(ChangeNotice const& notice) = 0;
    // The inode has lost its last name and its last user: the watch goes.
    virtual void inode_ends() = 0;

    ListHook inode_hook{};

protected:
    ~InodeWatch() = default;
};
using InodeWatchList = List<InodeWatch, &InodeWatch::inode_hook>;

// Tells those who watch this inode; kIsDirectory is added by the caller.
void tell_inode(Inode& inode, ChangeNotice const& notice);
// Tells those who watch the directory that the path's last entry is in, then those who watch the
// file itself.
void tell_path(Path const& path, u32 events);
// A file with no name and no user is about to go.
void tell_inode_end(Inode& inode);
// kIsDirectory for a directory.
u32 directory_bit(Inode& inode);

}  // namespace drydock
