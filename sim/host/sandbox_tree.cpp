#include "sim/host/sandbox_tree.h"

#include "sim/host/unpack_archive.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

namespace fs = std::filesystem;

bool write_line(char const* path, std::string const& line)
{
    int const file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool const is_written = write(file, line.data(), line.size()) >= 0;
    close(file);
    return is_written;
}

void copy_files(std::string const& folder,
                std::vector<SandboxFile> const& files,
                Problems const& problems)
{
    for (SandboxFile const& file : files) {
        fs::path const target = folder + file.guest;
        std::error_code error;
        fs::create_directories(target.parent_path(), error);
        fs::copy_file(file.host, target, error);
        errno = error.value();
        problems.require(!error, file.host);
        problems.require(chmod(target.c_str(), 0755) == 0, target);
    }
}

// Nobody may change what the mount at `target` shows; devices can be written to all the same. What
// the mount had to be before it stays (mount_namespaces(7): such flags are locked).
bool make_unchangeable(std::string const& target)
{
    struct statvfs status {};
    if (statvfs(target.c_str(), &status) != 0) return false;
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY;
    if ((status.f_flag & ST_NOSUID) != 0) flags |= MS_NOSUID;
    if ((status.f_flag & ST_NODEV) != 0) flags |= MS_NODEV;
    if ((status.f_flag & ST_NOEXEC) != 0) flags |= MS_NOEXEC;
    if ((status.f_flag & ST_NOATIME) != 0) flags |= MS_NOATIME;
    if ((status.f_flag & ST_NODIRATIME) != 0) flags |= MS_NODIRATIME;
    if ((status.f_flag & ST_RELATIME) != 0) flags |= MS_RELATIME;
    return mount(nullptr, target.c_str(), nullptr, flags, nullptr) == 0;
}

// A node of its own where that is allowed, so that nothing (chmod, utimes) is done to the host's.
void make_device(std::string const& folder, std::string const& device, Problems const& problems)
{
    std::string const target = folder + device;
    struct stat status {};
    problems.require(stat(device.c_str(), &status) == 0, device);
    if (mknod(target.c_str(), S_IFCHR | 0666, status.st_rdev) == 0) {
        problems.require(chmod(target.c_str(), 0666) == 0, target);
        return;
    }
    int const file = open(target.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    problems.require(file >= 0, target);
    close(file);
    bool const is_bound = mount(device.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) == 0;
    problems.require(is_bound, device);
    problems.require(make_unchangeable(target), device);
}

void add_devices(std::string const& folder, Problems const& problems)
{
    for (char const* const name : {"null", "zero", "full", "random", "urandom", "tty"}) {
        make_device(folder, fmt::format("/dev/{}", name), problems);
    }
    constexpr char const* kLinks[][2] = {{"/proc/self/fd", "/dev/fd"},
                                         {"/proc/self/fd/0", "/dev/stdin"},
                                         {"/proc/self/fd/1", "/dev/stdout"},
                                         {"/proc/self/fd/2", "/dev/stderr"}};
    for (auto const& [target, name] : kLinks) {
        bool const is_there = symlink(target, (folder + name).c_str()) == 0 || errno == EEXIST;
        problems.require(is_there, name);
    }
}

}  // namespace

void Problems::require(bool is_done, std::string const& what) const
{
    if (is_done) return;
    std::string const line = fmt::format("{}: {}", what, std::strerror(errno));
    if (write(descriptor_, line.data(), line.size()) < 0) _exit(kNotSetUp + 1);
    _exit(kNotSetUp);
}

MountPoint::MountPoint() : path_((fs::temp_directory_path() / "drydock-sandbox-XXXXXX").string())
{
    if (mkdtemp(path_.data()) != nullptr) return;
    throw std::runtime_error(fmt::format("{}: {}", path_, std::strerror(errno)));
}

MountPoint::~MountPoint() { rmdir(path_.c_str()); }

void leave_namespaces(Problems const& problems)
{
    constexpr int kOwn = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET;
    uid_t const user = getuid();
    gid_t const group = getgid();
    if (user == 0 && unshare(kOwn) == 0) return;
    problems.require(unshare(CLONE_NEWUSER | kOwn) == 0, "no namespaces of its own");
    problems.require(write_line("/proc/self/setgroups", "deny"), "setgroups");
    problems.require(write_line("/proc/self/uid_map", fmt::format("0 {} 1", user)), "uid_map");
    problems.require(write_line("/proc/self/gid_map", fmt::format("0 {} 1", group)), "gid_map");
}

void enter_tree(std::string const& folder, SandboxTree const& tree, Problems const& problems)
{
    umask(022);
    problems.require(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount /");
    problems.require(mount("tmpfs", folder.c_str(), "tmpfs", 0, "mode=755") == 0, "tmpfs");
    if (tree.archive.size() > 0) unpack_archive(tree.archive, folder, problems);
    for (char const* const name : {"/dev", "/proc", "/sys", "/tmp"}) {
        bool const is_made = mkdir((folder + name).c_str(), 0755) == 0 || errno == EEXIST;
        problems.require(is_made, name);
    }
    problems.require(chmod((folder + "/tmp").c_str(), 01777) == 0, "/tmp");
    add_devices(folder, problems);
    problems.require(mount("proc", (folder + "/proc").c_str(), "proc", 0, nullptr) == 0, "proc");
    problems.require(mount("sysfs", (folder + "/sys").c_str(), "sysfs", 0, nullptr) == 0, "sysfs");
    copy_files(folder, tree.files, problems);
    problems.require(chroot(folder.c_str()) == 0 && chdir("/") == 0, "chroot");
}

void reset_signals()
{
    for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace drydock::sim
