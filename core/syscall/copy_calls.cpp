#include "core/syscall/handlers.h"
// Calls that move bytes between files, or prepare for it: sendfile(2), copy_file_range(2),
// fallocate(2), posix_fadvise(2), readahead(2), sync_file_range(2).

#include "core/syscall/call_support.h"
#include "core/syscall/file_clone.h"

namespace drydock {

Result<i64> sys_sendfile(Call& call);
Result<i64> sys_copy_file_range(Call& call);
Result<i64> sys_fadvise64(Call& call);
Result<i64> sys_fallocate(Call& call);
Result<i64> sys_readahead(Call& call);
Result<i64> sys_sync_file_range(Call& call);

namespace {

// What one step of a copy holds in kernel memory.
constexpr usize kCopyChunk = 16 * kKiB;

struct Copy {
    File& source;
    File& target;
    u64 source_offset = 0;
    u64 target_offset = 0;
    bool at_target_offset = false;  // Else at the target's own position.
    u64 size = 0;
};

Result<usize> write_chunk(Call& call, Copy& copy, Bytes bytes)
{
    IoBuffer buffer = IoBuffer::kernel(bytes);
    u64 const offset = copy.at_target_offset ? copy.target_offset : write_offset(copy.target);
    TRY(limit_file_size(call, copy.target, buffer, offset));
    TRY(drop_set_ids(call, copy.target));
    if (copy.at_target_offset) return copy.target.write_at(buffer, copy.target_offset);
    return copy.target.write(buffer);
}

struct Written {
    usize size = 0;
    Errno error{};  // What ended it, if anything did.
};

// As Linux, tries again after a short write: then it learns why it was short.
Written write_all(Call& call, Copy& copy, Bytes bytes)
{
    Written written;
    while (written.size < bytes.size()) {
        Result<usize> put = write_chunk(call, copy, bytes.from(written.size));
        if (put.is_error()) written.error = put.error();
        if (put.is_error() || put.value() == 0) break;
        written.size += put.value();
        copy.target_offset += put.value();
    }
    return written;
}

// Bytes moved; both offsets advance. An error counts only if nothing was moved.
Result<i64> run_copy(Call& call, Copy& copy)
{
    Buffer const chunk = TRY(Buffer::create(call.system().heap, kCopyChunk));
    u64 total = 0;
    while (total < copy.size) {
        u64 const rest = copy.size - total;
        Bytes const room = chunk.bytes().first(rest < kCopyChunk ? rest : kCopyChunk);
        IoBuffer buffer = IoBuffer::kernel(room);
        Result<usize> got = copy.source.read_at(buffer, copy.source_offset);
        if (got.is_error()) {
            if (total > 0) break;
            return got.error();
        }
        if (got.value() == 0) break;
        Written const put = write_all(call, copy, room.first(got.value()));
        total += put.size;
        copy.source_offset += put.size;
        if (put.error != Errno{} && (total == 0 || put.error == Errno::Pipe)) {
            return finish_write(call, put.error);
        }
        if (put.size < got.value()) break;
    }
    if (total > 0) {
        tell_path(copy.source.path(), change_events::kAccess);
        tell_path(copy.target.path(), change_events::kModify);
    }
    return static_cast<i64>(total);
}

// The offset that an argument points to, or the file's own position.
Result<u64> offset_argument(Call& call, UserAddr pointer, File& file)
{
    if (pointer.is_null()) return file.position();
    i64 const offset = TRY(call.space().read<i64>(pointer));
    if (offset < 0) return Errno::Inval;
    return static_cast<u64>(offset);
}

// The same, whatever it is.
Result<u64> range_argument(Call& call, UserAddr pointer, File& file)
{
    if (pointer.is_null()) return file.position();
    return TRY(call.space().read<u64>(pointer));
}

Result<void> store_offset(Call& call, UserAddr pointer, File& file, u64 offset)
{
    if (!pointer.is_null()) return call.space().write(pointer, offset);
    TRY(file.seek(static_cast<i64>(offset), 0));
    return {};
}

// What pages can be moved into (Linux splice_write): not these, whatever write(2) does.
bool takes_pages(File const& file)
{
    return file.kind() != FileKind::EventCounter && check_writes(file).is_ok();
}

// Files, and devices that have something to read (drivers/char/mem.c: /dev/null gives nothing).
bool can_be_sent(Inode& inode)
{
    constexpr u64 kNullDevice = 1 << 8 | 3;
    if (inode.type() == InodeType::Regular) return true;
    return inode.type() == InodeType::CharacterDevice && inode.attributes().device != kNullDevice;
}

u64 transfer_size(u64 size) { return size < kTransferMaximum ? size : kTransferMaximum; }

// The order of the checks is Linux's (fs/read_write.c, do_sendfile).
Result<i64> send_file(Call& call)
{
    Ref<File> const source = TRY(readable_file_of(call, call.word(1)));
    if (!call.address(2).is_null() && !has_places(*source)) return Errno::Spipe;
    u64 const offset = TRY(offset_argument(call, call.address(2), *source));
    TRY(check_place(offset, call[3]));
    Ref<File> const target = TRY(writable_file_of(call, call.word(0)));
    if ((target->flags() & open_flags::kAppend) != 0) return Errno::Inval;
    if (!has_places(*source)) return Errno::Inval;
    if (call[3] == 0) return 0;
    if (!takes_pages(*target) || !can_be_sent(source->inode())) return Errno::Inval;
    Copy copy{*source, *target, offset, 0, false, transfer_size(call[3])};
    i64 const moved = TRY(run_copy(call, copy));
    TRY(store_offset(call, call.address(2), *source, copy.source_offset));
    return moved;
}

}  // namespace

Result<i64> sys_sendfile(Call& call)
{
    UserAddr const place = call.address(2);
    if (place.is_null()) return send_file(call);
    i64 const offset = TRY(call.space().read<i64>(place));
    Result<i64> moved = send_file(call);
    // It is written back whatever came of it.
    if (moved.is_error()) TRY(call.space().write(place, offset));
    return moved;
}

namespace {

// Copies stay within one file system (fs/read_write.c, generic_copy_file_checks). Files in memory
// that have no name (memfd_create(2)) are all of one.
bool are_of_one_file_system(File& source, File& target)
{
    if (&source.inode().file_system() == &target.inode().file_system()) return true;
    if (source.path().is_empty() || target.path().is_empty()) return false;
    return source.path().mount() == target.path().mount();
}

// What both files of copy_file_range(2) must be (fs/read_write.c, generic_file_rw_checks).
Result<void> check_copied_files(File& source, File& target)
{
    InodeType const source_type = source.inode().type();
    InodeType const target_type = target.inode().type();
    if (source_type == InodeType::Directory || target_type == InodeType::Directory) {
        return Errno::IsDir;
    }
    if (source_type != InodeType::Regular || target_type != InodeType::Regular) return Errno::Inval;
    if (!source.is_readable() || !target.is_writable()) return Errno::BadF;
    if ((target.flags() & open_flags::kAppend) != 0) return Errno::BadF;
    return {};
}

// Bounds the copy by the end of the source. Errno::Overflow, Inval (generic_copy_file_checks).
Result<u64> check_copied_range(File& source, u64 from, File& target, u64 to, u64 size)
{
    if (from + size < from || to + size < to) return Errno::Overflow;
    i64 const file_size = static_cast<i64>(source.inode().attributes().size);
    i64 const start = static_cast<i64>(from);
    u64 const rest = start >= file_size ? 0 : static_cast<u64>(file_size - start);
    u64 const count = size < rest ? size : rest;
    bool const is_same = &source.inode() == &target.inode();
    if (is_same && to + count > from && to < from + count) return Errno::Inval;
    if (start < 0 || static_cast<i64>(to) < 0) return Errno::Inval;
    return count;
}

}  // namespace

Result<i64> sys_copy_file_range(Call& call)
{
    Ref<File> const source = TRY(file_of(call, call.word(0)));
    Ref<File> const target = TRY(file_of(call, call.word(2)));
    u64 const from = TRY(range_argument(call, call.address(1), *source));
    u64 const to = TRY(range_argument(call, call.address(3), *target));
    if (call.word(5) != 0) return Errno::Inval;
    TRY(check_copied_files(*source, *target));
    if (!are_of_one_file_system(*source, *target)) return Errno::Xdev;
    u64 const size = TRY(check_copied_range(*source, from, *target, to, call[4]));
    if (size == 0) return 0;
    u64 const allowed = TRY(limit_size(call, *target, to, transfer_size(size)));
    Copy copy{*source, *target, from, to, true, allowed};
    i64 const moved = TRY(run_copy(call, copy));
    if (moved == 0) return 0;
    TRY(store_offset(call, call.address(1), *source, copy.source_offset));
    TRY(store_offset(call, call.address(3), *target, copy.target_offset));
    return moved;
}

// fs/ioctl.c, ioctl_file_clone(); fs/remap_range.c, do_clone_file_range().
Result<i64> clone_file(Call& call, u32 command, File& target)
{
    struct Range {
        i64 source = 0;
        u64 source_offset = 0, source_size = 0, target_offset = 0;
    };
    static_assert(sizeof(Range) == 32);
    i64 descriptor = call.integer(2);
    if (command == kFiCloneRange)
        descriptor = TRY(call.space().read<Range>(call.address(2))).source;
    Ref<File> const source = TRY(file_of(call, static_cast<u32>(descriptor)));
    if (!are_of_one_file_system(*source, target)) return Errno::Xdev;
    TRY(check_copied_files(*source, target));
    return Errno::OpNotSupp;
}

Result<i64> sys_fadvise64(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    if (file->inode().type() == InodeType::Fifo) return Errno::Spipe;
    if (static_cast<i64>(call[2]) < 0 || call.word(3) > 5) return Errno::Inval;
    return 0;
}

Result<i64> sys_readahead(Call& call)
{
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    if (file->inode().type() != InodeType::Regular) return Errno::Inval;
    return static_cast<i64>(call[2]) < 0 ? Result<i64>{Errno::Inval} : Result<i64>{0};
}

Result<i64> sys_sync_file_range(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    i64 const offset = static_cast<i64>(call[1]);
    i64 const size = static_cast<i64>(call[2]);
    if ((call.word(3) & ~7u) != 0 || offset < 0 || size < 0) return Errno::Inval;
    i64 end = 0;
    if (__builtin_add_overflow(offset, size, &end)) return Errno::Inval;
    InodeType const type = file->inode().type();
    // mm/filemap.c, sync_file_range: what can have pages.
    bool const has_pages = type == InodeType::Regular || type == InodeType::BlockDevice ||
                           type == InodeType::Directory || type == InodeType::SymbolicLink;
    if (!has_pages) return Errno::Spipe;
    return 0;
}

namespace {

// fallocate(2): bits of mode.
constexpr u32 kKeepSize = 1, kPunchHole = 2, kCollapse = 8, kZero = 16, kInsert = 32, kUnshare = 64;

// Linux vfs_fallocate(): which modes there are at all.
bool is_fallocate_mode(u32 mode)
{
    switch (mode & ~kKeepSize) {
    case 0:
    case kZero:
    case kUnshare: return true;
    case kPunchHole: return (mode & kKeepSize) != 0;
    case kCollapse:
    case kInsert: return (mode & kKeepSize) == 0;
    default: return false;
    }
}

Result<void> check_allocation(Call& call, File const& file, u32 mode, u64 end)
{
    u32 const* const seals = file.inode().seals();
    u32 const own_seals = seals != nullptr ? *seals : 0;
    u64 const size = file.inode().attributes().size;
    if (mode == (kPunchHole | kKeepSize)) {
        return (own_seals & file_seals::kAnyWrite) != 0 ? Result<void>(Errno::Perm)
                                                        : Result<void>();
    }
    // Linux inode_newsize_ok(), whether the size is to be kept or not.
    if (end > size && end > call.process().limit(Resource::FileSize).soft) {
        call.system().processes.send_to_thread(call.thread, SignalInfo::from_kernel(Signal::Xfsz));
        return Errno::Fbig;
    }
    if (end > size && (own_seals & file_seals::kGrow) != 0) return Errno::Perm;
    return {};
}

}  // namespace

Result<i64> sys_fallocate(Call& call)
{
    u32 const mode = call.word(1);
    i64 const offset = static_cast<i64>(call[2]);
    i64 const size = static_cast<i64>(call[3]);
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    if (offset < 0 || size <= 0) return Errno::Inval;
    if (!is_fallocate_mode(mode)) return Errno::OpNotSupp;
    if (!file->is_writable()) return Errno::BadF;
    InodeType const type = file->inode().type();
    if (type == InodeType::Fifo) return Errno::Spipe;
    if (type == InodeType::Directory) return Errno::IsDir;
    if (type != InodeType::Regular) return Errno::NoDev;
    i64 end = 0;
    if (__builtin_add_overflow(offset, size, &end)) return Errno::Fbig;
    // What tmpfs does of them (mm/shmem.c).
    if ((mode & ~(kKeepSize | kPunchHole)) != 0) return Errno::OpNotSupp;
    TRY(check_allocation(call, *file, mode, static_cast<u64>(end)));
    u64 const from = static_cast<u64>(offset);
    if ((mode & kPunchHole) != 0) {
        TRY(file->punch(from, static_cast<u64>(size)));
        tell_path(file->path(), change_events::kModify);
        return 0;
    }
    TRY(file->allocate(from, static_cast<u64>(size)));
    bool const grows = static_cast<u64>(end) > file->inode().attributes().size;
    if ((mode & kKeepSize) == 0 && grows) TRY(file->truncate(static_cast<u64>(end)));
    tell_path(file->path(), change_events::kModify);
    return 0;
}

}  // namespace drydock
