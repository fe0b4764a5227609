// What a machine process needs to know of this host.

#include "sim/host/machine_process.h"

#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace drydock::sim {

MemoryFile::MemoryFile(char const* name, ConstBytes bytes)
    : descriptor_(memfd_create(name, MFD_CLOEXEC))
{
    auto const* data = reinterpret_cast<char const*>(bytes.data());
    usize left = bytes.size();
    while (descriptor_ >= 0 && left > 0) {
        isize const written = write(descriptor_, data, left);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        data += written;
        left -= static_cast<usize>(written);
    }
    if (descriptor_ < 0 || left > 0) {
        throw std::runtime_error(std::string("cannot keep ") + name +
                                 " in memory: " + std::strerror(errno));
    }
}

MemoryFile::~MemoryFile() { close(descriptor_); }

bool MemoryFile::read(u64 offset, Bytes target) const
{
    usize done = 0;
    while (done < target.size()) {
        isize const got = pread(descriptor_,
                                target.data() + done,
                                target.size() - done,
                                static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += static_cast<usize>(got);
    }
    return true;
}

std::string MemoryFile::text() const
{
    struct stat status {};
    if (fstat(descriptor_, &status) != 0) return {};
    std::string result(static_cast<usize>(status.st_size), '\0');
    bool const is_whole = read(0, {reinterpret_cast<std::byte*>(result.data()), result.size()});
    return is_whole ? result : std::string{};
}

std::string kvm_problem()
{
    int const descriptor = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return std::string("/dev/kvm: ") + std::strerror(errno);
    int const version = ioctl(descriptor, KVM_GET_API_VERSION);
    close(descriptor);
    return version == KVM_API_VERSION ? std::string{} : "/dev/kvm: not the KVM that QEMU knows";
}

InputKind standard_input_kind()
{
    struct stat status {};
    if (isatty(STDIN_FILENO) == 1) return InputKind::Terminal;
    if (fstat(STDIN_FILENO, &status) != 0) return InputKind::Nothing;
    if (S_ISREG(status.st_mode)) return InputKind::File;
    bool const is_null = S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
    return is_null ? InputKind::Nothing : InputKind::Stream;
}

std::vector<std::byte> read_standard_input()
{
    constexpr usize kPart = 64 * kKiB;
    std::vector<std::byte> bytes;
    for (;;) {
        usize const size = bytes.size();
        bytes.resize(size + kPart);
        isize const got = read(STDIN_FILENO, bytes.data() + size, kPart);
        bytes.resize(size + (got > 0 ? static_cast<usize>(got) : 0));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return bytes;
    }
}

bool are_outputs_the_same()
{
    struct stat output {};
    struct stat errors {};
    return fstat(STDOUT_FILENO, &output) == 0 && fstat(STDERR_FILENO, &errors) == 0 &&
           output.st_dev == errors.st_dev && output.st_ino == errors.st_ino;
}

std::string program_folder()
{
    char path[PATH_MAX] = {};
    isize const size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (size <= 0) return ".";
    std::string const text(path, static_cast<usize>(size));
    return text.substr(0, text.rfind('/'));
}

}  // namespace drydock::sim
