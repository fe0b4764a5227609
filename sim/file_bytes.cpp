#include "sim/file_bytes.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

namespace drydock::sim {

namespace {

[[noreturn]] void fail(std::string const& path, char const* what)
{
    throw std::runtime_error(fmt::format("{}: {} ({})", path, what, std::strerror(errno)));
}

}  // namespace

MappedFile::MappedFile(std::string const& path)
{
    int const file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(path, "cannot be read");
    struct stat status {};
    bool const is_file = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (!is_file) {
        close(file);
        throw std::runtime_error(path + ": not a regular file");
    }
    size_ = static_cast<usize>(status.st_size);
    if (size_ > 0) {
        void* const mapped = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
        if (mapped == MAP_FAILED) {
            close(file);
            fail(path, "cannot be read");
        }
        data_ = static_cast<char const*>(mapped);
    }
    close(file);
}

MappedFile::~MappedFile()
{
    if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
}

void write_file(std::string const& path, std::string_view content)
{
    write_file(path, [content](std::FILE* file) {
        return std::fwrite(content.data(), 1, content.size(), file) == content.size();
    });
}

void write_file(std::string const& path, std::function<bool(std::FILE*)> const& write)
{
    std::string const temporary = path + ".partial";
    std::FILE* const file = std::fopen(temporary.c_str(), "wb");
    if (file == nullptr) fail(path, "cannot be written");
    bool const is_written = write(file);
    bool const is_closed = std::fclose(file) == 0;
    if (is_written && is_closed && std::rename(temporary.c_str(), path.c_str()) == 0) return;
    int const error = errno;
    std::remove(temporary.c_str());
    errno = error;
    fail(path, "cannot be written");
}

std::string content_hash(std::string_view content)
{
    return fmt::format("{:016x}", XXH3_64bits(content.data(), content.size()));
}

}  // namespace drydock::sim
