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
constexpr u32 kHighPriority = 0x1, kDataSync = 0x2, kSync = 0x4, kNoWait = 0x8, kAppendFlag = 0x10;
constexpr u32 kKnownFlags = kHighPriority | kDataSync | kSync | kNoWait | kAppendFlag;

// Whether the kind of file has places at all (Linux FMODE_PREAD): asked before anything else.
Result<void> check_has_places(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    return has_places(*file) ? Result<void>{} : Result<void>{Errno::Spipe};
}

IoBuffer user_buffer(Call& call)
{
    u64 const size = call[2] < kTransferMaximum ? call[2] : kTransferMaximum;
    return IoBuffer::user(call.space(), call.address(1), size);
}

// Linux kiocb_set_rw_flags(): only some files can be asked not to wait (FMODE_NOWAIT).
Result<void> check_flags(File const& file, u32 flags, u32 known)
{
    if ((flags & ~known) != 0) return Errno::OpNotSupp;
    // Devices in memory are of major number 1.
    Inode& inode = file.inode();
    bool const is_memory =
        inode.type() == InodeType::CharacterDevice && inode.attributes().device >> 8 == 1;
    bool const can_refuse =
        file.kind() == FileKind::Pipe || file.kind() == FileKind::Socket || is_memory;
    if ((flags & kNoWait) != 0 && !can_refuse) return Errno::OpNotSupp;
    return {};
}

// A file that does not wait, whatever its flags, as long as this lives: between the two nobody else
// runs, since such a call does not wait.
class WithoutWaiting {
public:
    WithoutWaiting(File& file, bool is_wanted)
        : file_(file), changes_(is_wanted && !file.is_non_blocking())
    {
        if (changes_) file_.set_flags(file_.flags() | open_flags::kNonBlock);
    }
    ~WithoutWaiting()
    {
        if (changes_) file_.set_flags(file_.flags() & ~open_flags::kNonBlock);
    }
    WithoutWaiting(WithoutWaiting const&) = delete;
    WithoutWaiting& operator=(WithoutWaiting const&) = delete;

private:
    File& file_;
    bool const changes_;
};

}  // namespace

Result<i64> sys_read(Call& call)
{
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    TRY(check_user_range(call.address(1), call[2]));
    TRY(check_offset(*file, file->position(), call[2]));
    IoBuffer target = user_buffer(call);
    return finish_read(*file, file->read(target));
}

Result<i64> sys_write(Call& call)
{
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    TRY(check_user_range(call.address(1), call[2]));
    TRY(check_offset(*file, file->position(), call[2]));
    IoBuffer source = user_buffer(call);
    return write_here(call, *file, source);
}

Result<i64> sys_pread64(Call& call)
{
    if (static_cast<i64>(call[3]) < 0) return Errno::Inval;
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    Result<void> allowed{};
    if (!file->is_readable()) allowed = Errno::BadF;
    if (allowed.is_ok()) allowed = check_user_range(call.address(1), call[2]);
    if (allowed.is_ok()) allowed = check_place(call[3], call[2]);
    // That it has no places comes before all of them; read_at() says so itself.
    if (allowed.is_error()) return has_places(*file) ? allowed.error() : Errno::Spipe;
    IoBuffer target = user_buffer(call);
    return finish_read(*file, file->read_at(target, call[3]));
}

Result<i64> sys_pwrite64(Call& call)
{
    if (static_cast<i64>(call[3]) < 0) return Errno::Inval;
    TRY(check_has_places(call));
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    TRY(check_user_range(call.address(1), call[2]));
    TRY(check_place(call[3], call[2]));
    IoBuffer source = user_buffer(call);
    return write_there(call, *file, source, call[3]);
}

Result<i64> sys_readv(Call& call)
{
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    TRY(check_reads(*file));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer target = segments.buffer(call);
    if (target.remaining() == 0) return 0;
    TRY(check_offset(*file, file->position(), target.remaining()));
    return finish_read(*file, file->read(target));
}

Result<i64> sys_writev(Call& call)
{
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    TRY(check_writes(*file));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer source = segments.buffer(call);
    if (source.remaining() == 0) return 0;
    TRY(check_offset(*file, file->position(), source.remaining()));
    return write_here(call, *file, source);
}

Result<i64> sys_preadv(Call& call)
{
    if (static_cast<i64>(call[3]) < 0) return Errno::Inval;
    TRY(check_has_places(call));
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    TRY(check_reads(*file));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer target = segments.buffer(call);
    if (target.remaining() == 0) return 0;
    TRY(check_place(call[3], target.remaining()));
    return finish_read(*file, file->read_at(target, call[3]));
}

Result<i64> sys_pwritev(Call& call)
{
    if (static_cast<i64>(call[3]) < 0) return Errno::Inval;
    TRY(check_has_places(call));
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    TRY(check_writes(*file));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer source = segments.buffer(call);
    if (source.remaining() == 0) return 0;
    TRY(check_place(call[3], source.remaining()));
    return write_there(call, *file, source, call[3]);
}

// preadv2(2): an offset of -1 is the file's own position.
Result<i64> sys_preadv2(Call& call)
{
    bool const is_here = static_cast<i64>(call[3]) == -1;
    if (!is_here && static_cast<i64>(call[3]) < 0) return Errno::Inval;
    if (!is_here) TRY(check_has_places(call));
    Ref<File> const file = TRY(readable_file_of(call, call.word(0)));
    TRY(check_reads(*file));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer target = segments.buffer(call);
    if (target.remaining() == 0) return 0;
    if (!is_here) TRY(check_place(call[3], target.remaining()));
    if (is_here) TRY(check_offset(*file, file->position(), target.remaining()));
    TRY(check_flags(*file, call.word(5), kKnownFlags));
    bool const waits = (call.word(5) & kNoWait) == 0;
    WithoutWaiting const moment(*file, !waits);
    if (is_here) return finish_read(*file, file->read(target));
    return finish_read(*file, file->read_at(target, call[3]));
}

Result<i64> sys_pwritev2(Call& call)
{
    bool const is_here = static_cast<i64>(call[3]) == -1;
    if (!is_here && static_cast<i64>(call[3]) < 0) return Errno::Inval;
    if (!is_here) TRY(check_has_places(call));
    Ref<File> const file = TRY(writable_file_of(call, call.word(0)));
    TRY(check_writes(*file));
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer source = segments.buffer(call);
    if (source.remaining() == 0) return 0;
    if (!is_here) TRY(check_place(call[3], source.remaining()));
    if (is_here) TRY(check_offset(*file, file->position(), source.remaining()));
    TRY(check_flags(*file, call.word(5), kKnownFlags));
    bool const waits = (call.word(5) & kNoWait) == 0;
    WithoutWaiting const moment(*file, !waits);
    bool const appends =
        (call.word(5) & kAppendFlag) != 0 && file->inode().type() == InodeType::Regular;
    if (is_here && !appends) return write_here(call, *file, source);
    if (!appends) return write_there(call, *file, source, call[3]);
    u64 const end = file->inode().attributes().size;
    i64 const written = TRY(write_there(call, *file, source, end));
    if (is_here && written > 0) TRY(file->seek(static_cast<i64>(end) + written, 0));
    return written;
}

Result<i64> sys_lseek(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    if (call.word(2) > 4) return Errno::Inval;
    u64 const position = TRY(file->seek(static_cast<i64>(call[1]), call.word(2)));
    return static_cast<i64>(position);
}

}  // namespace drydock
