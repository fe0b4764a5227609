#pragma once

// The kernel heap: objects of up to 2 KiB in pools of one size each, larger ones in runs of frames.
// Pools grow by frames and give empty frames back. Nothing here blocks; out of memory is an error.

#include "core/base/frame_source.h"
#include "core/base/list.h"
#include "core/base/ref.h"
#include "core/base/result.h"
#include "core/base/span.h"

#include <new>
#include <utility>

namespace drydock {

class Heap {
public:
    explicit Heap(FrameSource& frames) : frames_(frames) {}
    Heap(Heap const&) = delete;
    Heap& operator=(Heap const&) = delete;
    ~Heap();

    // At least `size` zeroed bytes, aligned to 16. The largest size is 4 MiB less a header.
    // Errno::NoMem.
    Result<void*> allocate(usize size);
    // Returns what allocate() gave, whichever heap it was.
    static void release(void* memory);

    template <typename T, typename... Arguments>
    Result<Own<T>> create(Arguments&&... arguments)
    {
        void* const memory = TRY(allocate(sizeof(T)));
        return Own<T>(new (memory) T(std::forward<Arguments>(arguments)...));
    }
    template <std::derived_from<RefCounted> T, typename... Arguments>
    Result<Ref<T>> create_ref(Arguments&&... arguments)
    {
        void* const memory = TRY(allocate(sizeof(T)));
        return Ref<T>(new (memory) T(std::forward<Arguments>(arguments)...));
    }

    // Gives back the frames of empty pools (one per size is kept otherwise).
    void trim();

    // Objects alive now; 0 when everything was given back.
    u64 live_objects() const { return live_objects_; }
    u64 live_frames() const { return live_frames_; }

private:
    struct Slab {
        Heap* heap = nullptr;
        u32 object_size = 0;  // 0: one large object fills the run.
        u32 live = 0;
        u32 capacity = 0;
        u32 order = 0;
        void* free_list = nullptr;
        ListHook hook{};
        u64 magic = 0;
    };
    using SlabList = List<Slab, &Slab::hook>;
    static constexpr u32 kClassSizes[] = {
        32, 64, 96, 128, 192, 256, 320, 384, 512, 640, 800, 1008, 1344, 2016};
    static constexpr usize kClasses = sizeof(kClassSizes) / sizeof(kClassSizes[0]);
    static constexpr usize kHeaderSize = 64;
    static_assert(sizeof(Slab) <= kHeaderSize);

    Result<void*> allocate_large(usize size);
    Result<Slab*> grow(usize class_index);
    void release_from(Slab& slab, void* memory);
    void give_back(SlabList& list, Slab& slab);
    static usize class_of(u32 object_size);

    FrameSource& frames_;
    // Slabs with at least one free object, by class. Full ones are in no list.
    SlabList partial_[kClasses];
    u64 live_objects_ = 0;
    u64 live_frames_ = 0;
};

// A heap copy of bytes or text, owned; may be empty.
class Buffer {
public:
    Buffer() = default;
    static Result<Buffer> create(Heap& heap, usize size);
    static Result<Buffer> copy_of(Heap& heap, StringView text);
    Buffer(Buffer&& other) : data_(other.data_), size_(other.size_)
    {
        other.data_ = nullptr;
        other.size_ = 0;
    }
    Buffer& operator=(Buffer&& other)
    {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~Buffer()
    {
        if (data_ != nullptr) Heap::release(data_);
    }

    std::byte* data() const { return data_; }
    usize size() const { return size_; }
    Bytes bytes() const { return {data_, size_}; }
    StringView text() const { return {reinterpret_cast<char const*>(data_), size_}; }

private:
    std::byte* data_ = nullptr;
    usize size_ = 0;
};

}  // namespace drydock
