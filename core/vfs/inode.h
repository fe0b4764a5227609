#pragma once

// A file of any kind, as its file system keeps it, apart from names. File systems derive from it;
// what a kind cannot do keeps the errno of the base.

#include "core/base/heap.h"
#include "core/base/result.h"
#include "core/base/text.h"
#include "core/mm/file_cache.h"
#include "core/vfs/credentials.h"
#include "core/vfs/inode_watch.h"
#include "core/vfs/path.h"

namespace drydock {

class File;
class FileSystem;
struct OpenRequest;

// inode(7): the type bits of st_mode.
enum class InodeType : u32 {
    Anonymous = 0,  // What only descriptors name: event counters and the like.
    Fifo = 0010000,
    CharacterDevice = 0020000,
    Directory = 0040000,
    BlockDevice = 0060000,
    Regular = 0100000,
    SymbolicLink = 0120000,
    Socket = 0140000,
};

struct Timestamp {
    i64 seconds = 0;
    u32 nanoseconds = 0;
};

constexpr u64 make_device(u32 major, u32 minor)
{
    return (u64{minor} & 0xff) | (u64{major} & 0xfff) << 8 | (u64{minor} & ~u64{0xff}) << 12;
}

struct InodeAttributes {
    u64 number = 0;
    InodeType type = InodeType::Regular;
    u32 permissions = 0;  // The low twelve bits of st_mode.
    u32 links = 1;
    u32 uid = 0;
    u32 gid = 0;
    u64 device = 0;  // st_rdev, of device nodes.
    u64 size = 0;
    u64 blocks = 0;  // Of 512 bytes.
    Timestamp accessed{};
    Timestamp modified{};
    Timestamp changed{};
    Timestamp born{};  // All zero: not kept.
};

// fcntl(2), F_ADD_SEALS.
namespace file_seals {
inline constexpr u32 kSeal = 1, kShrink = 2, kGrow = 4, kWrite = 8, kFutureWrite = 16;
inline constexpr u32 kExecute = 32;  // The execute bits stay as they are (Linux 6.3).
inline constexpr u32 kAll = 63, kAnyWrite = kWrite | kFutureWrite;
}  // namespace file_seals

// What chmod, chown, truncate and utimensat change; absent fields stay.
struct AttributeChange {
    bool has_permissions = false, has_uid = false, has_gid = false, has_size = false;
    bool has_accessed = false, has_modified = false;
    bool drops_set_ids = false;  // chown(2), of whatever.
    bool times_are_now = false;  // UTIME_NOW for each time set: writers may do that too.
    u32 permissions = 0;
    u32 uid = 0;
    u32 gid = 0;
    u64 size = 0;
    Timestamp accessed{};
    Timestamp modified{};
};

struct DirectoryEntry {
    StringView name{};
    u64 inode_number = 0;
    InodeType type = InodeType::Regular;
    u64 next_position = 0;  // Where a later listing goes on behind this entry (d_off).
};

// Takes directory entries; false when it has no room for this one.
class DirectorySink {
public:
    virtual bool add(DirectoryEntry const& entry) = 0;

protected:
    ~DirectorySink() = default;
};

// A regular file is written to or run, never both at once (open(2), execve(2), ETXTBSY). Counts
// open files that may write, and processes that run it.
class WriteAccess {
public:
    // Errno::TxtBsy while somebody runs it.
    Result<void> begin_writing()
    {
        TRY(check());
        ++writers_;
        return {};
    }
    void end_writing()
    {
        ASSERT(writers_ > 0);
        --writers_;
    }
    // Errno::TxtBsy while somebody may write to it.
    Result<void> begin_running()
    {
        if (writers_ > 0) return Errno::TxtBsy;
        ++runners_;
        return {};
    }
    void end_running()
    {
        ASSERT(runners_ > 0);
        --runners_;
    }
    // One more of those who run it already.
    void run_again()
    {
        ASSERT(runners_ > 0);
        ++runners_;
    }
    // For a change without an open file.
    Result<void> check() const
    {
        return runners_ > 0 ? Result<void>{Errno::TxtBsy} : Result<void>{};
    }

private:
    u32 writers_ = 0;
    u32 runners_ = 0;
};

class ExtendedAttributes;

class Inode : public RefCounted {
public:
    // Attributes as of now (procfs computes them).
    virtual InodeAttributes attributes() = 0;
    virtual InodeType type() = 0;
    virtual FileSystem& file_system() = 0;
    // Null where the file system has none (xattr(7)).
    virtual ExtendedAttributes* extended_attributes() { return nullptr; }
    // Checked by the caller; Errno::Perm where the file system does not do it.
    virtual Result<void> change_attributes(AttributeChange const& change) = 0;

