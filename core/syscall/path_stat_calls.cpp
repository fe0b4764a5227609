// Calls that show what a file is: stat(2), statx(2), statfs(2), access(2).

#include "core/procfs/proc_fs.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"

namespace drydock {

namespace {

i64 block_size_of(FileSystem& file_system)
{
    return file_system.magic() == ProcFs::kMagic ? 1024 : static_cast<i64>(kPageSize);
}

Result<i64> write_stat(Call& call, Inode& inode, UserAddr target)
{
    InodeAttributes const from = inode.attributes();
    UserStat stat;
    stat.device = inode.file_system().device_number();
    stat.inode = from.number;
    stat.links = from.links;
    stat.mode = static_cast<u32>(from.type) | from.permissions;
    stat.uid = from.uid;
    stat.gid = from.gid;
    stat.special_device = from.device;
    stat.size = static_cast<i64>(from.size);
    stat.block_size = block_size_of(inode.file_system());
    stat.blocks = static_cast<i64>(from.blocks);
    stat.accessed_seconds = from.accessed.seconds;
    stat.accessed_nanoseconds = from.accessed.nanoseconds;
    stat.modified_seconds = from.modified.seconds;
    stat.modified_nanoseconds = from.modified.nanoseconds;
    stat.changed_seconds = from.changed.seconds;
    stat.changed_nanoseconds = from.changed.nanoseconds;
    TRY(call.space().write(target, stat));
    return i64{0};
}

UserStatxTime statx_time(Timestamp time) { return {time.seconds, time.nanoseconds, 0}; }

u32 major_of(u64 device) { return static_cast<u32>(device >> 8 & 0xfff); }
u32 minor_of(u64 device) { return static_cast<u32>((device & 0xff) | (device >> 12 & 0xfff00)); }

// statx(2): what everybody gets, and of the rest what was asked for.
void fill_statx(UserStatx& target, Path const& path, u32 asked)
{
    constexpr u64 kMountRoot = 0x2000;  // STATX_ATTR_MOUNT_ROOT
    Inode& inode = path.inode();
    InodeAttributes const from = inode.attributes();
    target.mask = statx_mask::kBasic | statx_mask::kMountId;
    bool const has_birth = from.born.seconds != 0 || from.born.nanoseconds != 0;
    if (has_birth && (asked & statx_mask::kBorn) != 0) {
        target.mask |= statx_mask::kBorn;
        target.born = statx_time(from.born);
    }
    target.block_size = static_cast<u32>(block_size_of(inode.file_system()));
    target.attributes_mask = kMountRoot;
    if (path.entry() == path.mount()->root()) target.attributes = kMountRoot;
    target.links = from.links;
    target.uid = from.uid;
    target.gid = from.gid;
    target.mode = static_cast<u16>(static_cast<u32>(from.type) | from.permissions);
    target.inode = from.number;
    target.size = from.size;
    target.blocks = from.blocks;
    target.accessed = statx_time(from.accessed);
    target.changed = statx_time(from.changed);
    target.modified = statx_time(from.modified);
    target.special_device_major = major_of(from.device);
    target.special_device_minor = minor_of(from.device);
    u64 const device = inode.file_system().device_number();
    target.device_major = major_of(device);
    target.device_minor = minor_of(device);
    target.mount_id = path.mount()->id();
}

Result<i64> write_statfs(Call& call, Path const& path, UserAddr target)
{
    // statfs(2), f_flags: the mount's, and a bit that says that they are there.
    constexpr i64 kValid = 0x20, kRelatime = 0x1000, kNoSymbolicLinks = 0x2000;
    constexpr u32 kSameBits = mount_flags::kNoSuid | mount_flags::kNoDev | mount_flags::kNoExec |
                              mount_flags::kNoAtime | mount_flags::kNoDirectoryAtime;
    constexpr u32 kSameOfFileSystem = mount_flags::kReadOnly | mount_flags::kSynchronous;
    FileSystem& file_system = path.inode().file_system();
    FileSystem::Statistics const numbers = file_system.statistics();
    Mount const& mount = *path.mount();
    u32 const flags = mount.flags();
    UserStatfs result;
    result.type = static_cast<i64>(file_system.magic());
    result.block_size = static_cast<i64>(kPageSize);
    result.blocks = numbers.total_blocks;
    result.blocks_free = numbers.free_blocks;
    result.blocks_available = numbers.free_blocks;
    result.files = numbers.total_inodes;
    result.files_free = numbers.free_inodes;
    result.id[0] = static_cast<i32>(file_system.device_number());
    result.name_length = kNameMaximum;
    result.fragment_size = static_cast<i64>(kPageSize);
    result.flags = kValid | i64{flags & (kSameBits | mount_flags::kReadOnly)};
    result.flags |= i64{mount.mounted().flags() & kSameOfFileSystem};
    if ((flags & mount_flags::kRelatime) != 0) result.flags |= kRelatime;
    if ((flags & mount_flags::kNoSymbolicLinks) != 0) result.flags |= kNoSymbolicLinks;
    TRY(call.space().write(target, result));
    return i64{0};
}

// Linux vfs_fstatat(): with AT_EMPTY_PATH and no path, or an empty one, it is fstat(2), and no
// other flag is looked at.
Result<bool> is_descriptor_alone(Call& call, i32 directory, UserAddr address, u32 flags)
{
    if ((flags & kAtEmptyPath) == 0 || directory < 0) return false;
    if (address.is_null()) return true;
    char const first = TRY(call.space().read<char>(address));
    return first == '\0';
}

// access(2) asks for the real ids, unless the caller wants the effective ones.
Result<i64> access_at(Call& call, i32 directory, UserAddr address, u32 mode, u32 flags)
{
    constexpr u32 kKnown = kAtSymlinkNoFollow | kAtEmptyPath | kAtEffectiveAccess;
    constexpr u32 kExecute = 1, kWrite = 2;
    if ((mode & ~7u) != 0 || (flags & ~kKnown) != 0) return Errno::Inval;
    Credentials credentials = call.thread.credentials;
    if ((flags & kAtEffectiveAccess) == 0) {
        credentials.euid = credentials.uid;
        credentials.fsuid = credentials.uid;
        credentials.egid = credentials.gid;
        credentials.fsgid = credentials.gid;
        // fs/open.c, access_override_creds().
        CapabilitySets& sets = credentials.capabilities;
        if ((credentials.secure & secure_bits::kNoSetUidFixup) == 0) {
            sets.effective = credentials.uid == 0 ? sets.permitted : 0;
        }
    }
    Path const path = TRY(locate_with(call, directory, address, flags, credentials));
    InodeType const type = path.inode().type();
    bool const runs_nothing = (path.mount()->flags() & mount_flags::kNoExec) != 0;
    if ((mode & kExecute) != 0 && type == InodeType::Regular && runs_nothing) return Errno::Acces;
    TRY(call.system().vfs.check_access(path.inode(), mode, credentials));
    bool const is_stored = type == InodeType::Regular || type == InodeType::Directory ||
                           type == InodeType::SymbolicLink;
    if ((mode & kWrite) != 0 && is_stored && path.mount()->is_read_only()) return Errno::RoFs;
    return i64{0};
}

}  // namespace

Result<i64> sys_stat(Call& call)
{
    Path const path = TRY(locate(call, kAtWorkingDirectory, call.address(0), 0));
    return write_stat(call, path.inode(), call.address(1));
}

Result<i64> sys_lstat(Call& call)
{
    Path const path = TRY(locate(call, kAtWorkingDirectory, call.address(0), kAtSymlinkNoFollow));
    return write_stat(call, path.inode(), call.address(1));
}

Result<i64> sys_fstat(Call& call)
{
    Ref<File> const file = TRY(any_file_of(call, call.word(0)));
    return write_stat(call, file->inode(), call.address(1));
}

Result<i64> sys_newfstatat(Call& call)
{
    // How statx(2) is to ask other machines is taken here, too, and means nothing.
    constexpr u32 kSyncTypes = 0x6000;
    constexpr u32 kKnown = kAtSymlinkNoFollow | kAtEmptyPath | kAtNoAutomount | kSyncTypes;
    u32 const flags = call.word(3);
    bool const is_alone = TRY(is_descriptor_alone(call, call.integer(0), call.address(1), flags));
    if (is_alone) {
        Ref<File> const file = TRY(any_file_of(call, call.word(0)));
        return write_stat(call, file->inode(), call.address(2));
    }
    if ((flags & ~kKnown) != 0) return Errno::Inval;
    Path const path = TRY(locate(call, call.integer(0), call.address(1), flags));
    return write_stat(call, path.inode(), call.address(2));
}

Result<i64> sys_statx(Call& call)
{
    constexpr u32 kSyncTypes = 0x6000, kReservedMask = 0x8000'0000;
    constexpr u32 kKnown = kAtSymlinkNoFollow | kAtEmptyPath | kAtNoAutomount | kSyncTypes;
    u32 const flags = call.word(2);
    if ((flags & ~kKnown) != 0 || (flags & kSyncTypes) == kSyncTypes) return Errno::Inval;
    if ((call.word(3) & kReservedMask) != 0) return Errno::Inval;
    Path const path = TRY(locate(call, call.integer(0), call.address(1), flags));
    UserStatx result;
    fill_statx(result, path, call.word(3));
    TRY(call.space().write(call.address(4), result));
    return i64{0};
}

Result<i64> sys_access(Call& call)
{
    return access_at(call, kAtWorkingDirectory, call.address(0), call.word(1), 0);
}

Result<i64> sys_faccessat(Call& call)
{
    return access_at(call, call.integer(0), call.address(1), call.word(2), 0);
}

Result<i64> sys_faccessat2(Call& call)
{
    return access_at(call, call.integer(0), call.address(1), call.word(2), call.word(3));
}

Result<i64> sys_statfs(Call& call)
{
    Path const path = TRY(locate(call, kAtWorkingDirectory, call.address(0), 0));
    return write_statfs(call, path, call.address(1));
}

Result<i64> sys_fstatfs(Call& call)
{
    Ref<File> const file = TRY(any_file_of(call, call.word(0)));
    Path const path = TRY(call.system().vfs.path_of(*file));
    return write_statfs(call, path, call.address(1));
}

}  // namespace drydock
