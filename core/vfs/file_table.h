#pragma once

// Descriptors of a process (threads may share one table).

#include "core/vfs/file.h"

namespace drydock {

// RLIMIT_NOFILE's default hard limit on Linux (fs.nr_open bounds it): the table never grows past this.
inline constexpr u32 kMaximumDescriptors = 1u << 20;

class FileTable final : public RefCounted {
public:
    explicit FileTable(Heap& heap) : heap_(heap) {}
    ~FileTable() override;

    // Errno::BadF.
    Result<Ref<File>> get(u32 descriptor) const;
    // The lowest free descriptor at or above `minimum`, below `limit`. Errno::Mfile, NoMem.
    Result<u32> add(Ref<File> file, bool close_on_exec, u32 minimum, u32 limit);
    // dup2(2): puts the file at exactly this descriptor, closing what was there.
    Result<void> set(u32 descriptor, Ref<File> file, bool close_on_exec, u32 limit);
    Result<void> close(u32 descriptor);
    Result<bool> close_on_exec(u32 descriptor) const;
    Result<void> set_close_on_exec(u32 descriptor, bool value);
    // exec: closes what is marked so.
    void close_marked();
    void close_all();
    // fork: the same files in a table of its own. Errno::NoMem.
    Result<Ref<FileTable>> duplicate();
    // One past the highest descriptor in use.
    u32 upper_bound() const { return size_; }
    u32 open_count() const { return open_count_; }

private:
    Heap& heap_;
    u32 size_ = 0;
    u32 open_count_ = 0;
    // The owner of this file adds the storage.
};

}  // namespace drydock
