// inotify_init(2), inotify_add_watch(2), inotify_rm_watch(2).

#include "core/event/inotify.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"

namespace drydock {

namespace {

namespace ce = change_events;

constexpr u32 kKnownBits = ce::kAll | ce::kUnmount | ce::kOverflow | ce::kIgnored |
                           ce::kOnlyDirectory | ce::kDontFollow | ce::kExcludeUnlinked |
                           ce::kMaskCreate | ce::kMaskAdd | ce::kIsDirectory | ce::kOneShot;

Result<i64> make(Call& call, u32 flags)
{
    using namespace open_flags;
    if ((flags & ~(kNonBlock | kCloseOnExec)) != 0) return Errno::Inval;
    Ref<File> file = TRY(Inotify::create(call.system().vfs, flags));
    return add_descriptor(call, std::move(file), flags);
}

Result<Ref<File>> queue_of(Call& call)
{
    Ref<File> file = TRY(file_of(call, call.word(0)));
    if (file->kind() != FileKind::Changes) return Errno::Inval;
    return file;
}

}  // namespace

Result<i64> sys_inotify_init(Call& call) { return make(call, 0); }
Result<i64> sys_inotify_init1(Call& call) { return make(call, call.word(0)); }

// The order of the checks is Linux's (fs/notify/inotify/inotify_user.c).
Result<i64> sys_inotify_add_watch(Call& call)
{
    constexpr u32 kMayRead = 4;
    u32 const mask = call.word(2);
    if ((mask & ~kKnownBits) != 0 || mask == 0) return Errno::Inval;
    TRY(file_of(call, call.word(0)));
    constexpr u32 kBothWays = ce::kMaskAdd | ce::kMaskCreate;
    if ((mask & kBothWays) == kBothWays) return Errno::Inval;
    Ref<File> const file = TRY(queue_of(call));
    u32 const how = (mask & ce::kDontFollow) != 0 ? kAtSymlinkNoFollow : 0;
    Path const path = TRY(locate(call, kAtWorkingDirectory, call.address(1), how));
    bool const is_directory = path.inode().type() == InodeType::Directory;
    if ((mask & ce::kOnlyDirectory) != 0 && !is_directory) return Errno::NotDir;
    TRY(call.system().vfs.check_access(path.inode(), kMayRead, call.thread.credentials));
    auto& queue = static_cast<Inotify&>(*file);
    i32 const number = TRY(queue.add(path.entry()->inode_ref(), mask));
    return i64{number};
}

Result<i64> sys_inotify_rm_watch(Call& call)
{
    Ref<File> const file = TRY(queue_of(call));
    TRY(static_cast<Inotify&>(*file).remove(call.integer(1)));
    return i64{0};
}

}  // namespace drydock
