#include "core/syscall/handlers.h"
// The read and write families: read(2), pread(2), readv(2), lseek(2).

#include "core/syscall/call_support.h"

namespace drydock {

Result<i64> sys_read(Call& call);
Result<i64> sys_write(Call& call);
Result<i64> sys_pread64(Call& call);
Result<i64> sys_pwrite64(Call& call);
Result<i64> sys_readv(Call& call);
Result<i64> sys_writev(Call& call);
Result<i64> sys_preadv(Call& call);
Result<i64> sys_pwritev(Call& call);
Result<i64> sys_preadv2(Call& call);
Result<i64> sys_pwritev2(Call& call);
Result<i64> sys_lseek(Call& call);

namespace {

// RWF_* of preadv2(2).
constexpr u32 kHighPriority = 0x1, kDataSync = 0x2, kSync = 0x4, kAppendFlag = 0x10;
constexpr u32 kKnownReadFlags = kHighPriority;
constexpr u32 kKnownWriteFlags = kHighPriority | kDataSync | kSync | kAppendFlag;

IoBuffer user_buffer(Call& call)
{
    u64 const size = call[2] < kTransferMaximum ? call[2] : kTransferMaximum;
    return IoBuffer::user(call.space(), call.address(1), size);
}

}  // namespace

Result<i64> sys_read(Call& call)
{
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    TRY(check_user_range(call.address(1), call[2]));
    IoBuffer target = user_buffer(call);
    return finish_read(*file, file->read(target));
}

Result<i64> sys_write(Call& call)
{
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    TRY(check_user_range(call.address(1), call[2]));
    IoBuffer source = user_buffer(call);
    return write_here(call, *file, source);
}

Result<i64> sys_pread64(Call& call)
{
    if (static_cast<i64>(call[3]) < 0) return Errno::Inval;
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    TRY(check_user_range(call.address(1), call[2]));
    IoBuffer target = user_buffer(call);
    return finish_read(*file, file->read_at(target, call[3]));
}

Result<i64> sys_pwrite64(Call& call)
{
    if (static_cast<i64>(call[3]) < 0) return Errno::Inval;
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    TRY(check_user_range(call.address(1), call[2]));
    IoBuffer source = user_buffer(call);
    return write_there(call, *file, source, call[3]);
}

Result<i64> sys_readv(Call& call)
{
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer target = segments.buffer(call);
    return finish_read(*file, file->read(target));
}

Result<i64> sys_writev(Call& call)
{
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer source = segments.buffer(call);
    return write_here(call, *file, source);
}

Result<i64> sys_preadv(Call& call)
{
    if (static_cast<i64>(call[3]) < 0) return Errno::Inval;
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer target = segments.buffer(call);
    return finish_read(*file, file->read_at(target, call[3]));
}

Result<i64> sys_pwritev(Call& call)
{
    if (static_cast<i64>(call[3]) < 0) return Errno::Inval;
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer source = segments.buffer(call);
    return write_there(call, *file, source, call[3]);
}

// preadv2(2): an offset of -1 is the file's own position.
Result<i64> sys_preadv2(Call& call)
{
    bool const is_here = static_cast<i64>(call[3]) == -1;
    if (!is_here && static_cast<i64>(call[3]) < 0) return Errno::Inval;
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    if ((call.word(5) & ~kKnownReadFlags) != 0) return Errno::OpNotSupp;
    IoBuffer target = segments.buffer(call);
    if (is_here) return finish_read(*file, file->read(target));
    return finish_read(*file, file->read_at(target, call[3]));
}

Result<i64> sys_pwritev2(Call& call)
{
    bool const is_here = static_cast<i64>(call[3]) == -1;
    if (!is_here && static_cast<i64>(call[3]) < 0) return Errno::Inval;
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    if ((call.word(5) & ~kKnownWriteFlags) != 0) return Errno::OpNotSupp;
    IoBuffer source = segments.buffer(call);
    bool const appends = (call.word(5) & kAppendFlag) != 0;
    if (is_here && !appends) return write_here(call, *file, source);
    u64 const offset = appends ? file->inode().attributes().size : call[3];
    return write_there(call, *file, source, offset);
}

Result<i64> sys_lseek(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    if (call.word(2) > 4) return Errno::Inval;
    u64 const position = TRY(file->seek(static_cast<i64>(call[1]), call.word(2)));
    return static_cast<i64>(position);
}

}  // namespace drydock
