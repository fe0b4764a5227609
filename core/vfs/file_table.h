#pragma once

// Descriptors of a process (threads may share one table).

#include "core/vfs/file.h"

namespace drydock {

// RLIMIT_NOFILE's default hard limit on Linux (fs.nr_open bounds it): the table never grows past
// this.
inline constexpr u32 kMaximumDescriptors = 1u << 20;

class FileTable final : public RefCounted {
public:
    explicit FileTable(Heap& heap) : heap_(heap) {}
    ~FileTable() override;

    // Borrowed: the table may lose it as soon as anything else runs. Null if the descriptor is
    // free.
    File* find(u32 descriptor) const
    {
        if (descriptor < kBlockSize) return first_.files[descriptor].get();
        Block const* const block = block_of(descriptor);
        return block == nullptr ? nullptr : block->files[descriptor % kBlockSize].get();
    }
    // Errno::BadF.
    Result<Ref<File>> get(u32 descriptor) const
    {
        File* const file = find(descriptor);
        if (file == nullptr) return Errno::BadF;
        return Ref<File>(file);
    }
    // The lowest free descriptor at or above `minimum`, below `limit`. Errno::Mfile, NoMem.
    Result<u32> add(Ref<File> file, bool close_on_exec, u32 minimum, u32 limit);
    // What add() would return, if nothing else happens before. Errno::Mfile.
    Result<u32> next_free(u32 minimum, u32 limit) const;
    // Whether add() would find a descriptor: Errno::Mfile.
    Result<void> check_free(u32 limit) const;
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

    // Gives up the record locks of this table's process at its end; null where it never had one.
    Ref<LockOwner> lock_holder{};

private:
    static constexpr u32 kBlockSize = 64;
    static constexpr u32 kMaximumBlocks = kMaximumDescriptors / kBlockSize;
    static_assert(kBlockSize == 64, "one word of bits per block");

    struct Block {
        u64 used = 0;
        u64 marked = 0;  // Close on exec.
        Ref<File> files[kBlockSize]{};
    };

    static u64 bit(u32 descriptor) { return u64{1} << (descriptor % kBlockSize); }
    Block* block_of(u32 descriptor) const;
    bool is_open(u32 descriptor) const;
    Result<Block*> make_block(u32 index);
    Result<void> grow_directory(u32 block_count);
    u32 find_free(u32 minimum) const;
    // The file that was there; the descriptor is free.
    Ref<File> take_out(u32 descriptor);
    void lower_upper_bound();

    Heap& heap_;
    u32 size_ = 0;
    u32 open_count_ = 0;
    // No descriptor below it is free.
    u32 first_free_ = 0;
    // The first block serves nearly every process without another allocation.
    Block first_{};
    // The others: pointers to blocks, null where none is needed yet. Index 0 is never used.
    Buffer directory_{};
    u32 directory_size_ = 0;
};

}  // namespace drydock
