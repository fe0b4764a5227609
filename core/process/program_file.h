#pragma once

// A file that exec runs or interprets: checked for the right to execute it, read through its page
// cache.

#include "core/vfs/vfs.h"

namespace drydock {

// Keeps a file from being written to as long as it is run (execve(2), open(2), ETXTBSY).
class RunningFile {
public:
    RunningFile() = default;
    RunningFile(RunningFile&& other) noexcept : inode_(std::move(other.inode_)) {}
    RunningFile& operator=(RunningFile&& other) noexcept
    {
        std::swap(inode_, other.inode_);
        return *this;
    }
    RunningFile(RunningFile const&) = delete;
    RunningFile& operator=(RunningFile const&) = delete;
    ~RunningFile()
    {
        if (inode_) inode_->write_access.end_running();
    }
    // Errno::TxtBsy while somebody has it open for writing.
    static Result<RunningFile> begin(Ref<Inode> inode);
    // The same file run by one more.
    RunningFile again() const;

private:
    Ref<Inode> inode_{};
};

struct ProgramFile {
    Path path{};
    RunningFile running{};
    Ref<File> file{};  // Keeps it open and names it in /proc/PID/maps.
    Ref<FileCache> cache{};
    u64 size = 0;
    u32 permissions = 0;
    u32 uid = 0;
    u32 gid = 0;

    // execve(2): Acces for what is no regular file or not executable; TxtBsy; NoEnt and the rest of
    // resolve().
    static Result<ProgramFile> open(Vfs& vfs,
                                    Resolver const& resolver,
                                    StringView name,
                                    bool follow);
    // What was resolved already.
    static Result<ProgramFile> open_path(Vfs& vfs, Path path, Credentials const& credentials);
    // Bytes from `offset` on; the count is short at the end of the file only. Errno::NoMem, Io.
    Result<usize> read(u64 offset, Bytes target) const;
};

}  // namespace drydock
