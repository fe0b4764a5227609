#pragma once

// What the handlers of descriptor calls share: descriptors, user ranges, vectors, the end of a
// write.

#include "core/abi/io.h"
#include "core/syscall/syscall.h"

namespace drydock {

class Socket;

// The open file behind a descriptor. Errno::BadF, also where it was opened with O_PATH.
inline Result<Ref<File>> file_of(Call& call, u32 descriptor)
{
    File* const file = call.thread.files->find(descriptor);
    if (file == nullptr || file->is_path_only()) return Errno::BadF;
    return Ref<File>(file);
}
// The same with O_PATH files, for the few calls that take them (open(2)).
inline Result<Ref<File>> any_file_of(Call& call, u32 descriptor)
{
    return call.thread.files->get(descriptor);
}
inline Result<Ref<File>> readable_file_of(Call& call, u32 descriptor)
{
    File* const file = call.thread.files->find(descriptor);
    if (file == nullptr || file->is_path_only() || !file->is_readable()) return Errno::BadF;
    return Ref<File>(file);
}
inline Result<Ref<File>> writable_file_of(Call& call, u32 descriptor)
{
    File* const file = call.thread.files->find(descriptor);
    if (file == nullptr || file->is_path_only() || !file->is_writable()) return Errno::BadF;
    return Ref<File>(file);
}

// Errno::Fault for a range that no user memory can have, before anything is done.
inline Result<void> check_user_range(UserAddr address, u64 size)
{
    if (size > kUserEnd || address.value > kUserEnd - size) return Errno::Fault;
    return {};
}

// Linux rw_verify_area(): nothing is read or written beyond the largest offset. Errno::Inval.
Result<void> check_far_offset(File const& file, u64 size);
inline Result<void> check_offset(File const& file, u64 offset, u64 size)
{
    i64 end = 0;
    bool const is_far =
        __builtin_add_overflow(static_cast<i64>(offset), static_cast<i64>(size), &end);
    if (is_far || static_cast<i64>(size) < 0) return check_far_offset(file, size);
    return {};
}

// The same for an offset that the caller names: of any file.
Result<void> check_place(u64 offset, u64 size);
// Whether its kind of file has places to read from, as pipes have none (Linux FMODE_PREAD).
bool has_places(File& file);
// Whether its kind of file can be read or written at all, whatever it was opened for (Linux
// FMODE_CAN_READ, FMODE_CAN_WRITE): Errno::Inval, which comes before the memory is looked at.
Result<void> check_reads(File const& file);
Result<void> check_writes(File const& file);

// The process's limit on descriptors (RLIMIT_NOFILE).
u32 descriptor_limit(Call& call);

// The lowest free descriptor for a new file; of `flags` O_CLOEXEC counts. Errno::Mfile, NoMem.
Result<i64> add_descriptor(Call& call, Ref<File> file, u32 flags);

// SIGPIPE for the writer of a broken pipe (write(2)); the result as the handler returns it.
Result<i64> finish_write(Call& call, Result<usize> result);
// Tells who watches the file (inotify(7)) of a read.
Result<i64> finish_read(File& file, Result<usize> result);

// RLIMIT_FSIZE: shortens a write at `offset`, or Errno::Fbig with SIGXFSZ (setrlimit(2)).
// Vfs::drop_set_ids() for the caller.
Result<void> drop_set_ids(Call& call, File& file);
// The whole of a write by the caller: limits, set-id bits, the transfer, SIGPIPE.
Result<i64> write_socket(Call& call, Socket& socket, IoBuffer& source);
Result<i64> write_here(Call& call, File& file, IoBuffer& source);
Result<i64> write_there(Call& call, File& file, IoBuffer& source, u64 offset);
Result<u64> limit_size(Call& call, File& file, u64 offset, u64 size);
Result<void> limit_file_size(Call& call, File& file, IoBuffer& source, u64 offset);
// Where a write through the file's own position would start.
u64 write_offset(File& file);

// The segments of readv(2) and writev(2), checked and limited to what one call may move.
class SegmentList {
public:
    SegmentList() = default;
    SegmentList(SegmentList const&) = delete;
    SegmentList& operator=(SegmentList const&) = delete;
    // Errno::Inval, Fault, NoMem.
    Result<void> load(Call& call, UserAddr vector, u64 count);
    IoBuffer buffer(Call& call) const { return IoBuffer::vector(call.space(), segments_); }
    Span<IoBuffer::Segment const> all() const { return segments_; }

private:
    static constexpr usize kLocal = 8;
    Result<void> check(Span<IoBuffer::Segment> segments);

    IoBuffer::Segment local_[kLocal] = {};
    Buffer storage_{};
    Span<IoBuffer::Segment const> segments_{};
};

}  // namespace drydock
