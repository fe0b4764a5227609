#include "core/base/heap.h"

namespace drydock {

namespace {

constexpr u64 kSlabMagic = 0x51ab'51ab'd0c4'd0c4;
constexpr unsigned kLargestOrder = 10;

unsigned order_for(usize size)
{
    unsigned order = 0;
    while ((kPageSize << order) < size) ++order;
    return order;
}

}  // namespace

Heap::~Heap()
{
    trim();
    for (SlabList& list : partial_) ASSERT(list.is_empty());
    ASSERT(live_objects_ == 0);
}

void Heap::trim()
{
    for (SlabList& list : partial_) {
        Slab* slab = list.first();
        while (slab != nullptr) {
            Slab* const next = list.next(*slab);
            if (slab->live == 0) give_back(list, *slab);
            slab = next;
        }
    }
}

void Heap::give_back(SlabList& list, Slab& slab)
{
    ASSERT(slab.live == 0);
    list.remove(slab);
    slab.magic = 0;
    --live_frames_;
    frames_.free(frames_.address_of(&slab), 0);
}

usize Heap::class_of(u32 object_size)
{
    for (usize i = 0; i < kClasses; ++i) {
        if (kClassSizes[i] >= object_size) return i;
    }
    return kClasses;
}

Result<void*> Heap::allocate(usize size)
{
    ASSERT(size > 0);
    if (size > kClassSizes[kClasses - 1]) return allocate_large(size);
    usize const index = class_of(static_cast<u32>(size));
    Slab* slab = partial_[index].first();
    if (slab == nullptr) slab = TRY(grow(index));
    void* const memory = slab->free_list;
    ASSERT(memory != nullptr);
    slab->free_list = *static_cast<void**>(memory);
    ++slab->live;
    ++live_objects_;
    if (slab->free_list == nullptr) partial_[index].remove(*slab);
    memset(memory, 0, size);
    return memory;
}

Result<void*> Heap::allocate_large(usize size)
{
    unsigned const order = order_for(size + kHeaderSize);
    if (order > kLargestOrder) return Errno::NoMem;
    PhysAddr const frame = TRY(frames_.allocate(FrameUse::Heap, order, true));
    Slab* const slab = new (frames_.data(frame)) Slab;
    slab->heap = this;
    slab->order = order;
    slab->live = 1;
    slab->magic = kSlabMagic;
    ++live_objects_;
    live_frames_ += u64{1} << order;
    return static_cast<void*>(reinterpret_cast<std::byte*>(slab) + kHeaderSize);
}

Result<Heap::Slab*> Heap::grow(usize class_index)
{
    PhysAddr const frame = TRY(frames_.allocate(FrameUse::Heap, 0, false));
    std::byte* const base = frames_.data(frame);
    Slab* const slab = new (base) Slab;
    slab->heap = this;
    slab->object_size = kClassSizes[class_index];
    slab->capacity = static_cast<u32>((kPageSize - kHeaderSize) / slab->object_size);
    slab->magic = kSlabMagic;
    // The lowest address is handed out first.
    for (u32 i = slab->capacity; i > 0; --i) {
        void* const memory = base + kHeaderSize + usize{i - 1} * slab->object_size;
        *static_cast<void**>(memory) = slab->free_list;
        slab->free_list = memory;
    }
    ++live_frames_;
    partial_[class_index].push_front(*slab);
    return slab;
}

void Heap::release(void* memory)
{
    auto const page = page_floor(reinterpret_cast<u64>(memory));
    Slab* const slab = reinterpret_cast<Slab*>(page);
    ASSERT(slab->magic == kSlabMagic);
    slab->heap->release_from(*slab, memory);
}

void Heap::release_from(Slab& slab, void* memory)
{
    ASSERT(slab.live > 0);
    --live_objects_;
    --slab.live;
    if (slab.object_size == 0) {
        unsigned const order = slab.order;
        live_frames_ -= u64{1} << order;
        slab.magic = 0;
        frames_.free(frames_.address_of(&slab), order);
        return;
    }
    usize const index = class_of(slab.object_size);
    // A stale pointer into a freed object reads a pattern that is no address.
    memset(memory, 0xfd, slab.object_size);
    bool const was_full = slab.free_list == nullptr;
    *static_cast<void**>(memory) = slab.free_list;
    slab.free_list = memory;
    if (was_full) partial_[index].push_front(slab);
    // The last slab of a class stays when it empties, so that a lone object that comes and goes
    // does not take and return a frame each time; trim() gives it back.
    bool const is_only_one = partial_[index].first() == &slab && partial_[index].last() == &slab;
    if (slab.live == 0 && !is_only_one) give_back(partial_[index], slab);
}

void release_to_heap(void* object) { Heap::release(object); }

Result<Buffer> Buffer::create(Heap& heap, usize size)
{
    Buffer buffer;
    if (size == 0) return buffer;
    buffer.data_ = static_cast<std::byte*>(TRY(heap.allocate(size)));
    buffer.size_ = size;
    return buffer;
}

Result<Buffer> Buffer::copy_of(Heap& heap, StringView text)
{
    Buffer buffer = TRY(create(heap, text.size()));
    if (text.size() > 0) memcpy(buffer.data_, text.data(), text.size());
    return buffer;
}

}  // namespace drydock
