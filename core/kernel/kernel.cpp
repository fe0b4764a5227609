#include "core/kernel/kernel.h"

#include "core/fs/device_nodes.h"
#include "core/procfs/cgroup_fs.h"

namespace drydock {

namespace {

Result<Ref<File>> open_device(void* argument, u64 device, OpenRequest const& request)
{
    return static_cast<DeviceTable*>(argument)->open(device, request);
}

void poll_console(void* argument) { static_cast<ConsoleTty*>(argument)->poll_input(); }

}  // namespace

Kernel::Kernel(Platform& platform)
    : platform_(platform)
    , frames_(platform, platform.memory_layout())
    , heap_(frames_)
    , scheduler_(platform, frames_)
    , vfs_(heap_, frames_, scheduler_, platform.memory_layout().wall_clock_seconds)
    , console_(vfs_, platform)
    , system_{platform, frames_, heap_, scheduler_, vfs_, processes_, console_, names_, nullptr}
    , processes_(system_)
    , tty_client_(system_)
    , io_signals_(system_)
    , devices_(vfs_, platform, console_, tty_client_)
{}

usize Kernel::object_size() { return sizeof(Kernel); }

Kernel& Kernel::at(void* storage) { return *static_cast<Kernel*>(storage); }

System& Kernel::system() { return system_; }

void Kernel::fail(StringView what) { platform_.fail(what); }

void Kernel::boot(Platform& platform, void* storage, BootProgram const& program)
{
    static_assert(alignof(Kernel) <= 64);
    ASSERT(reinterpret_cast<u64>(storage) % alignof(Kernel) == 0);
    auto& kernel = *new (storage) Kernel(platform);
    kernel.vfs_.set_device_opener(open_device, &kernel.devices_);
    kernel.console_.set_client(&kernel.tty_client_);
    kernel.vfs_.set_signal_client(&kernel.io_signals_);
    kernel.scheduler_.set_idle_hook(poll_console, &kernel.console_);
    kernel.scheduler_.set_standstill_hook(Kernel::end_at_standstill, &kernel);
    kernel.create_vdso();
    kernel.mount_file_systems();
    kernel.make_nodes();
    kernel.register_file_systems();
    kernel.create_first_process(program);
    kernel.scheduler_.run();
}

void Kernel::create_vdso()
{
    Result<Own<Vdso>> vdso = Vdso::create(heap_, frames_, platform_);
    if (vdso.is_error()) fail("boot: no memory for the vDSO");
    vdso_ = vdso.take();
    vdso_->set_wall_clock_offset(vfs_.wall_clock_offset());
    system_.vdso = vdso_.get();
}

void Kernel::mount_file_systems()
{
    Result<Own<RamFs>> root = RamFs::create(vfs_, "rootfs", 0);
    if (root.is_error()) fail("boot: no memory for the root file system");
    root_ = root.take();
    if (vfs_.mounts().mount_root(*root_).is_error())
        fail("boot: cannot mount the root file system");
    MemoryLayout const& layout = platform_.memory_layout();
    if (layout.initramfs_size > 0) {
        auto const archive =
            ConstBytes{platform_.data(layout.initramfs), static_cast<usize>(layout.initramfs_size)};
        StringView reason{};
        if (unpack_initramfs(*root_, archive, reason).is_error()) fail(reason);
    }
    Result<Ref<FileSystemContext>> context = heap_.create_ref<FileSystemContext>();
    if (context.is_error()) fail("boot: no memory");
    context_ = context.take();
    context_->root = vfs_.root_path();
    context_->working_directory = vfs_.root_path();
    context_->mounts = vfs_.mounts().first();
    context_->umask = 0;
}

void Kernel::make_nodes()
{
    Credentials const root{};
    Resolver const resolver{*context_, root, {}};
    // What the archive brought stays as it is.
    auto const allow = [this](Result<void> const& outcome) {
        if (outcome.is_error() && outcome.error() != Errno::Exist)
            fail("boot: cannot make the nodes");
    };
    allow(vfs_.make_directory(resolver, "/dev", 0755));
    allow(vfs_.make_directory(resolver, "/dev/pts", 0755));
    allow(vfs_.make_directory(resolver, "/proc", 0555));
    allow(vfs_.make_directory(resolver, "/sys", 0555));
    allow(vfs_.make_directory(resolver, "/tmp", 01777));
    Result<Path> devices = vfs_.resolve(resolver, "/dev", {});
    if (devices.is_error()) fail("boot: cannot make the nodes");
    Resolver const in_devices{*context_, root, devices.take()};
    for (DeviceNode const& node : device_nodes()) {
        allow(vfs_.make_node(
            in_devices, node.name, InodeType::CharacterDevice, node.permissions, node.device));
    }
    allow(vfs_.make_symlink(resolver, "/proc/self/fd", "/dev/fd"));
    allow(vfs_.make_symlink(resolver, "/proc/self/fd/0", "/dev/stdin"));
    allow(vfs_.make_symlink(resolver, "/proc/self/fd/1", "/dev/stdout"));
    allow(vfs_.make_symlink(resolver, "/proc/self/fd/2", "/dev/stderr"));
}

namespace {

// A file system that there is once, however often it is mounted; it takes no options.
template <typename Kind>
Result<FileSystem*> the_only(void* file_system, StringView, StringView options)
{
    if (!options.is_empty()) return Errno::Inval;
    FileSystem* const only = static_cast<Kind*>(file_system);
    return only;
}

void keep(void*, FileSystem&) {}

}  // namespace

Result<FileSystem*> Kernel::make_device_tree(void* argument, StringView, StringView text)
{
    Kernel& kernel = *static_cast<Kernel*>(argument);
    u64 const memory = kernel.frames_.counts().total * kPageSize;
    RamOptions options = TRY(parse_ram_options(text, memory));
    if (!kernel.device_tree_) {
        Own<RamFs> tree = TRY(RamFs::create(kernel.vfs_, "devtmpfs", 0));
        options.permissions = 0755;
        TRY(tree->set_root(options));
        TRY(create_device_nodes(*tree->root()));
        kernel.device_tree_ = std::move(tree);
    }
    FileSystem* const only = kernel.device_tree_.get();
    return only;
}

void Kernel::register_file_systems()
{
    Result<Own<ProcFs>> proc = ProcFs::create(system_, {});
    Result<Own<SysFs>> sys = SysFs::create(system_);
    if (proc.is_error() || sys.is_error()) fail("boot: no memory for /proc and /sys");
    proc_ = proc.take();
    sys_ = sys.take();
    MountTable& mounts = vfs_.mounts();
    mounts.register_type({"sysfs", the_only<SysFs>, keep, sys_.get()});
    mounts.register_type(RamFs::type_for(vfs_));
    mounts.register_type(ProcFs::type_for(system_));
    mounts.register_type(CgroupFs::type_for(system_));
    mounts.register_type({"devtmpfs", make_device_tree, keep, this});
    PtsFs& pseudo_terminals = devices_.pseudo_terminals();
    mounts.register_type({"devpts", the_only<PtsFs>, keep, &pseudo_terminals});
    mount_at("/proc", *proc_);
    mount_at("/sys", *sys_);
    mount_at("/dev/pts", pseudo_terminals);
}

void Kernel::mount_at(StringView name, FileSystem& file_system)
{
    Credentials const root{};
    Resolver const resolver{*context_, root, {}};
    Result<Path> where = vfs_.resolve(resolver, name, {});
    if (where.is_error()) fail("boot: a place for a file system is missing");
    if (vfs_.mounts().mount(file_system, where.value(), file_system.type_name(), 0).is_error()) {
        fail("boot: cannot mount a file system");
    }
}

}  // namespace drydock
