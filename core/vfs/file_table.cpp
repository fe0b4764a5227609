#include "core/vfs/file_table.h"

namespace drydock {

FileTable::~FileTable()
{
    close_all();
    auto* const blocks = reinterpret_cast<Block**>(directory_.data());
    for (u32 i = 0; i < directory_size_; ++i) {
        Own<Block> const block(blocks[i]);
    }
}

FileTable::Block* FileTable::block_of(u32 descriptor) const
{
    u32 const index = descriptor / kBlockSize;
    if (index == 0) return const_cast<Block*>(&first_);
    if (index >= directory_size_) return nullptr;
    return reinterpret_cast<Block**>(directory_.data())[index];
}

bool FileTable::is_open(u32 descriptor) const
{
    Block const* const block = block_of(descriptor);
    return block != nullptr && (block->used & bit(descriptor)) != 0;
}

Result<void> FileTable::grow_directory(u32 block_count)
{
    if (block_count <= directory_size_) return {};
    u32 wanted = directory_size_ == 0 ? 8 : directory_size_;
    while (wanted < block_count) wanted *= 2;
    if (wanted > kMaximumBlocks) wanted = kMaximumBlocks;
    Buffer larger = TRY(Buffer::create(heap_, wanted * sizeof(Block*)));
    if (directory_size_ > 0) {
        memcpy(larger.data(), directory_.data(), directory_size_ * sizeof(Block*));
    }
    directory_ = std::move(larger);
    directory_size_ = wanted;
    return {};
}

Result<FileTable::Block*> FileTable::make_block(u32 index)
{
    ASSERT(index < kMaximumBlocks);
    if (index == 0) return &first_;
    TRY(grow_directory(index + 1));
    Block*& place = reinterpret_cast<Block**>(directory_.data())[index];
    if (place == nullptr) {
        Own<Block> block = TRY(heap_.create<Block>());
        place = block.take_pointer();
    }
    return place;
}

u32 FileTable::find_free(u32 minimum) const
{
    u32 descriptor = minimum < first_free_ ? first_free_ : minimum;
    while (descriptor < kMaximumDescriptors) {
        Block const* const block = block_of(descriptor);
        if (block == nullptr) return descriptor;
        u64 const below = bit(descriptor) - 1;
        u64 const free = ~(block->used | below);
        u32 const start = descriptor - descriptor % kBlockSize;
        if (free != 0) return start + static_cast<u32>(__builtin_ctzll(free));
        descriptor = start + kBlockSize;
    }
    return kMaximumDescriptors;
}

Result<u32> FileTable::next_free(u32 minimum, u32 limit) const
{
    u32 const descriptor = find_free(minimum);
    if (descriptor >= limit || descriptor >= kMaximumDescriptors) return Errno::Mfile;
    return descriptor;
}

Result<void> FileTable::check_free(u32 limit) const
{
    if (find_free(0) >= limit) return Errno::Mfile;
    return {};
}

Result<u32> FileTable::add(Ref<File> file, bool close_on_exec, u32 minimum, u32 limit)
{
    ASSERT(file);
    u32 const descriptor = find_free(minimum);
    if (descriptor >= limit || descriptor >= kMaximumDescriptors) return Errno::Mfile;
    Block* const block = TRY(make_block(descriptor / kBlockSize));
    block->used |= bit(descriptor);
    if (close_on_exec) block->marked |= bit(descriptor);
    block->files[descriptor % kBlockSize] = std::move(file);
    ++open_count_;
    if (descriptor >= size_) size_ = descriptor + 1;
    if (minimum <= first_free_) first_free_ = descriptor + 1;
    return descriptor;
}

Result<void> FileTable::set(u32 descriptor, Ref<File> file, bool close_on_exec, u32 limit)
{
    ASSERT(file);
    if (descriptor >= limit || descriptor >= kMaximumDescriptors) return Errno::BadF;
    Block* const block = TRY(make_block(descriptor / kBlockSize));
    bool const was_open = (block->used & bit(descriptor)) != 0;
    Ref<File>& place = block->files[descriptor % kBlockSize];
    // The old file dies only when the new one can be seen.
    std::swap(place, file);
    block->used |= bit(descriptor);
    block->marked &= ~bit(descriptor);
    if (close_on_exec) block->marked |= bit(descriptor);
    if (!was_open) ++open_count_;
    if (descriptor >= size_) size_ = descriptor + 1;
    if (was_open) file->descriptor_closed();
    return {};
}

void FileTable::lower_upper_bound()
{
    while (size_ > 0) {
        Block const* const block = block_of(size_ - 1);
        u32 const start = (size_ - 1) - (size_ - 1) % kBlockSize;
        if (block == nullptr || block->used == 0) {
            size_ = start;
            continue;
        }
        size_ = start + kBlockSize - static_cast<u32>(__builtin_clzll(block->used));
        return;
    }
}

Ref<File> FileTable::take_out(u32 descriptor)
{
    Block* const block = block_of(descriptor);
    ASSERT(block != nullptr);
    ASSERT((block->used & bit(descriptor)) != 0);
    block->used &= ~bit(descriptor);
    block->marked &= ~bit(descriptor);
    Ref<File> file = std::move(block->files[descriptor % kBlockSize]);
    --open_count_;
    if (descriptor < first_free_) first_free_ = descriptor;
    if (descriptor + 1 == size_) lower_upper_bound();
    return file;
}

Result<void> FileTable::close(u32 descriptor)
{
    if (!is_open(descriptor)) return Errno::BadF;
    Ref<File> const file = take_out(descriptor);
    file->descriptor_closed();
    return {};
}

Result<bool> FileTable::close_on_exec(u32 descriptor) const
{
    if (!is_open(descriptor)) return Errno::BadF;
    return (block_of(descriptor)->marked & bit(descriptor)) != 0;
}

Result<void> FileTable::set_close_on_exec(u32 descriptor, bool value)
{
    if (!is_open(descriptor)) return Errno::BadF;
    Block* const block = block_of(descriptor);
    block->marked &= ~bit(descriptor);
    if (value) block->marked |= bit(descriptor);
    return {};
}

void FileTable::close_marked()
{
    for (u32 start = 0; start < size_; start += kBlockSize) {
        Block* const block = block_of(start);
        while (block != nullptr && block->marked != 0) {
            u32 const descriptor = start + static_cast<u32>(__builtin_ctzll(block->marked));
            Ref<File> const file = take_out(descriptor);
            if (lock_holder) lock_holder->descriptor_closed(file->inode());
            file->descriptor_closed();
        }
    }
}

void FileTable::close_all()
{
    u32 const end = size_;
    for (u32 start = 0; start < end; start += kBlockSize) {
        Block* const block = block_of(start);
        while (block != nullptr && block->used != 0) {
            u32 const descriptor = start + static_cast<u32>(__builtin_ctzll(block->used));
            Ref<File> const file = take_out(descriptor);
            file->descriptor_closed();
        }
    }
    ASSERT(open_count_ == 0);
}

Result<Ref<FileTable>> FileTable::duplicate()
{
    Ref<FileTable> copy = TRY(heap_.create_ref<FileTable>(heap_));
    for (u32 start = 0; start < size_; start += kBlockSize) {
        Block const* const block = block_of(start);
        if (block == nullptr || block->used == 0) continue;
        Block* const target = TRY(copy->make_block(start / kBlockSize));
        for (u64 rest = block->used; rest != 0; rest &= rest - 1) {
            u32 const index = static_cast<u32>(__builtin_ctzll(rest));
            target->files[index] = block->files[index];
            target->used |= u64{1} << index;
            ++copy->open_count_;
            copy->size_ = start + index + 1;
        }
        target->marked = block->marked;
    }
    copy->first_free_ = first_free_;
    return copy;
}

}  // namespace drydock
