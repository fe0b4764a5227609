#include "core/vfs/file.h"

#include "core/vfs/vfs.h"

namespace drydock {

namespace ce = change_events;

File::~File()
{
    if (is_writing_) inode_->write_access.end_writing();
    if (tells_end_) tell_path(path_, is_writable() ? ce::kCloseWrite : ce::kCloseNoWrite);
    if (keeps_mount_writable_) path_.mount()->remove_writer();
}

void File::keep_mount_writable()
{
    ASSERT(!keeps_mount_writable_);
    if (path_.is_empty()) return;
    path_.mount()->add_writer();
    keeps_mount_writable_ = true;
}

void File::note_access()
{
    if (path_.is_empty() || (flags_ & open_flags::kNoAtime) != 0) return;
    Vfs::note_access(path_);
}

Result<void> File::begin_writing()
{
    ASSERT(!is_writing_);
    TRY(inode_->write_access.begin_writing());
    is_writing_ = true;
    return {};
}

void File::tell_opened()
{
    tells_end_ = true;
    tell_path(path_, ce::kOpen);
}

void File::before_end()
{
    stop_signals();
    while (FileWatch* const watch = watches_.first()) {
        watch->file_ends();
        // It may be gone itself.
        ASSERT(watches_.first() != watch);
    }
}

// What a kind of file cannot do answers as Linux does where the operation is missing.

Result<usize> File::read(IoBuffer&) { return Errno::Inval; }
Result<usize> File::write(IoBuffer&) { return Errno::Inval; }
Result<usize> File::read_at(IoBuffer&, u64) { return Errno::Spipe; }
Result<usize> File::write_at(IoBuffer&, u64) { return Errno::Spipe; }
Result<u64> File::seek(i64, u32) { return Errno::Spipe; }
u32 File::poll(PollRegistration*)
{
    using namespace poll_events;
    return kIn | kOut | kRdNorm | kWrNorm;
}
Result<i64> File::ioctl(IoctlCall const&) { return Errno::NotTty; }
Result<void> File::list(DirectorySink&) { return Errno::NotDir; }
Result<void> File::truncate(u64) { return Errno::Inval; }
Result<void> File::allocate(u64, u64) { return Errno::OpNotSupp; }
Result<void> File::punch(u64, u64) { return Errno::OpNotSupp; }
Result<u64> File::pipe_capacity() { return Errno::BadF; }
Result<void> File::set_pipe_capacity(u64) { return Errno::BadF; }

Result<u32> File::pseudo_terminal() { return Errno::NotTty; }

}  // namespace drydock
