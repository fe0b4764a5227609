#include "core/syscall/handlers.h"
// fcntl(2).

#include "core/pipe/pipe.h"
#include "core/syscall/call_support.h"
#include "core/syscall/file_locks.h"
#include "core/syscall/file_owner.h"

#include <bit>

namespace drydock {

Result<i64> sys_fcntl(Call& call);

namespace {

constexpr u32 kDupFd = 0, kGetFd = 1, kSetFd = 2, kGetFl = 3, kSetFl = 4, kGetLk = 5, kSetLk = 6;
constexpr u32 kSetLkW = 7, kSetOwn = 8, kGetOwn = 9, kSetSig = 10, kGetSig = 11;
constexpr u32 kSetOwnEx = 15, kGetOwnEx = 16;
constexpr u32 kOfdGetLk = 36, kOfdSetLk = 37, kOfdSetLkW = 38;
constexpr u32 kSetLease = 1024, kGetLease = 1025, kDupFdCloexec = 1030;
constexpr u32 kSetPipeSize = 1031, kGetPipeSize = 1032;
constexpr u32 kAddSeals = 1033, kGetSeals = 1034;
constexpr u32 kFdCloexec = 1;

// What F_SETFL changes (fcntl(2)).
constexpr u32 kSettable =
    open_flags::kAppend | open_flags::kDirect | open_flags::kNoAtime | open_flags::kNonBlock;

Result<i64> duplicate(Call& call, Ref<File> file, bool close_on_exec)
{
    u32 const limit = descriptor_limit(call);
    if (call.word(2) >= limit) return Errno::Inval;
    u32 const descriptor =
        TRY(call.thread.files->add(std::move(file), close_on_exec, call.word(2), limit));
    return i64{descriptor};
}

Result<i64> pipe_size(File& file) { return static_cast<i64>(TRY(file.pipe_capacity())); }

// Linux pipe_set_size(), round_pipe_size(): a power of two of pages.
Result<i64> set_pipe_size(Call& call, File& file)
{
    constexpr u64 kLargest = u64{1} << 31;
    u64 const before = TRY(file.pipe_capacity());
    u64 const wanted = call.word(2);
    if (wanted > kLargest) return Errno::Inval;
    u64 const rounded = wanted <= kPageSize ? u64{kPageSize} : std::bit_ceil(wanted);
    bool const grows = rounded > before && rounded > kPipeMaximum;
    if (grows && !call.thread.credentials.has(Capability::SysResource)) return Errno::Perm;
    TRY(file.set_pipe_capacity(rounded));
    return static_cast<i64>(rounded);
}

// Linux memfd_add_seals(), the order of its checks.
Result<i64> add_seals(File& file, u32 added)
{
    using namespace file_seals;
    if (!file.is_writable()) return Errno::Perm;
    if ((added & ~kAll) != 0) return Errno::Inval;
    u32* const seals = file.inode().seals();
    if (seals == nullptr) return Errno::Inval;
    if ((*seals & kSeal) != 0) return Errno::Perm;
    if ((added & kWrite & ~*seals) != 0) {
        Ref<FileCache> const cache = TRY(file.inode().cache());
        if (cache->has_writable_mapping()) return Errno::Busy;
    }
    // What may be executed and stays so must not be written (mm/memfd.c).
    bool const is_program = (file.inode().attributes().permissions & 0111) != 0;
    if ((added & kExecute) != 0 && is_program) added |= kShrink | kGrow | kWrite | kFutureWrite;
    *seals |= added;
    return 0;
}

Result<i64> get_seals(File& file)
{
    u32 const* const seals = file.inode().seals();
    if (seals == nullptr) return Errno::Inval;
    return i64{*seals};
}

Result<i64> set_status_flags(Call& call, File& file)
{
    u32 const wanted = call.word(2);
    // O_ASYNC is for files that can tell, and left out where they cannot (fs/fcntl.c, setfl).
    bool const is_changed = ((wanted ^ file.flags()) & open_flags::kAsync) != 0;
    if (is_changed && file.can_signal()) {
        TRY(set_signals(call, file, (wanted & open_flags::kAsync) != 0));
    }
    u32 const kept = file.flags() & ~kSettable;
    file.set_flags(kept | (call.word(2) & kSettable));
    return 0;
}

// What O_PATH files allow too.
Result<i64> control_descriptor(Call& call, Ref<File> file)
{
    FileTable& files = *call.thread.files;
    u32 const descriptor = call.word(0);
    switch (call.word(1)) {
    case kDupFd: return duplicate(call, std::move(file), false);
    case kDupFdCloexec: return duplicate(call, std::move(file), true);
    case kGetFd: {
        bool const value = TRY(files.close_on_exec(descriptor));
        return i64{value ? kFdCloexec : 0};
    }
    case kSetFd: TRY(files.set_close_on_exec(descriptor, (call[2] & kFdCloexec) != 0)); return 0;
    case kGetFl: return i64{file->flags() & ~open_flags::kCloseOnExec};
    default: return Errno::BadF;
    }
}

}  // namespace

Result<i64> sys_fcntl(Call& call)
{
    Ref<File> file = TRY(any_file_of(call, call.word(0)));
    u32 const command = call.word(1);
    bool const is_path = (file->flags() & open_flags::kPath) != 0;
    if (is_path || command <= kGetFl || command == kDupFdCloexec) {
        if (command != kSetFl || is_path) return control_descriptor(call, std::move(file));
    }
    switch (command) {
    case kSetFl: return set_status_flags(call, *file);
    case kGetLk:
    case kSetLk:
    case kSetLkW:
    case kOfdGetLk:
    case kOfdSetLk:
    case kOfdSetLkW: return control_record_lock(call, file, command);
    case kSetOwn: TRY(set_file_owner(call, *file, call.integer(2))); return 0;
    case kGetOwn: return i64{file_owner(call, *file)};
    case kSetOwnEx: return set_file_owner_by_kind(call, *file);
    case kGetOwnEx: return report_file_owner(call, *file);
    case kSetSig: return set_file_signal(call, *file);
    case kGetSig: return i64{file->signal_owner() != nullptr ? file->signal_owner()->signal : 0};
    case kSetLease: return Errno::Inval;
    case kGetLease: return 2;  // F_UNLCK
    case kSetPipeSize: return set_pipe_size(call, *file);
    case kGetPipeSize: return pipe_size(*file);
    case kAddSeals: return add_seals(*file, call.word(2));
    case kGetSeals: return get_seals(*file);
    default: return Errno::Inval;
    }
}

}  // namespace drydock
