#pragma once

// An open file description (open(2)): what descriptors refer to. Kinds of files derive from it.

#include "core/mm/io_buffer.h"
#include "core/sched/scheduler.h"
#include "core/vfs/inode.h"
#include "core/vfs/lock_owner.h"
#include "core/vfs/path.h"
#include "core/vfs/signal_owner.h"

namespace drydock {

// Bits of open(2)'s flags on x86-64.
namespace open_flags {
inline constexpr u32 kAccessMode = 3;
inline constexpr u32 kReadOnly = 0, kWriteOnly = 1, kReadWrite = 2;
inline constexpr u32 kCreate = 0100, kExclusive = 0200, kNoControllingTty = 0400;
inline constexpr u32 kTruncate = 01000, kAppend = 02000, kNonBlock = 04000;
inline constexpr u32 kDsync = 010000, kAsync = 020000, kDirect = 040000, kLargeFile = 0100000;
inline constexpr u32 kDirectory = 0200000, kNoFollow = 0400000, kNoAtime = 01000000;
inline constexpr u32 kCloseOnExec = 02000000, kPath = 010000000, kTemporary = 020200000;
}  // namespace open_flags

// Bits of poll(2).
namespace poll_events {
inline constexpr u32 kIn = 0x001, kPri = 0x002, kOut = 0x004, kErr = 0x008, kHup = 0x010;
inline constexpr u32 kNval = 0x020, kRdNorm = 0x040, kRdBand = 0x080, kWrNorm = 0x100;
inline constexpr u32 kWrBand = 0x200, kRdHup = 0x2000;
}  // namespace poll_events

// Collects the wait queues whose wake may change what poll() said.
class PollRegistration {
public:
    virtual void wait_on(WaitQueue& queue) = 0;

protected:
    ~PollRegistration() = default;
};

// Who calls an ioctl, and the memory its argument points into.
struct IoctlCall {
    u32 command = 0;
    u64 argument = 0;
    AddressSpace& space;
};

// Kinds of open files that some calls treat apart.
enum class FileKind : u8 {
    Other,
    Pipe,
    EventCounter,
    Epoll,
    Timer,
    Signals,
    Socket,
    Process,
    Namespace,
    Changes
};

// Somebody who follows an open file without keeping it open.
class FileWatch {
public:
    FileWatch() = default;
    FileWatch(FileWatch const&) = delete;
    FileWatch& operator=(FileWatch const&) = delete;
    // The last descriptor has gone: leaves the file's queues and its list of watches.
    virtual void file_ends() = 0;

    ListHook watch_hook{};

protected:
    ~FileWatch() = default;
};

class File : public RefCounted {
public:
    using WatchList = List<FileWatch, &FileWatch::watch_hook>;

    virtual FileKind kind() const { return FileKind::Other; }
    // Whether poll() tells of changes: otherwise epoll(7) refuses the file.
    virtual bool can_poll() const { return false; }
    void add_watch(FileWatch& watch)
    {
        watches_.push_back(watch);
        ask_before_end();
    }
    WatchList& watches() { return watches_; }

    u32 flags() const { return flags_; }
    // fcntl(F_SETFL): only append, non-blocking, async, direct, noatime change.
    void set_flags(u32 flags) { flags_ = flags; }
    // The access mode 3 is neither (open(2)).
    bool is_readable() const
    {
        u32 const mode = flags_ & open_flags::kAccessMode;
        return mode == open_flags::kReadOnly || mode == open_flags::kReadWrite;
    }
    bool is_writable() const
    {
        u32 const mode = flags_ & open_flags::kAccessMode;
        return mode == open_flags::kWriteOnly || mode == open_flags::kReadWrite;
    }
    bool is_non_blocking() const { return (flags_ & open_flags::kNonBlock) != 0; }
    // Where it was opened; anonymous files (pipes) have an inode but no name in the tree.
    Path const& path() const { return path_; }
    Inode& inode() const { return *inode_; }
    Ref<Inode> inode_ref() const { return inode_; }
    u64 position() const { return position_; }

    // At the file's own position, which advances. Access mode was checked by the caller. May block.
    // Returns bytes moved; 0 is end of file. Errors as read(2), write(2).
    virtual Result<usize> read(IoBuffer& target);
    virtual Result<usize> write(IoBuffer& source);
    // At a given offset; Errno::Spipe where files have no offsets.
    virtual Result<usize> read_at(IoBuffer& target, u64 offset);
    virtual Result<usize> write_at(IoBuffer& source, u64 offset);
    // lseek(2), with SEEK_* values; the new position.
    virtual Result<u64> seek(i64 offset, u32 whence);
    // Events that hold now; registers for changes if `registration` is not null.
    virtual u32 poll(PollRegistration* registration);
    // Errno::NotTty by default.
    virtual Result<i64> ioctl(IoctlCall const& call);
    // Lists the directory from the file's position.
    virtual Result<void> list(DirectorySink& sink);
    virtual Result<void> truncate(u64 size);
    // fallocate(2): room for a range, or a hole in its place. Errno::OpNotSupp by default.
    virtual Result<void> allocate(u64 offset, u64 size);
    virtual Result<void> punch(u64 offset, u64 size);
    // fcntl(2) F_GETPIPE_SZ: Errno::BadF for what is no pipe.
    virtual Result<u64> pipe_capacity();
    // F_SETPIPE_SZ: a number of whole pages. Errno::BadF, Busy, NoMem.
    virtual Result<void> set_pipe_capacity(u64 bytes);
    // The number of the pseudo-terminal whose master this is. Errno::NotTty.
    virtual Result<u32> pseudo_terminal();
    // Opened with O_PATH: names a place and does nothing else.
    bool is_path_only() const { return (flags_ & open_flags::kPath) != 0; }
    // Tells who watches it that it was opened (inotify(7)), and of its end when that comes.
    void tell_opened();
    // It is open for writing: its mount cannot become read-only until its end.
    void keep_mount_writable();
    // It may write to its regular file until its end. Errno::TxtBsy (open(2)).
    Result<void> begin_writing();
    // The terminal behind this file, or null (an opaque handle that tty/ understands).
    virtual void* terminal() { return nullptr; }
    // Called when a descriptor for it is closed (POSIX locks, flush).
    virtual void descriptor_closed() {}

    // --- signals (signal_owner.h; fcntl(2))
    // Null until something of it was set.
    SignalOwner* signal_owner() const { return signal_owner_.get(); }
    // Errno::NoMem.
    Result<SignalOwner*> make_signal_owner(Heap& heap);
    virtual SignalLists signal_lists() { return {}; }
    bool can_signal();
    // O_ASYNC, set by this descriptor. Errno::NoMem.
    Result<void> start_signals(Heap& heap, u32 descriptor);
    void stop_signals();

    // Gives up the locks of this open file at its end; null where it never had one.
    Ref<LockOwner> lock_holder{};

protected:
    File(Ref<Inode> inode, Path path, u32 flags)
        : inode_(std::move(inode)), path_(std::move(path)), flags_(flags)
    {}
    ~File() override;
    void before_end() override;
    // Something was read.
    void note_access();

    Ref<Inode> inode_;
    Path path_;
    u32 flags_;
    u64 position_ = 0;

private:
    WatchList watches_{};
    Own<SignalOwner> signal_owner_{};
    bool tells_end_ = false;
    bool keeps_mount_writable_ = false;
    bool is_writing_ = false;
};

struct OpenRequest {
    Ref<Inode> inode{};  // The inode itself, counted.
    Path path{};
    u32 flags = 0;
    Credentials const* credentials = nullptr;
};

}  // namespace drydock
