// splice(2), tee(2), vmsplice(2).

#include "core/pipe/splice.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"

namespace drydock {

namespace {

// SPLICE_F_MOVE, NONBLOCK, MORE, GIFT: only the second means anything here.
constexpr u32 kKnownFlags = 0xf, kNonBlockingSplice = 2;

PipeState* pipe_of(File& file)
{
    if (file.kind() != FileKind::Pipe) return nullptr;
    return &static_cast<PipeFile&>(file).state();
}

u64 limited(u64 size) { return size < kTransferMaximum ? size : kTransferMaximum; }

// Writes at an offset that it moves on.
class FileTarget final : public SpliceTarget {
public:
    FileTarget(Call& call, File& file, u64 start) : offset(start), call_(call), file_(file) {}
    ~FileTarget() = default;
    Result<usize> write(IoBuffer& source) override
    {
        if (file_.inode().type() != InodeType::Regular) return file_.write(source);
        TRY(limit_file_size(call_, file_, source, offset));
        TRY(drop_set_ids(call_, file_));
        usize const written = TRY(file_.write_at(source, offset));
        offset += written;
        return written;
    }

    u64 offset;

private:
    Call& call_;
    File& file_;
};

struct Splice {
    File& source;
    File& target;
    UserAddr source_offset{};
    UserAddr target_offset{};
    usize size = 0;
    u64 asked = 0;  // Before it was limited.
    bool is_non_blocking = false;
};

// The offset that the caller names, or the file's own position.
Result<u64> read_offset(Call& call, UserAddr place, File& file)
{
    if (place.is_null()) return file.position();
    i64 const offset = TRY(call.space().read<i64>(place));
    if (offset < 0) return Errno::Inval;
    return static_cast<u64>(offset);
}

Result<void> write_offset_back(Call& call, UserAddr place, File& file, u64 offset)
{
    if (!place.is_null()) return call.space().write(place, offset);
    if (file.inode().type() == InodeType::Regular) TRY(file.seek(static_cast<i64>(offset), 0));
    return {};
}

// Devices in memory, which never wait in the middle (drivers/char/mem.c). Nothing comes out of
// /dev/null.
bool is_memory_device(Inode& inode, bool has_content)
{
    constexpr u64 kNull = 1 << 8 | 3;
    if (inode.type() != InodeType::CharacterDevice) return false;
    u64 const device = inode.attributes().device;
    return device >> 8 == 1 && !(has_content && device == kNull);
}

Result<usize> run_to_file(Call& call, Splice const& splice)
{
    // Others might wait in the middle.
    Inode& inode = splice.target.inode();
    if (inode.type() != InodeType::Regular && !is_memory_device(inode, false)) return Errno::Inval;
    u64 const start = TRY(read_offset(call, splice.target_offset, splice.target));
    if ((splice.target.flags() & open_flags::kAppend) != 0) return Errno::Inval;
    TRY(check_offset(splice.target, start, splice.asked));
    FileTarget target(call, splice.target, start);
    bool const is_non_blocking = splice.is_non_blocking || splice.source.is_non_blocking();
    usize const moved =
        TRY(splice_to_file(*pipe_of(splice.source), target, splice.size, is_non_blocking));
    if (moved > 0) tell_path(splice.target.path(), change_events::kModify);
    TRY(write_offset_back(call, splice.target_offset, splice.target, target.offset));
    return moved;
}

Result<usize> run_from_file(Call& call, Splice const& splice)
{
    Inode& inode = splice.source.inode();
    if (inode.type() != InodeType::Regular && !is_memory_device(inode, true)) return Errno::Inval;
    u64 const start = TRY(read_offset(call, splice.source_offset, splice.source));
    TRY(check_offset(splice.source, start, splice.asked));
    bool const is_non_blocking = splice.is_non_blocking || splice.target.is_non_blocking();
    usize const moved = TRY(splice_from_file(
        splice.source, start, *pipe_of(splice.target), splice.size, is_non_blocking));
    if (moved > 0) tell_path(splice.source.path(), change_events::kAccess);
    TRY(write_offset_back(call, splice.source_offset, splice.source, start + moved));
    return moved;
}

// The order of the checks is Linux's (fs/splice.c, do_splice).
Result<usize> run_splice(Call& call, Splice splice)
{
    PipeState* const source = pipe_of(splice.source);
    PipeState* const target = pipe_of(splice.target);
    if (source != nullptr && !splice.source_offset.is_null()) return Errno::Spipe;
    if (target != nullptr && !splice.target_offset.is_null()) return Errno::Spipe;
    if (!splice.target_offset.is_null()) TRY(call.space().read<i64>(splice.target_offset));
    if (!splice.source_offset.is_null()) TRY(call.space().read<i64>(splice.source_offset));
    if (!splice.source.is_readable() || !splice.target.is_writable()) return Errno::BadF;
    if (source != nullptr && target != nullptr) {
        if (source == target) return Errno::Inval;
        bool const is_non_blocking = splice.is_non_blocking || splice.source.is_non_blocking() ||
                                     splice.target.is_non_blocking();
        return splice_pipes(*source, *target, splice.size, false, is_non_blocking);
    }
    if (source != nullptr) return run_to_file(call, splice);
    if (target != nullptr) return run_from_file(call, splice);
    return Errno::Inval;
}

// As Linux: a slot for what a segment has in each page; memory that is bad ends it.
Result<usize> feed_pipe(Call& call, SegmentList const& segments, PipeState& pipe, bool waits)
{
    usize moved = 0;
    for (IoBuffer::Segment const& segment : segments.all()) {
        u64 done = 0;
        while (done < segment.size) {
            if (moved > 0 && pipe.is_full()) return moved;
            UserAddr const at = segment.address + done;
            u64 const in_page = kPageSize - at.value % kPageSize;
            u64 const size = in_page < segment.size - done ? in_page : segment.size - done;
            IoBuffer part = IoBuffer::user(call.space(), at, static_cast<usize>(size));
            Result<usize> put = splice_from_user(part, pipe, !waits);
            if (put.is_error() && moved > 0) return moved;
            if (put.is_error()) return put.error();
            moved += put.value();
            done += put.value();
            if (put.value() < size) return moved;
        }
    }
    return moved;
}

}  // namespace

Result<i64> sys_splice(Call& call)
{
    if (call[4] == 0) return i64{0};
    if ((call.word(5) & ~kKnownFlags) != 0) return Errno::Inval;
    Ref<File> const source = TRY(file_of(call, call.word(0)));
    Ref<File> const target = TRY(file_of(call, call.word(2)));
    Splice const splice{*source,
                        *target,
                        call.address(1),
                        call.address(3),
                        static_cast<usize>(limited(call[4])),
                        call[4],
                        (call.word(5) & kNonBlockingSplice) != 0};
    return finish_write(call, run_splice(call, splice));
}

Result<i64> sys_tee(Call& call)
{
    if ((call.word(3) & ~kKnownFlags) != 0) return Errno::Inval;
    if (call[2] == 0) return i64{0};
    Ref<File> const source = TRY(file_of(call, call.word(0)));
    Ref<File> const target = TRY(file_of(call, call.word(1)));
    if (!source->is_readable() || !target->is_writable()) return Errno::BadF;
    PipeState* const from = pipe_of(*source);
    PipeState* const to = pipe_of(*target);
    if (from == nullptr || to == nullptr || from == to) return Errno::Inval;
    bool const is_non_blocking = (call.word(3) & kNonBlockingSplice) != 0 ||
                                 source->is_non_blocking() || target->is_non_blocking();
    usize const size = static_cast<usize>(limited(call[2]));
    return finish_write(call, splice_pipes(*from, *to, size, true, is_non_blocking));
}

Result<i64> sys_vmsplice(Call& call)
{
    if ((call.word(3) & ~kKnownFlags) != 0) return Errno::Inval;
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    if (!file->is_writable() && !file->is_readable()) return Errno::BadF;
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer buffer = segments.buffer(call);
    if (buffer.remaining() == 0) return i64{0};
    PipeState* const pipe = pipe_of(*file);
    if (pipe == nullptr) return Errno::BadF;
    bool const is_non_blocking = (call.word(3) & kNonBlockingSplice) != 0;
    if (file->is_writable()) {
        return finish_write(call, feed_pipe(call, segments, *pipe, !is_non_blocking));
    }
    return finish_read(*file, splice_to_user(*pipe, buffer, is_non_blocking));
}

}  // namespace drydock