    // --- directories (Errno::NotDir otherwise) ---
    // Defaults are defined here, so that a class derived elsewhere needs nothing of this one's.
    virtual Result<Ref<Inode>> lookup(StringView /*name*/)
    {
        return type() == InodeType::Directory ? Errno::NoEnt : Errno::NotDir;
    }
    struct Creation {
        StringView name{};
        InodeType type = InodeType::Regular;
        u32 permissions = 0;
        u32 uid = 0;
        u32 gid = 0;
        u64 device = 0;
        StringView link_target{};
        bool may_get_name = true;  // Of a temporary file.
    };
    virtual Result<Ref<Inode>> create(Creation const& /*creation*/) { return refusal(); }
    virtual Result<void> link(StringView /*name*/, Inode& /*target*/) { return refusal(); }
    // Removes a name that is no directory / an empty directory.
    virtual Result<void> unlink(StringView /*name*/) { return refusal(); }
    virtual Result<void> remove_directory(StringView /*name*/) { return refusal(); }
    // Both directories are of this file system. Replaces the target atomically; `whiteout`, if it
    // is not null, is what takes the old name (renameat2(2), RENAME_WHITEOUT).
    virtual Result<void> rename(StringView /*name*/,
                                Inode& /*target_directory*/,
                                StringView /*target_name*/,
                                Creation const* /*whiteout*/)
    {
        return refusal();
    }
    // The two names change places (renameat2(2) RENAME_EXCHANGE).
    virtual Result<void> exchange(StringView /*name*/,
                                  Inode& /*target_directory*/,
                                  StringView /*target_name*/)
    {
        return Errno::Inval;
    }
    // A file without a name (open(2) O_TMPFILE); link() may give it one.
    virtual Result<Ref<Inode>> create_temporary(Creation const& /*creation*/)
    {
        return Errno::OpNotSupp;
    }
    // Lists from `position` (0 is the start; "." and ".." included) until the sink is full; returns
    // the position to go on from.
    virtual Result<u64> list(u64 /*position*/, u64 /*parent_number*/, DirectorySink& /*sink*/)
    {
        return Errno::NotDir;
    }
    // False where names come and go by themselves (procfs): the name cache must ask again each
    // time.
    virtual bool has_stable_names() { return true; }

    // It was read. Unless `always`, the time is kept as mount(2) has it for MS_RELATIME.
    virtual void accessed(bool /*always*/) {}

    // --- symbolic links ---
    // The target, at most target.size() bytes of it. Errno::Inval if this is no link.
    virtual Result<usize> read_link(Span<char> /*target*/) { return Errno::Inval; }

    // Where a magic link of procfs leads, whatever its text says; Errno::Inval: follow the text.
    virtual Result<Path> follow_magic() { return Errno::Inval; }

    // --- opening ---
    // An open file on this inode; may block (FIFOs).
    virtual Result<Ref<File>> open(OpenRequest const& request) = 0;
    // The pages of a regular file, for mmap and exec; null if it has none (Errno::NoDev).
    virtual Result<Ref<FileCache>> cache() { return Errno::NoDev; }

    // What was given up for ever (fcntl(2), F_ADD_SEALS); null for files that cannot be sealed.
    virtual u32* seals() { return nullptr; }

    // Who hears of what happens to it; each holds the inode.
    InodeWatchList watches;

    WriteAccess write_access{};

    // The advisory locks on it, null until the first (syscall/file_locks.h).
    Ref<RefCounted> locks{};

private:
    // A directory whose file system does not do it refuses; anything else is no directory.
    Errno refusal() { return type() == InodeType::Directory ? Errno::Perm : Errno::NotDir; }
};

class FileSystem {
public:
    virtual StringView type_name() = 0;  // As in /proc/mounts.
    virtual u64 device_number() = 0;     // st_dev.
    virtual u64 magic() = 0;             // statfs f_type.
    struct Statistics {
        u64 total_blocks = 0, free_blocks = 0, total_inodes = 0, free_inodes = 0;
    };
    virtual Statistics statistics() = 0;
    virtual Ref<Inode> root() = 0;
    // mount(2), MS_REMOUNT: other options. Errno::Inval.
    virtual Result<void> reconfigure(StringView /*options*/) { return {}; }
    // As they stand in /proc/mounts, each behind a comma.
    virtual void describe_options(Text& /*text*/) {}

protected:
    ~FileSystem() = default;
};

}  // namespace drydock
