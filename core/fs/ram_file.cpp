#include "core/fs/ram_file.h"

namespace drydock {

namespace {

constexpr u64 kBlocksPerPage = kPageSize / 512;
// The largest offset of a file on tmpfs (MAX_LFS_FILESIZE).
constexpr u64 kSizeMaximum = 0x7fff'ffff'ffff'ffff;

constexpr u32 kSeekSet = 0, kSeekCurrent = 1, kSeekEnd = 2, kSeekData = 3, kSeekHole = 4;

// An open regular file.
class RamOpenFile final : public File {
public:
    RamOpenFile(Ref<RamFile> node, Path path, u32 flags)
        : File(node, std::move(path), flags), node_(*node)
    {}

    Result<usize> read(IoBuffer& target) override
    {
        usize const moved = TRY(read_at(target, position_));
        position_ += moved;
        return moved;
    }
    Result<usize> write(IoBuffer& source) override
    {
        if ((flags_ & open_flags::kAppend) != 0) position_ = node_.size();
        usize const moved = TRY(node_.write_at(source, position_));
        position_ += moved;
        return moved;
    }
    Result<usize> read_at(IoBuffer& target, u64 offset) override
    {
        usize const moved = TRY(node_.read_at(target, offset));
        note_access();
        return moved;
    }
    // pwrite(2), BUGS: with O_APPEND Linux appends whatever the offset.
    Result<usize> write_at(IoBuffer& source, u64 offset) override
    {
        if ((flags_ & open_flags::kAppend) != 0) offset = node_.size();
        return node_.write_at(source, offset);
    }
    Result<void> truncate(u64 size) override { return node_.resize(size); }
    Result<void> allocate(u64 offset, u64 size) override { return node_.allocate(offset, size); }
    Result<void> punch(u64 offset, u64 size) override { return node_.punch(offset, size); }

