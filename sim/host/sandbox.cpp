#include "sim/host/sandbox.h"

#include "sim/host/host_usage.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

namespace fs = std::filesystem;

constexpr int kNotSetUp = 125;

// In the processes of the sandbox there is nobody to catch: a line goes up the pipe, and out.
class Problems {
public:
    explicit Problems(int descriptor) : descriptor_(descriptor) {}

    void require(bool is_done, std::string const& what) const
    {
        if (is_done) return;
        std::string const line = fmt::format("{}: {}", what, std::strerror(errno));
        if (write(descriptor_, line.data(), line.size()) < 0) _exit(kNotSetUp + 1);
        _exit(kNotSetUp);
    }
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

bool write_line(char const* path, std::string const& line)
{
    int const file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool const is_written = write(file, line.data(), line.size()) >= 0;
    close(file);
    return is_written;
}

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
    int const file = open(target.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    problems.require(file >= 0, target);
    close(file);
    bool const is_bound = mount(device.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) == 0;
    problems.require(is_bound, device);
}

void make_tree(std::string const& folder, SandboxRequest const& request, Problems const& problems)
{
    umask(022);
    problems.require(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount /");
    problems.require(mount("tmpfs", folder.c_str(), "tmpfs", 0, "mode=755") == 0, "tmpfs");
    for (char const* const name : {"/dev", "/proc", "/sys", "/tmp"}) {
        problems.require(mkdir((folder + name).c_str(), 0755) == 0, name);
    }
    problems.require(chmod((folder + "/tmp").c_str(), 01777) == 0, "/tmp");
    for (char const* const name : {"null", "zero", "full", "random", "urandom", "tty"}) {
        make_device(folder, fmt::format("/dev/{}", name), problems);
    }
    problems.require(mount("proc", (folder + "/proc").c_str(), "proc", 0, nullptr) == 0, "proc");
    problems.require(mount("sysfs", (folder + "/sys").c_str(), "sysfs", 0, nullptr) == 0, "sysfs");
    copy_files(folder, request.files, problems);
    problems.require(chroot(folder.c_str()) == 0 && chdir("/") == 0, "chroot");
}

void reset_signals()
{
    for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_first_process(std::string const& folder,
                                       SandboxRequest const& request,
                                       int output,
                                       Problems const& problems)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    make_tree(folder, request, problems);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    // Whoever started this program may have left files open: the numbers are part of a result.
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    reset_signals();
    std::vector<char*> words;
    words.reserve(request.command.size() + 1);
    for (std::string const& word : request.command) words.push_back(const_cast<char*>(word.data()));
    words.push_back(nullptr);
    char* const environment[] = {nullptr};
    execve(words[0], words.data(), environment);
    problems.require(false, request.command[0]);
    _exit(kNotSetUp);
}

// The process between: its child is the first one of the namespace.
[[noreturn]] void work_between(std::string const& folder,
                               SandboxRequest const& request,
                               int output,
                               Problems const& problems)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    leave_namespaces(problems);
    pid_t const first = fork();
    problems.require(first >= 0, "fork");
    if (first == 0) become_first_process(folder, request, output, problems);
    close(output);
    int status = 0;
    while (waitpid(first, &status, 0) < 0 && errno == EINTR) {
    }
    _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

// To its end, or until the time is over; whether the end came.
bool read_to_end(int descriptor, u64 time_limit_ms, std::string& text)
{
    u64 const began = host_monotonic_ns();
    for (;;) {
        u64 const passed = (host_monotonic_ns() - began) / 1'000'000;
        if (passed >= time_limit_ms) return false;
        pollfd file{descriptor, POLLIN, 0};
        if (poll(&file, 1, static_cast<int>(time_limit_ms - passed)) <= 0) continue;
        char chunk[65536];
        isize const size = read(descriptor, chunk, sizeof(chunk));
        if (size == 0 || (size < 0 && errno != EINTR)) return true;
        if (size > 0) text.append(chunk, static_cast<usize>(size));
    }
}

// An empty folder of the host that the sandbox's tree is mounted on.
class MountPoint {
public:
    MountPoint() : path_((fs::temp_directory_path() / "drydock-sandbox-XXXXXX").string())
    {
        if (mkdtemp(path_.data()) != nullptr) return;
        throw std::runtime_error(fmt::format("{}: {}", path_, std::strerror(errno)));
    }
    ~MountPoint() { rmdir(path_.c_str()); }
    MountPoint(MountPoint const&) = delete;
    MountPoint& operator=(MountPoint const&) = delete;
    std::string const& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace

SandboxEnd run_in_sandbox(SandboxRequest const& request)
{
    MountPoint const folder;
    int output[2] = {-1, -1};
    int problem[2] = {-1, -1};
    if (pipe2(output, O_CLOEXEC) != 0 || pipe2(problem, O_CLOEXEC) != 0) {
        throw std::runtime_error("no descriptors for a sandbox");
    }
    pid_t const child = fork();
    if (child == 0) work_between(folder.path(), request, output[1], Problems(problem[1]));
    close(output[1]);
    close(problem[1]);
    SandboxEnd end;
    std::string reason;
    if (child > 0) {
        end.is_over_time = !read_to_end(output[0], request.time_limit_ms, end.output);
        // Its child, the first process, ends with it, and with that all others.
        if (end.is_over_time) kill(child, SIGKILL);
        read_to_end(problem[0], 1000, reason);
        while (waitpid(child, &end.status, 0) < 0 && errno == EINTR) {
        }
    }
    close(output[0]);
    close(problem[0]);
    if (child < 0) throw std::runtime_error("no process for a sandbox");
    if (!reason.empty()) throw std::runtime_error(reason);
    return end;
}

}  // namespace drydock::sim
