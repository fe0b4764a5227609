#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/memory_locks.h"

namespace drydock {

namespace {

// mmap(2) on x86-64.
namespace protection {
constexpr u64 kRead = 1, kWrite = 2, kExecute = 4, kSemaphore = 8;
constexpr u64 kGrowsDown = 0x01000000, kGrowsUp = 0x02000000;
}  // namespace protection

namespace map_flags {
constexpr u64 kShared = 1, kPrivate = 2, kSharedValidate = 3, kTypeMask = 0xf;
constexpr u64 kFixed = 0x10, kAnonymous = 0x20, k32Bit = 0x40, kGrowsDown = 0x100;
constexpr u64 kDenyWrite = 0x800, kExecutable = 0x1000, kLocked = 0x2000, kNoReserve = 0x4000;
constexpr u64 kPopulate = 0x8000, kNonBlock = 0x10000, kStack = 0x20000, kHugePages = 0x40000;
constexpr u64 kFixedNoReplace = 0x100000, kAbove4G = 0x80;
// The size of large pages (1 << n bytes), and MAP_UNINITIALIZED, which shares a bit with it.
constexpr u64 kHugeSizeMask = 0x7c000000;
// What MAP_SHARED_VALIDATE accepts (Linux LEGACY_MAP_MASK).
constexpr u64 kKnown = kTypeMask | kFixed | kAnonymous | k32Bit | kGrowsDown | kDenyWrite |
                       kExecutable | kLocked | kNoReserve | kPopulate | kNonBlock | kStack |
                       kHugePages | kAbove4G | kHugeSizeMask;
}  // namespace map_flags

// madvise(2). That pages with the same content may be shared (kMergeable) is only allowed.
namespace advice {
constexpr i32 kWillNeed = 3, kDontNeed = 4, kFree = 8, kRemove = 9, kDontFork = 10, kDoFork = 11;
constexpr i32 kMergeable = 12, kDoDump = 17, kWipeOnFork = 18, kKeepOnFork = 19, kCold = 20;
constexpr i32 kPageOut = 21, kPopulateRead = 22, kPopulateWrite = 23, kDontNeedLocked = 24;
}  // namespace advice

// mremap(2).
namespace remap_flags {
constexpr u64 kMayMove = 1, kFixed = 2, kDontUnmap = 4;
}  // namespace remap_flags

// The device that hands out zeros: mapping it is mapping anonymous memory (zero(4)).
constexpr u64 kZeroDevice = make_device(1, 5);

Rights rights_of(u64 value)
{
    return {(value & protection::kRead) != 0,
            (value & protection::kWrite) != 0,
            (value & protection::kExecute) != 0};
}

// A range as mlock(2), madvise(2) and others take it. Errno::Inval if it wraps or `start` is
// unaligned.
struct Range {
    UserAddr start{};
    u64 length = 0;
};

Result<Range> aligned_range(UserAddr start, u64 length)
{
    u64 const rounded = page_ceil(length);
    if ((start.value & kPageMask) != 0 || rounded < length) return Errno::Inval;
    if (start.value + rounded < start.value) return Errno::Inval;
    return Range{start, rounded};
}

bool is_mapped(AddressSpace& space, Range const& range)
{
    if (range.start.value > kUserEnd || range.length > kUserEnd - range.start.value) return false;
    return space.is_covered(range.start, range.length);
}

// What of the range is mapped, up to the first hole, is private memory without a file.
bool is_anonymous(AddressSpace& space, Range const& range)
{
    UserAddr const end = range.start + range.length;
    for (UserAddr at = range.start; at < end;) {
        Region const* const region = space.find_region(at);
        if (region == nullptr) return true;
        if (region->cache || region->is_shared) return false;
        at = region->end;
    }
    return true;
}

bool is_zero_device(Inode& inode)
{
    if (inode.type() != InodeType::CharacterDevice) return false;
    return inode.attributes().device == kZeroDevice;
}

// Puts the file's part into the request, after the checks of mmap(2).
Result<void> add_file(Call& call, MapRequest& request)
{
    // mmap(2) takes an int; the upper half of the register is not looked at.
    Ref<File> file = TRY(call.thread.files->get(call.word(4)));
    if ((file->flags() & open_flags::kPath) != 0) return Errno::BadF;
    if (!file->is_readable()) return Errno::Acces;
    if (request.shared) {
        request.may_write = file->is_writable();
        if (request.rights.write && !request.may_write) return Errno::Acces;
        u32 const* const seals = file->inode().seals();
        if (seals != nullptr && (*seals & file_seals::kAnyWrite) != 0) {
            if (request.rights.write) return Errno::Perm;
            request.may_write = false;
        }
    }
    // mmap(2), EPERM: nothing is executed from there.
    if (!file->path().is_empty()) {
        u32 const mount = file->path().mount()->flags();
        request.may_execute = (mount & mount_flags::kNoExec) == 0;
        if (request.rights.execute && !request.may_execute) return Errno::Perm;
    }
    if (is_zero_device(file->inode())) return {};
    Ref<FileCache> cache = TRY(file->inode().cache());
    if (!cache) return Errno::NoDev;
    request.kind = Region::Kind::File;
    request.cache = std::move(cache);
    request.file_offset = call[5];
    request.holder = std::move(file);
    return {};
}

// Linux file_mmap_ok(): no page may lie behind the largest size that its kind of file has.
Result<void> check_file_range(Call& call, u64 length)
{
    Ref<File> const file = TRY(call.thread.files->get(call.word(4)));
    InodeType const type = file->inode().type();
    bool const is_sized =
        type == InodeType::Regular || type == InodeType::BlockDevice || type == InodeType::Socket;
    u64 const largest = is_sized ? ~u64{0} / 2 : ~u64{0};
    u64 const last_start = page_floor(largest - length);
    return call[5] > last_start ? Result<void>{Errno::Overflow} : Result<void>{};
}

Result<void> decode_flags(u64 flags, MapRequest& request)
{
    u64 const type = flags & map_flags::kTypeMask;
    bool const is_validated = type == map_flags::kSharedValidate;
    if (type != map_flags::kShared && type != map_flags::kPrivate && !is_validated) {
        return Errno::Inval;
    }
    if (is_validated && (flags & ~(map_flags::kKnown | map_flags::kFixedNoReplace)) != 0) {
        return Errno::OpNotSupp;
    }
    request.shared = type != map_flags::kPrivate;
    request.grows_down = (flags & map_flags::kGrowsDown) != 0;
    // There are no large pages to hand out (mmap(2): ENOMEM; without the pool EINVAL on files).
    if ((flags & map_flags::kHugePages) != 0) return Errno::NoMem;
    if (request.grows_down && request.shared) return Errno::Inval;
    return {};
}

}  // namespace

Result<i64> sys_mmap(Call& call)
{
    u64 const flags = call[3];
    MapRequest request{};
    request.address = call.address(0);
    request.length = call[1];
    request.rights = rights_of(call[2]);
    if ((call[5] & kPageMask) != 0) return Errno::Inval;
    bool const is_anonymous = (flags & map_flags::kAnonymous) != 0;
    // Linux looks at the descriptor first, then at the length, then at the type of the mapping.
    if (!is_anonymous) TRY(call.thread.files->get(call.word(4)));
    if (request.length == 0) return Errno::Inval;
    request.fixed = (flags & map_flags::kFixed) != 0;
    request.no_replace = (flags & map_flags::kFixedNoReplace) != 0;
    request.is_low = (flags & map_flags::k32Bit) != 0;
    TRY(call.space().check_place(request));
    bool const is_locked = (flags & map_flags::kLocked) != 0;
    if (is_locked || call.space().knows_locks()) {
        request.lock = TRY(lock_for_mapping(call, is_locked, page_ceil(request.length)));
    }
    if (!is_anonymous) TRY(check_file_range(call, page_ceil(request.length)));
    TRY(decode_flags(flags, request));
    // Only a file's mapping can be validated.
    bool const is_validated = (flags & map_flags::kTypeMask) == map_flags::kSharedValidate;
    if (is_validated && is_anonymous) return Errno::Inval;
    if (!is_anonymous) TRY(add_file(call, request));
    AddressSpace& space = call.space();
    UserAddr const place = TRY(space.map(request));
    bool const populates =
        (flags & map_flags::kPopulate) != 0 && (flags & map_flags::kNonBlock) == 0;
    if (populates || request.lock != Region::Lock::None) space.populate(place, request.length);
    return static_cast<i64>(place.value);
}

Result<i64> sys_munmap(Call& call)
{
    TRY(call.space().unmap(call.address(0), call[1]));
    return 0;
}

Result<i64> sys_mprotect(Call& call)
{
    u64 const wanted = call[2];
    u64 const growth = wanted & (protection::kGrowsDown | protection::kGrowsUp);
    u64 const known =
        protection::kRead | protection::kWrite | protection::kExecute | protection::kSemaphore;
    if (growth == (protection::kGrowsDown | protection::kGrowsUp)) return Errno::Inval;
    AddressSpace& space = call.space();
    UserAddr start = call.address(0);
    u64 length = call[1];
    if ((start.value & kPageMask) != 0) return Errno::Inval;
    if (length == 0) return 0;
    if (page_ceil(length) == 0 || start.value + page_ceil(length) <= start.value)
        return Errno::NoMem;
    if ((wanted & ~growth & ~known) != 0) return Errno::Inval;
    if (growth == protection::kGrowsUp) return Errno::Inval;
    if (growth == protection::kGrowsDown) {
        Region const* const region = space.find_region(start);
        if (region == nullptr) return Errno::NoMem;
        if (!region->grows_down) return Errno::Inval;
        length += start.value - region->start.value;
        start = region->start;
    }
    TRY(space.protect(start, length, rights_of(wanted)));
    return 0;
}

Result<i64> sys_brk(Call& call)
{
    tell_lock_limit(call.thread);
    return static_cast<i64>(call.space().set_break(call.address(0)).value);
}

Result<i64> sys_mremap(Call& call)
{
    u64 const flags = call[3];
    u64 const known = remap_flags::kMayMove | remap_flags::kFixed | remap_flags::kDontUnmap;
    if ((flags & ~known) != 0) return Errno::Inval;
    bool const may_move = (flags & remap_flags::kMayMove) != 0;
    bool const is_fixed = (flags & remap_flags::kFixed) != 0;
    if (is_fixed && !may_move) return Errno::Inval;
    bool const keeps_old = (flags & remap_flags::kDontUnmap) != 0;
    if (keeps_old && (!may_move || call[1] != call[2])) return Errno::Inval;
    AddressSpace& space = call.space();
    UserAddr const start = call.address(0);
    if ((start.value & kPageMask) != 0 || page_ceil(call[2]) > kUserEnd) return Errno::Inval;
    tell_lock_limit(call.thread);
    UserAddr place{};
    if (keeps_old) {
        place = TRY(space.remap_and_keep(start, call[1], call.address(4), is_fixed));
    } else if (is_fixed) {
        place = TRY(space.remap_to(start, call[1], call[2], call.address(4)));
    } else {
        place = TRY(space.remap(start, call[1], call[2], may_move));
    }
    u64 const old_length = page_ceil(call[1]);
    u64 const new_length = page_ceil(call[2]);
    // What is new of locked memory comes in at once.
    if (new_length > old_length && space.has_locked(place, place + kPageSize)) {
        space.populate(place + old_length, new_length - old_length);
    }
    return static_cast<i64>(place.value);
}

namespace {

AddressSpace::ForkRule fork_rule_of(i32 wanted)
{
    using Rule = AddressSpace::ForkRule;
    if (wanted == advice::kDontFork) return Rule::Skip;
    if (wanted == advice::kDoFork) return Rule::Copy;
    return wanted == advice::kWipeOnFork ? Rule::Wipe : Rule::Keep;
}

// MADV_POPULATE_READ, _WRITE (mm/madvise.c, madvise_populate): Errno::NoMem for a hole, Inval
// without the right, Fault for what a touch would end with a signal.
Result<void> populate_pages(Call& call, Range const& range, bool writes)
{
    AddressSpace& space = call.space();
    if (range.start.value > kUserEnd || range.length > kUserEnd - range.start.value)
        return Errno::NoMem;
    Access const access = writes ? Access::Write : Access::Read;
    usize const done = space.prepare_range(range.start, range.length, access);
    if (done == range.length) return {};
    Region const* const region = space.find_region(range.start + done);
    if (region == nullptr) return Errno::NoMem;
    bool const may = writes ? region->rights.write : region->is_accessible();
    return may ? Errno::Fault : Errno::Inval;
}

// MADV_REMOVE: holes in what shared memory is of (mm/madvise.c, madvise_remove). Errno::NoMem where
// there is none, when all the rest is done.
Result<void> remove_pages(Call& call, Range const& range)
{
    AddressSpace& space = call.space();
    if (range.start.value > kUserEnd || range.length > kUserEnd - range.start.value)
        return Errno::NoMem;
    UserAddr const end = range.start + range.length;
    bool has_hole = false;
    UserAddr at = range.start;
    while (at < end) {
        Region const* const region = space.find_region(at);
        if (region == nullptr) {
            has_hole = true;
            at = at + kPageSize;
            continue;
        }
        if (!region->cache || region->lock != Region::Lock::None) return Errno::Inval;
        if (!region->is_shared || !region->may_write) return Errno::Acces;
        UserAddr const stop = region->end < end ? region->end : end;
        u64 const offset = region->offset_of(at);
        u64 const size = stop.value - at.value;
        if (region->holder) {
            Ref<RefCounted> const held = region->holder;
            TRY(static_cast<File&>(*held).punch(offset, size));
        } else {
            Ref<FileCache> const held = region->cache;
            held->punch(offset >> kPageShift, (offset + size) >> kPageShift);
        }
        at = stop;
    }
    if (has_hole) return Errno::NoMem;
    return {};
}

}  // namespace

Result<i64> sys_madvise(Call& call)
{
    i32 const wanted = call.integer(2);
    bool const is_hint = (wanted >= 0 && wanted <= advice::kWillNeed) || wanted == advice::kFree ||
                         (wanted >= advice::kMergeable && wanted <= advice::kDoDump) ||
                         wanted == advice::kCold || wanted == advice::kPageOut;
    bool const is_for_fork = wanted == advice::kDontFork || wanted == advice::kDoFork ||
                             wanted == advice::kWipeOnFork || wanted == advice::kKeepOnFork;
    bool const discards = wanted == advice::kDontNeed || wanted == advice::kDontNeedLocked;
    bool const populates = wanted == advice::kPopulateRead || wanted == advice::kPopulateWrite;
    bool const changes = discards || populates || is_for_fork || wanted == advice::kRemove;
    if (!is_hint && !changes) return Errno::Inval;
    Range const range = TRY(aligned_range(call.address(0), call[1]));
    if (range.length == 0) return 0;
    if (discards) {
        bool const even_locked = wanted == advice::kDontNeedLocked;
        TRY(call.space().discard(range.start, range.length, even_locked));
    } else if (is_for_fork) {
        TRY(call.space().set_fork_rule(range.start, range.length, fork_rule_of(wanted)));
    } else if (populates) {
        TRY(populate_pages(call, range, wanted == advice::kPopulateWrite));
    } else if (wanted == advice::kRemove) {
        TRY(remove_pages(call, range));
    } else {
        // MADV_FREE: only of anonymous memory. Nothing has to be freed at once.
        if (wanted == advice::kFree && !is_anonymous(call.space(), range)) return Errno::Inval;
        // Nor what is locked (mm/madvise.c, can_madv_lru_vma).
        bool const gives_up =
            wanted == advice::kFree || wanted == advice::kCold || wanted == advice::kPageOut;
        UserAddr const end = range.start + range.length;
        if (gives_up && call.space().has_locked(range.start, end)) return Errno::Inval;
        if (!is_mapped(call.space(), range)) return Errno::NoMem;
    }
    return 0;
}

Result<i64> sys_mincore(Call& call)
{
    AddressSpace& space = call.space();
    UserAddr const start = call.address(0);
    if ((start.value & kPageMask) != 0) return Errno::Inval;
    if (start.value > kUserEnd || call[1] > kUserEnd - start.value) return Errno::NoMem;
    u64 const pages = page_ceil(call[1]) >> kPageShift;
    TRY(check_user_range(call.address(2), pages));
    u64 done = 0;
    while (done < pages) {
        std::byte answers[256] = {};
        u64 const count = pages - done < sizeof(answers) ? pages - done : sizeof(answers);
        for (u64 i = 0; i < count; ++i) {
            UserAddr const page = start + (done + i) * kPageSize;
            if (space.find_region(page) == nullptr) return Errno::NoMem;
            answers[i] = space.is_resident(page) ? std::byte{1} : std::byte{0};
        }
        TRY(space.write_bytes(call.address(2) + done, {answers, count}));
        done += count;
    }
    return 0;
}

Result<i64> sys_msync(Call& call)
{
    // Files live in memory: there is nothing to write back.
    u32 const flags = call.word(2);
    u32 const asynchronous = 1, invalidate = 2, synchronous = 4;
    if ((flags & ~(asynchronous | invalidate | synchronous)) != 0) return Errno::Inval;
    if ((flags & asynchronous) != 0 && (flags & synchronous) != 0) return Errno::Inval;
    UserAddr const start = call.address(0);
    if ((start.value & kPageMask) != 0) return Errno::Inval;
    u64 const length = page_ceil(call[1]);
    // A length that rounding makes 0 is none (mm/msync.c).
    if (start.value + length < start.value) return Errno::NoMem;
    // mm/msync.c: locked pages are not thrown away.
    if ((flags & invalidate) != 0 && call.space().has_locked(start, start + length))
        return Errno::Busy;
    if (length > 0 && !is_mapped(call.space(), {start, length})) return Errno::NoMem;
    return 0;
}

}  // namespace drydock
