// Calls that change what a file is: chmod(2), chown(2), truncate(2), utimensat(2).

#include "core/abi/time.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"

namespace drydock {

namespace {

Result<i64> change(Call& call, Path const& path, AttributeChange const& wanted)
{
    TRY(call.system().vfs.change_attributes(path, wanted, call.thread.credentials));
    return i64{0};
}

Result<i64> change_mode(Call& call, Path const& path, u32 mode)
{
    AttributeChange wanted;
    wanted.has_permissions = true;
    wanted.permissions = mode & 07777;
    return change(call, path, wanted);
}

// chown(2): an id of -1 stays as it is.
Result<i64> change_owner(Call& call, Path const& path, u32 uid, u32 gid)
{
    constexpr u32 kUnchanged = 0xffff'ffff;
    AttributeChange wanted;
    wanted.has_uid = uid != kUnchanged;
    wanted.uid = uid;
    wanted.has_gid = gid != kUnchanged;
    wanted.gid = gid;
    wanted.drops_set_ids = true;
    return change(call, path, wanted);
}

// RLIMIT_FSIZE (setrlimit(2)) holds for truncation too.
Result<void> check_size_limit(Call& call, u64 size)
{
    if (size <= call.process().limit(Resource::FileSize).soft) return {};
    call.system().processes.send_to_thread(call.thread, SignalInfo::from_kernel(Signal::Xfsz));
    return Errno::Fbig;
}

constexpr i64 kTimeNow = 0x3fff'ffff;   // UTIME_NOW
constexpr i64 kTimeOmit = 0x3fff'fffe;  // UTIME_OMIT

// The two times as utimensat(2) takes them; `times` may be null: both are now.
Result<AttributeChange> change_of_times(Call& call, Timespec const* times)
{
    AttributeChange wanted;
    wanted.has_accessed = true;
    wanted.has_modified = true;
    wanted.times_are_now = true;
    if (times == nullptr) return wanted;
    wanted.times_are_now = times[0].nanoseconds == kTimeNow && times[1].nanoseconds == kTimeNow;
    Timestamp* const targets[2] = {&wanted.accessed, &wanted.modified};
    bool* const present[2] = {&wanted.has_accessed, &wanted.has_modified};
    for (usize i = 0; i < 2; ++i) {
        i64 const nanoseconds = times[i].nanoseconds;
        if (nanoseconds == kTimeOmit) {
            *present[i] = false;
        } else if (nanoseconds == kTimeNow) {
            *targets[i] = call.system().vfs.current_time();
        } else if (nanoseconds < 0 || nanoseconds >= 1'000'000'000) {
            return Errno::Inval;
        } else {
            *targets[i] = {times[i].seconds, static_cast<u32>(nanoseconds)};
        }
    }
    return wanted;
}

bool changes_nothing(Timespec const* times)
{
    if (times == nullptr) return false;
    return times[0].nanoseconds == kTimeOmit && times[1].nanoseconds == kTimeOmit;
}

Result<i64> set_times(Call& call, i32 directory, UserAddr address, Timespec const* times, u32 flags)
{
    // utimensat(2): with nothing to change the path is not even looked at.
    if (changes_nothing(times)) return i64{0};
    Path const path = TRY(locate(call, directory, address, flags));
    AttributeChange const wanted = TRY(change_of_times(call, times));
    return change(call, path, wanted);
}

Result<i64> set_times_from_timeval(Call& call, i32 directory, UserAddr address, UserAddr source)
{
    if (source.is_null()) return set_times(call, directory, address, nullptr, 0);
    Timespec times[2] = {};
    Timeval values[2] = {};
    TRY(call.space().read_bytes({reinterpret_cast<std::byte*>(values), sizeof(values)}, source));
    for (usize i = 0; i < 2; ++i) {
        Timeval const& value = values[i];
        if (value.microseconds < 0 || value.microseconds >= 1'000'000) return Errno::Inval;
        times[i] = {value.seconds, value.microseconds * 1000};
    }
    return set_times(call, directory, address, times, 0);
}

}  // namespace

Result<i64> sys_chmod(Call& call)
{
    Path const path = TRY(locate(call, kAtWorkingDirectory, call.address(0), 0));
    return change_mode(call, path, call.word(1));
}

Result<i64> sys_fchmod(Call& call)
{
    Path const path = TRY(place_of_descriptor(call, call.word(0)));
    return change_mode(call, path, call.word(1));
}

Result<i64> sys_fchmodat(Call& call)
{
    Path const path = TRY(locate(call, call.integer(0), call.address(1), 0));
    return change_mode(call, path, call.word(2));
}

Result<i64> sys_chown(Call& call)
{
    Path const path = TRY(locate(call, kAtWorkingDirectory, call.address(0), 0));
    return change_owner(call, path, call.word(1), call.word(2));
}

Result<i64> sys_lchown(Call& call)
{
    Path const path = TRY(locate(call, kAtWorkingDirectory, call.address(0), kAtSymlinkNoFollow));
    return change_owner(call, path, call.word(1), call.word(2));
}

Result<i64> sys_fchown(Call& call)
{
    Path const path = TRY(place_of_descriptor(call, call.word(0)));
    return change_owner(call, path, call.word(1), call.word(2));
}

Result<i64> sys_fchownat(Call& call)
{
    u32 const flags = call.word(4);
    if ((flags & ~(kAtSymlinkNoFollow | kAtEmptyPath)) != 0) return Errno::Inval;
    Path const path = TRY(locate(call, call.integer(0), call.address(1), flags));
    return change_owner(call, path, call.word(2), call.word(3));
}

Result<i64> sys_truncate(Call& call)
{
    if (static_cast<i64>(call[1]) < 0) return Errno::Inval;
    Path const path = TRY(locate(call, kAtWorkingDirectory, call.address(0), 0));
    if (path.inode().type() == InodeType::Regular) TRY(check_size_limit(call, call[1]));
    AttributeChange wanted;
    wanted.has_size = true;
    wanted.size = call[1];
    return change(call, path, wanted);
}

Result<i64> sys_ftruncate(Call& call)
{
    if (static_cast<i64>(call[1]) < 0) return Errno::Inval;
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    if (!file->is_writable() || file->inode().type() != InodeType::Regular) return Errno::Inval;
    TRY(check_size_limit(call, call[1]));
    TRY(drop_set_ids(call, *file));
    TRY(file->truncate(call[1]));
    tell_path(file->path(), change_events::kModify);
    return i64{0};
}

Result<i64> sys_utime(Call& call)
{
    if (call.address(1).is_null()) {
        return set_times(call, kAtWorkingDirectory, call.address(0), nullptr, 0);
    }
    Timespec times[2] = {};
    for (usize i = 0; i < 2; ++i) {
        times[i].seconds = TRY(call.space().read<i64>(call.address(1) + i * sizeof(i64)));
    }
    return set_times(call, kAtWorkingDirectory, call.address(0), times, 0);
}

Result<i64> sys_utimes(Call& call)
{
    return set_times_from_timeval(call, kAtWorkingDirectory, call.address(0), call.address(1));
}

Result<i64> sys_futimesat(Call& call)
{
    return set_times_from_timeval(call, call.integer(0), call.address(1), call.address(2));
}

Result<i64> sys_utimensat(Call& call)
{
    u32 const flags = call.word(3);
    Timespec times[2] = {};
    bool const has_times = !call.address(2).is_null();
    for (usize i = 0; has_times && i < 2; ++i) {
        times[i] = TRY(call.space().read<Timespec>(call.address(2) + i * sizeof(Timespec)));
    }
    if (changes_nothing(has_times ? times : nullptr)) return i64{0};
    if ((flags & ~(kAtSymlinkNoFollow | kAtEmptyPath)) != 0) return Errno::Inval;
    if (!call.address(1).is_null()) {
        return set_times(
            call, call.integer(0), call.address(1), has_times ? times : nullptr, flags);
    }
    // Without a path: the descriptor itself (futimens(3)).
    if (call.integer(0) == kAtWorkingDirectory) return Errno::Fault;
    if (flags != 0) return Errno::Inval;
    if (changes_nothing(has_times ? times : nullptr)) return i64{0};
    Path const path = TRY(place_of_descriptor(call, call.word(0)));
    AttributeChange const wanted = TRY(change_of_times(call, has_times ? times : nullptr));
    return change(call, path, wanted);
}

}  // namespace drydock
