#include "sim/exporter.h"

#include "core/kernel/kernel.h"
#include "sim/file_bytes.h"
#include "sim/simulation.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr unsigned kMaximumDepth = 64;
constexpr usize kChunk = 256 * kKiB;

StringView view_of(std::string const& text) { return {text.data(), text.size()}; }

template <typename T>
T value_of(Result<T> result, std::string const& path)
{
    if (result.is_ok()) return result.take();
    throw std::runtime_error(
        fmt::format("{} in the guest: {}", path, std::strerror(static_cast<int>(result.error()))));
}

void require(bool is_done, std::string const& host)
{
    if (is_done) return;
    throw std::runtime_error(fmt::format("{}: {}", host, std::strerror(errno)));
}

class Exporter {
public:
    explicit Exporter(Kernel& kernel) : kernel_(kernel) {}

    void copy(std::string const& guest, std::string const& host, unsigned depth)
    {
        if (depth > kMaximumDepth) throw std::runtime_error(guest + ": folders nested too deeply");
        InodeAttributes const attributes =
            value_of(kernel_.export_attributes(view_of(guest)), guest);
        if (attributes.type == InodeType::Directory) {
            copy_directory(guest, host, attributes, depth);
        } else if (attributes.type == InodeType::Regular) {
            copy_file(guest, host, attributes);
        } else if (attributes.type == InodeType::SymbolicLink) {
            copy_link(guest, host);
        }
    }

private:
    void copy_directory(std::string const& guest,
                        std::string const& host,
                        InodeAttributes const& attributes,
                        unsigned depth)
    {
        require(mkdir(host.c_str(), 0700) == 0 || errno == EEXIST, host);
        char name[256];
        for (u64 position = 0;;) {
            usize const size = value_of(
                kernel_.export_name(view_of(guest), position, {name, sizeof(name)}), guest);
            if (size == 0) break;
            std::string const entry(name, size);
            copy(guest == "/" ? guest + entry : guest + "/" + entry, host + "/" + entry, depth + 1);
        }
        require(chmod(host.c_str(), attributes.permissions & 0777) == 0, host);
    }

    void copy_file(std::string const& guest,
                   std::string const& host,
                   InodeAttributes const& attributes)
    {
        std::string content(attributes.size, '\0');
        usize taken = 0;
        while (taken < content.size()) {
            usize const part = content.size() - taken < kChunk ? content.size() - taken : kChunk;
            Bytes const target{reinterpret_cast<std::byte*>(content.data()) + taken, part};
            usize const got = value_of(kernel_.export_read(view_of(guest), taken, target), guest);
            if (got == 0) break;
            taken += got;
        }
        content.resize(taken);
        write_file(host, content);
        require(chmod(host.c_str(), attributes.permissions & 0777) == 0, host);
    }

    void copy_link(std::string const& guest, std::string const& host)
    {
        char target[4096];
        usize const size =
            value_of(kernel_.export_link(view_of(guest), {target, sizeof(target)}), guest);
        std::string const text(target, size);
        unlink(host.c_str());
        require(symlink(text.c_str(), host.c_str()) == 0, host);
    }

    Kernel& kernel_;
};

}  // namespace

std::string export_tree(Simulation& simulation, std::string const& guest, std::string const& host)
{
    std::string problem;
    bool const is_done = simulation.run_service([&] {
        try {
            Exporter(Kernel::at(simulation.machine().kernel_object())).copy(guest, host, 0);
        } catch (std::exception const& error) {
            problem = error.what();
        }
    });
    if (!is_done && problem.empty()) problem = simulation.outcome().summary;
    return problem;
}

}  // namespace drydock::sim
