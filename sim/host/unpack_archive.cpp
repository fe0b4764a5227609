#include "sim/host/unpack_archive.h"

#include <cerrno>
#include <fcntl.h>
#include <map>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace drydock::sim {

namespace {

constexpr usize kHeaderSize = 110;
constexpr std::string_view kLastName = "TRAILER!!!";

// Fields of a header, in its order.
enum Field : usize {
    Inode,
    Mode,
    Uid,
    Gid,
    Links,
    Time,
    Size,
    Major,
    Minor,
    NodeMajor,
    NodeMinor,
    NameSize
};

struct Entry {
    std::string_view header{};
    std::string_view name{};
    std::string_view content{};

    u32 field(Field index) const
    {
        u32 value = 0;
        for (char const digit : header.substr(6 + usize{index} * 8, 8)) {
            bool const is_decimal = digit >= '0' && digit <= '9';
            value =
                value * 16 + static_cast<u32>(is_decimal ? digit - '0' : (digit | 32) - 'a' + 10);
        }
        return value;
    }
};

// Takes the next entry off; false at the end, also of an archive that is cut.
bool take_entry(std::string_view& archive, Entry& entry)
{
    if (archive.size() < kHeaderSize) return false;
    entry.header = archive.substr(0, kHeaderSize);
    usize const name_size = entry.field(NameSize);
    usize const content_at = (kHeaderSize + name_size + 3) & ~usize{3};
    usize const size = entry.field(Size);
    bool const is_whole =
        name_size > 0 && content_at <= archive.size() && size <= archive.size() - content_at;
    if (!is_whole) return false;
    entry.name = archive.substr(kHeaderSize, name_size - 1);
    entry.content = archive.substr(content_at, size);
    archive.remove_prefix(std::min(archive.size(), (content_at + size + 3) & ~usize{3}));
    return entry.name != kLastName;
}

void set_time(std::string const& path, u32 seconds)
{
    timespec const time{static_cast<time_t>(seconds), 0};
    timespec const times[2] = {time, time};
    utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

class Unpacker {
public:
    Unpacker(std::string const& folder, Problems const& problems)
        : folder_(folder), problems_(problems)
    {}

    void add(Entry const& entry)
    {
        if (entry.name == "." || entry.name.empty()) return;
        std::string const path = folder_ + "/" + std::string(entry.name);
        u32 const mode = entry.field(Mode);
        if (S_ISDIR(mode)) {
            problems_.require(mkdir(path.c_str(), 0755) == 0 || errno == EEXIST, path);
            directories_.emplace_back(path, entry.field(Time));
        } else if (S_ISLNK(mode)) {
            unlink(path.c_str());
            std::string const target(entry.content);
            problems_.require(symlink(target.c_str(), path.c_str()) == 0, path);
        } else if (S_ISREG(mode)) {
            if (add_name(entry, path)) return;
            write_file(entry, path);
        } else if (!S_ISFIFO(mode) || mkfifo(path.c_str(), mode & 07777) != 0) {
            return;
        }
        set_attributes(entry, path);
    }

    // What is put into a folder changes its time: theirs are set last, the inner ones first.
    void finish()
    {
        for (auto at = directories_.rbegin(); at != directories_.rend(); ++at) {
            set_time(at->first, at->second);
        }
    }

private:
    // A further name of a file that is there; its content stands in one of its entries.
    bool add_name(Entry const& entry, std::string const& path)
    {
        if (entry.field(Links) < 2) return false;
        std::string& first = names_[{entry.field(Minor), entry.field(Inode)}];
        if (first.empty()) {
            first = path;
            return false;
        }
        problems_.require(link(first.c_str(), path.c_str()) == 0, path);
        if (!entry.content.empty()) {
            write_file(entry, path);
            set_attributes(entry, path);
        }
        return true;
    }

    void write_file(Entry const& entry, std::string const& path)
    {
        int const file =
            open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
        problems_.require(file >= 0, path);
        std::string_view left = entry.content;
        while (!left.empty()) {
            isize const written = write(file, left.data(), left.size());
            problems_.require(written > 0 || (written < 0 && errno == EINTR), path);
            if (written > 0) left.remove_prefix(static_cast<usize>(written));
        }
        close(file);
    }

    void set_attributes(Entry const& entry, std::string const& path)
    {
        u32 const mode = entry.field(Mode);
        // Changing the owner clears set-user-ID bits: the mode comes second. In a user namespace
        // there is one owner.
        if (lchown(path.c_str(), entry.field(Uid), entry.field(Gid)) != 0) errno = 0;
        if (!S_ISLNK(mode)) problems_.require(chmod(path.c_str(), mode & 07777) == 0, path);
        set_time(path, entry.field(Time));
    }

    std::string const& folder_;
    Problems const& problems_;
    std::map<std::pair<u32, u32>, std::string> names_;  // By device and inode number.
    std::vector<std::pair<std::string, u32>> directories_;
};

}  // namespace

void unpack_archive(ConstBytes archive, std::string const& folder, Problems const& problems)
{
    std::string_view left(reinterpret_cast<char const*>(archive.data()), archive.size());
    Unpacker unpacker(folder, problems);
    Entry entry;
    while (take_entry(left, entry)) unpacker.add(entry);
    unpacker.finish();
}

}  // namespace drydock::sim
