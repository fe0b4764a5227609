#include "core/syscall/call_support.h"

#include "core/socket/socket.h"

namespace drydock {

static_assert(sizeof(IoBuffer::Segment) == sizeof(UserIovec), "vectors are read in place");

Result<void> check_far_offset(File const& file, u64 size)
{
    if (static_cast<i64>(size) < 0) return Errno::Inval;
    // Pipes, sockets and terminals have no offsets.
    InodeType const type = file.inode().type();
    bool const has_offsets = type == InodeType::Regular || type == InodeType::Directory;
    return has_offsets ? Result<void>{Errno::Inval} : Result<void>{};
}

Result<void> check_place(u64 offset, u64 size)
{
    i64 end = 0;
    if (static_cast<i64>(size) < 0) return Errno::Inval;
    if (__builtin_add_overflow(static_cast<i64>(offset), static_cast<i64>(size), &end)) {
        return Errno::Inval;
    }
    return {};
}

bool has_places(File& file)
{
    IoBuffer nothing = IoBuffer::kernel({});
    Result<usize> const read = file.read_at(nothing, 0);
    return read.is_ok() || read.error() != Errno::Spipe;
}

Result<void> check_reads(File const& file)
{
    FileKind const kind = file.kind();
    bool const can_not =
        kind == FileKind::Epoll || kind == FileKind::Process || kind == FileKind::Namespace;
    return can_not ? Result<void>{Errno::Inval} : Result<void>{};
}

Result<void> check_writes(File const& file)
{
    FileKind const kind = file.kind();
    bool const can_not =
        kind == FileKind::Timer || kind == FileKind::Signals || kind == FileKind::Changes;
    return can_not ? Result<void>{Errno::Inval} : check_reads(file);
}

Result<i64> add_descriptor(Call& call, Ref<File> file, u32 flags)
{
    bool const close_on_exec = (flags & open_flags::kCloseOnExec) != 0;
    u32 const descriptor =
        TRY(call.thread.files->add(std::move(file), close_on_exec, 0, descriptor_limit(call)));
    return i64{descriptor};
}

u32 descriptor_limit(Call& call) { return call.process().descriptor_limit(); }

namespace {

void send_broken_pipe(Call& call)
{
    SignalInfo const info = SignalInfo::from_user(
        Signal::Pipe, kSiUser, call.process().shown_pid(), call.thread.credentials.uid);
    call.system().processes.send_to_thread(call.thread, info);
}

}  // namespace

Result<i64> finish_write(Call& call, Result<usize> result)
{
    if (result.is_ok()) return static_cast<i64>(result.take());
    if (result.error() == Errno::Pipe) send_broken_pipe(call);
    return result.error();
}

namespace {

bool has_size_limit(Call& call) { return call.process().limit(Resource::FileSize).soft != ~u64{0}; }

}  // namespace

Result<i64> write_here(Call& call, File& file, IoBuffer& source)
{
    if (has_size_limit(call)) TRY(limit_file_size(call, file, source, write_offset(file)));
    if (source.remaining() > 0) TRY(drop_set_ids(call, file));
    // A socket tells its peer who writes.
    if (file.kind() == FileKind::Socket)
        return write_socket(call, static_cast<Socket&>(file), source);
    Result<usize> written = file.write(source);
    if (written.is_ok() && source.is_broken()) send_broken_pipe(call);
    if (written.is_ok() && written.value() > 0) tell_path(file.path(), change_events::kModify);
    return finish_write(call, std::move(written));
}

Result<i64> write_there(Call& call, File& file, IoBuffer& source, u64 offset)
{
    if (has_size_limit(call)) TRY(limit_file_size(call, file, source, offset));
    if (source.remaining() > 0) TRY(drop_set_ids(call, file));
    Result<usize> written = file.write_at(source, offset);
    if (written.is_ok() && written.value() > 0) tell_path(file.path(), change_events::kModify);
    return finish_write(call, std::move(written));
}

Result<void> drop_set_ids(Call& call, File& file)
{
    return call.system().vfs.drop_set_ids(file.inode(), call.thread.credentials);
}

Result<i64> finish_read(File& file, Result<usize> result)
{
    if (result.is_error()) return result.error();
    if (result.value() > 0) tell_path(file.path(), change_events::kAccess);
    return static_cast<i64>(result.take());
}

Result<u64> limit_size(Call& call, File& file, u64 offset, u64 size)
{
    u64 const limit = call.process().limit(Resource::FileSize).soft;
    if (limit == ~u64{0} || size == 0) return size;
    if (file.inode().type() != InodeType::Regular) return size;
    if (offset >= limit) {
        call.system().processes.send_to_thread(call.thread, SignalInfo::from_kernel(Signal::Xfsz));
        return Errno::Fbig;
    }
    return size < limit - offset ? size : limit - offset;
}

Result<void> limit_file_size(Call& call, File& file, IoBuffer& source, u64 offset)
{
    u64 const allowed = TRY(limit_size(call, file, offset, source.remaining()));
    if (allowed < source.remaining()) source.shorten(allowed);
    return {};
}

u64 write_offset(File& file)
{
    if ((file.flags() & open_flags::kAppend) == 0) return file.position();
    return file.inode().attributes().size;
}

Result<void> SegmentList::load(Call& call, UserAddr vector, u64 count)
{
    // Linux counts segments in 32 bits (lib/iov_iter.c).
    count = static_cast<u32>(count);
    if (count > kIovecMaximum) return Errno::Inval;
    IoBuffer::Segment* target = local_;
    if (count > kLocal) {
        storage_ = TRY(Buffer::create(call.system().heap, count * sizeof(UserIovec)));
        target = reinterpret_cast<IoBuffer::Segment*>(storage_.data());
    }
    Span<IoBuffer::Segment> const segments{target, count};
    Bytes const bytes{reinterpret_cast<std::byte*>(target), count * sizeof(UserIovec)};
    TRY(call.space().read_bytes(bytes, vector));
    TRY(check(segments));
    segments_ = segments;
    return {};
}

Result<void> SegmentList::check(Span<IoBuffer::Segment> segments)
{
    u64 room = kTransferMaximum;
    for (IoBuffer::Segment& segment : segments) {
        if (static_cast<i64>(segment.size) < 0) return Errno::Inval;
        TRY(check_user_range(segment.address, segment.size));
        if (segment.size > room) segment.size = room;
        room -= segment.size;
    }
    return {};
}

}  // namespace drydock
