#include "sim/host_tree.h"

#include "sim/host/places.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr unsigned kMaximumDepth = 128;

std::vector<std::string> sorted_names(std::string const& directory)
{
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    if (error) throw std::runtime_error(directory + ": cannot be listed (" + error.message() + ")");
    for (auto const& entry : entries) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string read_link(std::string const& path)
{
    char target[4096];
    isize const size = readlink(path.c_str(), target, sizeof(target));
    if (size < 0)
        throw std::runtime_error(path + ": cannot be read (" + std::strerror(errno) + ")");
    return {target, static_cast<usize>(size)};
}

}  // namespace

void HostTree::add(std::string const& host, std::string const& guest)
{
    std::string path = guest;
    path.erase(0,
               path.find_first_not_of('/') == std::string::npos ? path.size()
                                                                : path.find_first_not_of('/'));
    while (!path.empty() && path.back() == '/') path.pop_back();
    add_parents(path);
    add_entry(host, path, 0);
}

void HostTree::add(TreeEntry const& entry, ChangedFiles changed)
{
    CpioEntry written;
    written.path = entry.path;
    written.mode = entry.mode;
    written.inode = entry.inode;
    written.links = entry.links;
    if (entry.is_kept()) {
        written.content = entry.content;
        writer_.add(written);
        return;
    }
    MappedFile const content(here(entry.host));
    bool const is_same =
        content.text().size() == entry.size && content_hash(content.text()) == entry.hash;
    if (!is_same && changed == ChangedFiles::Refused) {
        throw std::runtime_error(fmt::format(
            "{}: not the file that the trace was recorded with ({} bytes, hash {}); restore it",
            entry.host,
            entry.size,
            entry.hash));
    }
    written.content = content.text();
    writer_.add(written);
}

void HostTree::add_directory(std::string const& path, u32 permissions)
{
    CpioEntry entry;
    entry.path = path;
    entry.mode = S_IFDIR | permissions;
    entry.links = 2;
    write(entry, {});
}

void HostTree::write(CpioEntry const& entry, std::string const& host)
{
    writer_.add(entry);
    if (kept_ == nullptr) return;
    TreeEntry kept;
    kept.path = entry.path;
    kept.mode = entry.mode;
    kept.inode = entry.inode;
    kept.links = entry.links;
    kept.size = entry.content.size();
    if (kept.size <= kKeptFileBytes) {
        kept.content = entry.content;
    } else {
        kept.hash = content_hash(entry.content);
        kept.host = anywhere(host);
    }
    kept_->push_back(std::move(kept));
}

void HostTree::add_parents(std::string const& path)
{
    for (usize slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        std::string const parent = path.substr(0, slash);
        if (!directories_.emplace(parent, true).second) continue;
        add_directory(parent, 0755);
    }
}

void HostTree::add_entry(std::string const& host, std::string const& path, unsigned depth)
{
    if (depth > kMaximumDepth) throw std::runtime_error(host + ": folders nested too deeply");
    struct stat status {};
    // The top itself may be a link to what is meant; links inside the tree stay links.
    int const result = depth == 0 ? stat(host.c_str(), &status) : lstat(host.c_str(), &status);
    if (result != 0) throw std::runtime_error(fmt::format("{}: {}", host, std::strerror(errno)));
    u32 const permissions = status.st_mode & 07777;
    if (S_ISDIR(status.st_mode)) {
        if (!path.empty()) add_directory(path, permissions);
        directories_.emplace(path, true);
        for (std::string const& name : sorted_names(host)) {
            add_entry(host + "/" + name, path.empty() ? name : path + "/" + name, depth + 1);
        }
    } else if (S_ISLNK(status.st_mode)) {
        std::string const target = read_link(host);
        CpioEntry entry;
        entry.path = path;
        entry.mode = S_IFLNK | 0777;
        entry.content = target;
        write(entry, host);
    } else if (S_ISREG(status.st_mode)) {
        CpioEntry entry;
        entry.path = path;
        entry.mode = S_IFREG | permissions;
        MappedFile const content(host);
        entry.content = content.text();
        if (status.st_nlink > 1) {
            auto const [known, is_new] =
                links_.try_emplace({status.st_dev, status.st_ino}, next_link_);
            if (is_new) ++next_link_;
            entry.inode = known->second;
            entry.links = static_cast<u32>(status.st_nlink);
            // The format gives the contents with one of the names; the others have none.
            if (!is_new) entry.content = {};
        }
        write(entry, host);
    } else {
        notes_.push_back(host + ": left out, it is neither a file, a folder nor a link");
    }
}

}  // namespace drydock::sim
