#include "core/vfs/vfs.h"

namespace drydock {

namespace {

constexpr i64 kNanos = 1'000'000'000;

}  // namespace

Vfs::Vfs(Heap& heap, FrameAllocator& frames, Scheduler& scheduler, u64 boot_seconds)
    : heap_(heap)
    , frames_(frames)
    , scheduler_(scheduler)
    , wall_clock_offset_ns_(static_cast<i64>(boot_seconds) * kNanos)
    , nameless_(make_device(0, next_device_++))
    , names_(heap)
    , mounts_(*this, heap, names_)
{}

Vfs::~Vfs()
{
    mounts_.drop_first();
    nameless_mount_.reset();
    anonymous_inode_.reset();
}

void Vfs::record(EventKind kind, u64 a)
{
    Event event;
    event.kind = kind;
    event.tid = scheduler_.current() == nullptr ? 0 : scheduler_.current()->tid();
    event.a = a;
    scheduler_.platform().record(event);
}

Timestamp Vfs::current_time()
{
    i64 const now = wall_clock_offset_ns_ + static_cast<i64>(scheduler_.now());
    Timestamp time;
    time.seconds = now / kNanos;
    i64 nanoseconds = now % kNanos;
    if (nanoseconds < 0) {
        nanoseconds += kNanos;
        --time.seconds;
    }
    time.nanoseconds = static_cast<u32>(nanoseconds);
    return time;
}

void Vfs::set_wall_clock(Timestamp now)
{
    wall_clock_offset_ns_ =
        now.seconds * kNanos + now.nanoseconds - static_cast<i64>(scheduler_.now());
}

u64 Vfs::next_file_id() { return next_file_id_++; }
u64 Vfs::next_device_number() { return make_device(0, next_device_++); }
u64 Vfs::next_nameless_number() { return next_nameless_++; }
void Vfs::note_access(Path const& path)
{
    using namespace mount_flags;
    Mount& mount = *path.mount();
    Inode& inode = path.inode();
    u32 const flags = mount.flags();
    if ((flags & kNoAtime) != 0 || mount.is_read_only()) return;
    if ((flags & kNoDirectoryAtime) != 0 && inode.type() == InodeType::Directory) return;
    inode.accessed((flags & kRelatime) == 0);
}

void Vfs::drop_cached_names() { names_.drop_unused(); }

void Vfs::set_device_opener(DeviceOpener opener, void* argument)
{
    device_opener_ = opener;
    device_opener_argument_ = argument;
}

Result<Ref<File>> Vfs::open_device(u64 device, OpenRequest const& request)
{
    if (device_opener_ == nullptr) return Errno::Nxio;
    return device_opener_(device_opener_argument_, device, request);
}

Path Vfs::root_path()
{
    ASSERT(mounts_.first());
    Mount* const mount = mounts_.first()->mounts().first();
    return Path(Ref<Mount>(mount), mount->root());
}

Result<Path> Vfs::path_of(File& file)
{
    if (!file.path().is_empty()) return Path(file.path());
    return nameless_path(file.inode_ref(), "");
}

Result<Path> Vfs::nameless_path(Ref<Inode> inode, StringView name)
{
    if (!nameless_mount_) nameless_mount_ = TRY(mounts_.create_alone(nameless_));
    Ref<Dentry> entry = TRY(names_.create_unlisted({}, name, std::move(inode)));
    return Path(nameless_mount_, std::move(entry));
}

}  // namespace drydock
