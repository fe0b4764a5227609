#include "core/socket/message.h"

namespace drydock {

Result<Own<PassedFiles>> PassedFiles::create(Heap& heap, u32 room)
{
    ASSERT(room <= kPassedMaximum);
    void* const memory = TRY(heap.allocate(sizeof(PassedFiles) + room * sizeof(Ref<File>)));
    auto* const files = new (memory) PassedFiles(room);
    for (u32 i = 0; i < room; ++i) new (files->first() + i) Ref<File>();
    return Own<PassedFiles>(files);
}

PassedFiles::~PassedFiles()
{
    for (Ref<File>& file : files()) file.reset();
}

void PassedFiles::add(Ref<File> file)
{
    ASSERT(count_ < room_);
    first()[count_] = std::move(file);
    ++count_;
}

Result<Own<PassedFiles>> PassedFiles::copy(Heap& heap)
{
    Own<PassedFiles> result = TRY(create(heap, count_));
    for (Ref<File> const& file : files()) result->add(file);
    return result;
}

Result<Own<Message>> Message::create(Heap& heap, IoBuffer& source, usize size)
{
    Own<Message> message = TRY(heap.create<Message>(size));
    Chunk** place = &message->first_;
    for (usize rest = size; rest > 0;) {
        usize const part = rest < kChunkBytes ? rest : kChunkBytes;
        void* const memory = TRY(heap.allocate(sizeof(Chunk) + part));
        *place = new (memory) Chunk();
        (*place)->size = part;
        place = &(*place)->next;
        rest -= part;
    }
    if (size == 0) return message;
    if (TRY(source.prepare(size, false)) < size) return Errno::Fault;
    for (Chunk* chunk = message->first_; chunk != nullptr; chunk = chunk->next) {
        usize const taken = TRY(source.take({bytes_of(chunk), chunk->size}));
        ASSERT(taken == chunk->size);
    }
    return message;
}

Message::~Message()
{
    ASSERT(!files);
    while (Chunk* const chunk = first_) {
        first_ = chunk->next;
        Heap::release(chunk);
    }
}

Result<usize> Message::copy_to(IoBuffer& target, usize offset, usize size) const
{
    ASSERT(consumed_ + offset + size <= size_);
    usize done = 0;
    usize skip = consumed_ + offset;
    for (Chunk* chunk = first_; chunk != nullptr && done < size; chunk = chunk->next) {
        if (skip >= chunk->size) {
            skip -= chunk->size;
            continue;
        }
        usize part = chunk->size - skip;
        if (part > size - done) part = size - done;
        Result<usize> put = target.put({bytes_of(chunk) + skip, part});
        if (put.is_error()) {
            if (done > 0) break;
            return put.error();
        }
        done += put.value();
        if (put.value() < part) break;
        skip = 0;
    }
    return done;
}

void Message::consume(usize size)
{
    ASSERT(size <= this->size());
    consumed_ += size;
}

namespace {

// The size that kmalloc() gives (mm/slab_common.c, kmalloc_info), from 512 bytes on.
u64 slab_size(u64 size)
{
    u64 slab = 512;
    while (slab < size) slab *= 2;
    return slab;
}

}  // namespace

u64 message_cost(usize size, usize linear)
{
    // sizeof(struct sk_buff) and struct skb_shared_info, rounded to cache lines.
    constexpr u64 kHeader = 256, kShared = 320;
    usize const excess = size > linear ? size - linear : 0;
    u64 const pages = (excess + kPageSize - 1) / kPageSize * kPageSize;
    usize const rest = size > pages ? size - pages : 0;
    return kHeader + slab_size(rest + kShared) + pages;
}

}  // namespace drydock
