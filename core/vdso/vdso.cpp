#include "core/vdso/vdso.h"

// Of the shared object in the kernel's own image (core/vdso/vdso_image.S).
extern "C" std::byte const drydock_vdso_start[];
extern "C" std::byte const drydock_vdso_end[];

namespace drydock {

namespace {

constexpr u64 kDataPage = 0, kCodePage = 1, kPageCount = 2;

// The layout that core/vdso/user/vdso.s reads.
struct VdsoData {
    u32 mode = 0;
    u32 reserved = 0;
    u64 timestamp_base = 0;
    u64 scale = 0;
    u64 wall_clock_offset = 0;
};
static_assert(offsetof(VdsoData, timestamp_base) == 8);
static_assert(offsetof(VdsoData, scale) == 16);
static_assert(offsetof(VdsoData, wall_clock_offset) == 24);

void fill_data(ClockParameters const& clock, Bytes page)
{
    VdsoData data;
    data.mode = clock.is_user_readable ? 1 : 0;
    data.timestamp_base = clock.timestamp_base;
    data.scale = clock.scale;
    memcpy(page.data(), &data, sizeof(data));
}

}  // namespace

Result<Own<Vdso>> Vdso::create(Heap& heap, FrameAllocator& frames, Platform& platform)
{
    Own<Vdso> vdso = TRY(heap.create<Vdso>(frames, platform.memory_layout().clock));
    u64 const id = frames.next_object_id();
    PageSource* const source = vdso.get();
    vdso->cache_ = TRY(heap.create_ref<FileCache>(heap, frames, platform, id, source));
    vdso->cache_->set_size_bytes(kPageCount * kPageSize);
    for (u64 page = 0; page < kPageCount; ++page) TRY(vdso->cache_->get(page));
    return vdso;
}

Result<void> Vdso::load_page(u64 index, Bytes page)
{
    ASSERT(index < kPageCount);
    memset(page.data(), 0, page.size());
    if (index == kDataPage) {
        fill_data(clock_, page);
        return {};
    }
    auto const size = static_cast<usize>(drydock_vdso_end - drydock_vdso_start);
    ASSERT(size <= kPageSize);
    memcpy(page.data(), drydock_vdso_start, size);
    return {};
}

Result<UserAddr> Vdso::map_into(AddressSpace& space)
{
    MapRequest request;
    request.length = kPageCount * kPageSize;
    request.rights = {true, false, false};
    request.kind = Region::Kind::Vvar;
    request.cache = cache_;
    request.may_write = false;
    UserAddr const data = TRY(space.map(request));
    UserAddr const code = data + kCodePage * kPageSize;
    request.address = code;
    request.length = kPageSize;
    request.rights = {true, false, true};
    request.fixed = true;
    request.kind = Region::Kind::Vdso;
    request.file_offset = kCodePage * kPageSize;
    TRY(space.map(request));
    // A libc looks at the object before it does anything else. What cannot be had now faults then.
    space.populate(code, kPageSize);
    return code;
}

void Vdso::set_wall_clock_offset(i64 nanoseconds)
{
    Result<PhysAddr> frame = cache_->find(kDataPage);
    ASSERT(frame.is_ok());
    auto* const data = reinterpret_cast<VdsoData*>(frames_.data(frame.value()));
    data->wall_clock_offset = static_cast<u64>(nanoseconds);
}

}  // namespace drydock