    Result<u64> seek(i64 offset, u32 whence) override
    {
        i64 base = 0;
        if (whence == kSeekCurrent) base = static_cast<i64>(position_);
        if (whence == kSeekEnd) base = static_cast<i64>(node_.size());
        if (whence == kSeekData || whence == kSeekHole) {
            if (offset < 0) return Errno::Nxio;
            bool const wants_data = whence == kSeekData;
            u64 const from = static_cast<u64>(offset);
            position_ = wants_data ? TRY(node_.seek_data(from)) : TRY(node_.seek_hole(from));
            return position_;
        }
        if (whence > kSeekHole) return Errno::Inval;
        i64 target = 0;
        if (__builtin_add_overflow(base, offset, &target) || target < 0) return Errno::Inval;
        static_assert(kSeekSet == 0);
        position_ = static_cast<u64>(target);
        return position_;
    }

private:
    RamFile& node_;
};

}  // namespace

RamFile::RamFile(RamFs& file_system, Creation const& creation)
    : RamNode(file_system, InodeType::Regular, creation)
{}

RamFile::~RamFile() { ram_fs_.uncharge(charged_pages_); }

void RamFile::set_contents(ConstBytes contents)
{
    ASSERT(attributes_.size == 0);
    ASSERT(!cache_);
    contents_ = contents;
    attributes_.size = contents.size();
}

Result<Ref<FileCache>> RamFile::cache()
{
    if (!cache_) {
        Heap& heap = vfs().heap();
        Platform& platform = vfs().scheduler().platform();
        u64 const id = vfs().next_file_id();
        PageSource* const source = this;
        cache_ = TRY(heap.create_ref<FileCache>(heap, vfs().frames(), platform, id, source));
        cache_->set_size_bytes(attributes_.size);
    }
    return Ref<FileCache>(cache_);
}

// Zeros behind what the archive holds, and wherever it holds nothing.
Result<void> RamFile::load_page(u64 index, Bytes page)
{
    u64 const offset = index * kPageSize;
    usize copied = 0;
    if (offset < contents_.size()) {
        u64 const left = contents_.size() - offset;
        copied = left < page.size() ? static_cast<usize>(left) : page.size();
        memcpy(page.data(), contents_.data() + offset, copied);
    }
    if (copied < page.size()) memset(page.data() + copied, 0, page.size() - copied);
    return {};
}

InodeAttributes RamFile::attributes()
{
    InodeAttributes result = attributes_;
    // What the archive still holds would be in memory on Linux, which unpacks everything at boot.
    u64 const cached = cache_ ? cache_->page_count() : 0;
    u64 const stored = source_pages();
    result.blocks = (cached > stored ? cached : stored) * kBlocksPerPage;
    return result;
}

Result<void> RamFile::change_attributes(AttributeChange const& change)
{
    constexpr u32 kExecuteBits = 0111;
    bool const is_sealed = (seals_ & file_seals::kExecute) != 0 && change.has_permissions;
    if (is_sealed && ((attributes_.permissions ^ change.permissions) & kExecuteBits) != 0)
        return Errno::Perm;
    if (change.has_size) TRY(resize(change.size));
    AttributeChange rest = change;
    rest.has_size = false;
    return RamNode::change_attributes(rest);
}

void RamFile::settle()
{
    u64 const now = cache_ ? cache_->page_count() : 0;
    if (now > charged_pages_) ram_fs_.charge(now - charged_pages_);
    if (now < charged_pages_) ram_fs_.uncharge(charged_pages_ - now);
    charged_pages_ = now;
}

bool RamFile::has_room(u64 index)
{
    if (index < source_pages()) return true;
    return cache_ && cache_->find(index).is_ok();
}

bool RamFile::has_data(u64 index)
{
    if (index < source_pages()) return true;
    return cache_ && cache_->is_written(index);
}

Result<usize> RamFile::read_page(IoBuffer& target, u64 offset, usize size)
{
    u64 const index = offset / kPageSize;
    if (!has_data(index)) return target.put_zeros(size);
    TRY(cache());
    PhysAddr const frame = TRY(cache_->get(index)).frame;
    std::byte const* const bytes = vfs().frames().data(frame) + offset % kPageSize;
    return target.put({bytes, size});
}

Result<usize> RamFile::read_at(IoBuffer& target, u64 offset)
{
    usize const before = target.moved();
    while (target.remaining() > 0 && offset < attributes_.size) {
        u64 const left = attributes_.size - offset;
        usize wanted = kPageSize - offset % kPageSize;
        if (wanted > target.remaining()) wanted = target.remaining();
        if (wanted > left) wanted = static_cast<usize>(left);
        Result<usize> step = read_page(target, offset, wanted);
        if (step.is_error()) {
            if (target.moved() > before) break;
            return step.error();
        }
        usize const moved = step.value();
        offset += moved;
        if (moved < wanted) break;
    }
    settle();
    return target.moved() - before;
}

Result<usize> RamFile::write_page(IoBuffer& source, u64 offset, usize size)
{
    u64 const index = offset / kPageSize;
    if ((seals_ & file_seals::kAnyWrite) != 0) return Errno::Perm;
    bool const may_grow = (seals_ & file_seals::kGrow) == 0;
    if (!may_grow && offset + size > attributes_.size) return Errno::Perm;
    // First the user's memory: a page is not brought in for bytes that cannot be had.
    usize const ready = TRY(source.prepare(size, false));
    TRY(cache());
    if (!has_room(index)) TRY(ram_fs_.check_room(1));
    PhysAddr const frame = TRY(cache_->get(index)).frame;
    std::byte* const bytes = vfs().frames().data(frame) + offset % kPageSize;
    usize const moved = TRY(source.take({bytes, ready < size ? ready : size}));
    settle();
    if (offset > attributes_.size) cache_->zero_tail(attributes_.size, offset);
    if (offset + moved > attributes_.size) {
        attributes_.size = offset + moved;
        cache_->set_size_bytes(attributes_.size);
    }
    return moved;
}

Result<usize> RamFile::write_at(IoBuffer& source, u64 offset)
{
    usize const before = source.moved();
    if (source.remaining() == 0) return usize{0};
    if (offset >= kSizeMaximum) return Errno::Fbig;
    if (source.remaining() > kSizeMaximum - offset) source.shorten(kSizeMaximum - offset);
    while (source.remaining() > 0) {
        usize wanted = kPageSize - offset % kPageSize;
        if (wanted > source.remaining()) wanted = source.remaining();
        Result<usize> step = write_page(source, offset, wanted);
        if (step.is_error()) {
            if (source.moved() > before) break;
            return step.error();
        }
        offset += step.value();
        if (step.value() < wanted) break;
    }
    if (source.moved() > before) touch_modified();
    return source.moved() - before;
}

Result<void> RamFile::resize(u64 size)
{
    if (size > kSizeMaximum) return Errno::Fbig;
    if (size < attributes_.size && (seals_ & file_seals::kShrink) != 0) return Errno::Perm;
    if (size > attributes_.size && (seals_ & file_seals::kGrow) != 0) return Errno::Perm;
    if (size < attributes_.size) {
        // What was cut off never comes back, neither from the archive nor from the cache.
        if (size < contents_.size()) contents_ = contents_.first(static_cast<usize>(size));
        if (cache_) cache_->truncate(page_ceil(size) / kPageSize, size % kPageSize);
    }
    if (cache_) {
        if (size > attributes_.size) cache_->zero_tail(attributes_.size, size);
        cache_->set_size_bytes(size);
    }
    attributes_.size = size;
    settle();
    touch_modified();
    return {};
}

// Linux shmem_fallocate(): what cannot be had at all is refused before any page is taken.
Result<void> RamFile::allocate(u64 offset, u64 size)
{
    u64 const first = offset / kPageSize;
    u64 const end = page_ceil(offset + size) / kPageSize;
    u64 const room = ram_fs_.statistics().total_blocks;
    if (room != 0 && end - first > room) return Errno::NoSpc;
    TRY(cache());
    u64 next = first;
    Result<void> taken{};
    for (; next < end && taken.is_ok(); ++next) {
        if (has_room(next)) continue;
        taken = ram_fs_.check_room(1);
        if (taken.is_ok()) taken = cache_->allocate(next);
        settle();
    }
    if (taken.is_error()) {
        // Nobody has seen what was not written yet: it goes again.
        for (u64 index = first; index < next; ++index) {
            if (index >= source_pages() && !cache_->is_written(index))
                cache_->punch(index, index + 1);
        }
        settle();
    }
    return taken;
}

Result<void> RamFile::punch(u64 offset, u64 size)
{
    u64 const end = offset + size;
    u64 const first = page_ceil(offset) / kPageSize;
    u64 const last = end / kPageSize;
    TRY(cache());
    // What the archive holds of the file cannot be given back: it is zeroed.
    u64 const stored = source_pages() * kPageSize;
    u64 at = offset;
    while (at < end && at < stored) {
        TRY(cache_->get(at / kPageSize));
        u64 const border = (at / kPageSize + 1) * kPageSize;
        u64 const stop = border < end ? border : end;
        cache_->zero_part(at, stop);
        at = stop;
    }
    if (first <= last) {
        cache_->zero_part(offset, first * kPageSize);
        cache_->zero_part(last * kPageSize, end);
        cache_->punch(first > source_pages() ? first : source_pages(), last);
    } else {
        cache_->zero_part(offset, end);
    }
    settle();
    touch_modified();
    return {};
}

Result<u64> RamFile::seek_data(u64 offset)
{
    if (offset >= attributes_.size) return Errno::Nxio;
    u64 const index = offset / kPageSize;
    if (has_data(index)) return offset;
    if (!cache_) return Errno::Nxio;
    Result<u64> next = cache_->next_written(index);
    if (next.is_error() || next.value() * kPageSize >= attributes_.size) return Errno::Nxio;
    return next.value() * kPageSize;
}

Result<u64> RamFile::seek_hole(u64 offset)
{
    if (offset >= attributes_.size) return Errno::Nxio;
    u64 index = offset / kPageSize;
    if (!has_data(index)) return offset;
    while (index * kPageSize < attributes_.size && has_data(index)) ++index;
    u64 const hole = index * kPageSize;
    return hole < attributes_.size ? hole : attributes_.size;
}

Result<Ref<File>> RamFile::open(OpenRequest const& request)
{
    TRY(cache());
    Heap& heap = vfs().heap();
    Ref<RamFile> const self(this);
    Ref<RamOpenFile> file = TRY(heap.create_ref<RamOpenFile>(self, request.path, request.flags));
    return Ref<File>(file);
}

}  // namespace drydock
