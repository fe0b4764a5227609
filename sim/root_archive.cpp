#include "sim/root_archive.h"

#include "sim/applets.h"
#include "sim/cpio_writer.h"
#include "sim/file_bytes.h"
#include "sim/host/places.h"
#include "sim/host_tree.h"
#include "sim/packed_tree.h"

#include <cstring>
#include <elf.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

namespace drydock::sim {

namespace {

constexpr std::string_view kPasswords = "root:x:0:0:root:/root:/bin/sh\n"
                                        "daemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
                                        "nobody:x:65534:65534:nobody:/:/bin/false\n";
constexpr std::string_view kGroups = "root:x:0:\ndaemon:x:1:\nnogroup:x:65534:\n";

constexpr char const* kInstall = "install Debian's busybox-static, or give --root";

bool is_static_elf(std::string_view program)
{
    Elf64_Ehdr header{};
    if (program.size() < sizeof(header)) return false;
    std::memcpy(&header, program.data(), sizeof(header));
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return false;
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_X86_64) return false;
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        u64 const offset = header.e_phoff + u64{i} * header.e_phentsize;
        Elf64_Phdr segment{};
        if (offset > program.size() || program.size() - offset < sizeof(segment)) return false;
        std::memcpy(&segment, program.data() + offset, sizeof(segment));
        if (segment.p_type == PT_INTERP) return false;
    }
    return true;
}

void add_default_tree(CpioWriter& writer)
{
    std::string const path = find_busybox();
    MappedFile const busybox(path);
    if (!is_static_elf(busybox.text())) {
        throw std::runtime_error(
            fmt::format("{}: not a static x86-64 program; {}", path, kInstall));
    }
    writer.reserve(busybox.text().size() + 128 * kKiB);
    for (char const* const directory : {"bin", "dev", "etc", "proc"})
        writer.add_directory(directory);
    writer.add_directory("root", 0700);
    writer.add_directory("sbin");
    writer.add_directory("tmp", 01777);
    for (char const* const directory : {"usr", "usr/bin", "usr/sbin"})
        writer.add_directory(directory);
    writer.add_file("bin/busybox", busybox.text(), 0755);
    for (std::string_view const name : find_applets(busybox.text())) {
        if (name == "busybox") continue;
        writer.add_symlink(fmt::format("{}{}", folder_of_applet(name), name), "/bin/busybox");
    }
    writer.add_file("etc/group", kGroups);
    writer.add_file("etc/passwd", kPasswords);
}

u64 hex_field(std::string_view header, usize index)
{
    u64 value = 0;
    for (char const digit : header.substr(6 + index * 8, 8)) {
        bool const is_decimal = digit >= '0' && digit <= '9';
        bool const is_letter = (digit | 32) >= 'a' && (digit | 32) <= 'f';
        if (!is_decimal && !is_letter) return ~u64{0};
        value = value * 16 + static_cast<u64>(is_decimal ? digit - '0' : (digit | 32) - 'a' + 10);
    }
    return value;
}

// Where the end record of an archive starts; throws if it is damaged before that.
usize find_end_record(std::string const& path, std::string_view archive)
{
    constexpr usize kHeaderSize = 110;
    usize at = 0;
    for (;;) {
        std::string_view const header = archive.substr(at, kHeaderSize);
        u64 const content = header.size() == kHeaderSize ? hex_field(header, 6) : ~u64{0};
        u64 const name = header.size() == kHeaderSize ? hex_field(header, 11) : ~u64{0};
        u64 const left = archive.size() - at;
        bool const is_sound = header.starts_with("070701") && name > 0 && name <= 4096 &&
                              content <= left && kHeaderSize + name + content <= left;
        if (!is_sound) {
            throw std::runtime_error(
                fmt::format("{}: the cpio archive is damaged at byte {}; write it anew", path, at));
        }
        if (archive.substr(at + kHeaderSize, name - 1) == "TRAILER!!!") return at;
        usize const content_at = (at + kHeaderSize + name + 3) & ~usize{3};
        at = (content_at + content + 3) & ~usize{3};
        if (at > archive.size()) at = archive.size();
    }
}

// What a user's own archive holds, without its end record, so that more can follow.
std::vector<std::byte> read_archive(std::string const& path)
{
    MappedFile const file(path);
    std::string_view const text = file.text();
    std::vector<std::byte> bytes;
    constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);
    if (text.starts_with(kZstdMagic)) {
        u64 const size = ZSTD_getFrameContentSize(text.data(), text.size());
        if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
            size > 64 * kGiB) {
            throw std::runtime_error(path + ": the compressed archive does not tell its size");
        }
        bytes.resize(size);
        usize const got = ZSTD_decompress(bytes.data(), bytes.size(), text.data(), text.size());
        if (ZSTD_isError(got) != 0 || got != size) {
            throw std::runtime_error(path + ": the compressed archive is damaged");
        }
    } else {
        auto const* const data = reinterpret_cast<std::byte const*>(text.data());
        bytes.assign(data, data + text.size());
    }
    if (bytes.size() < 110 || std::memcmp(bytes.data(), "070701", 6) != 0) {
        bytes = convert_packed_tree(path);
    }
    bytes.resize(
        find_end_record(path, {reinterpret_cast<char const*>(bytes.data()), bytes.size()}));
    return bytes;
}

// An archive being made: what a root of the user's own holds goes before what is added.
struct Builder {
    CpioWriter writer{};
    HostTree tree{writer};
    std::vector<std::byte> base{};

    void add_root(std::string const& root)
    {
        if (root.empty()) {
            add_default_tree(writer);
            return;
        }
        struct stat status {};
        if (stat(root.c_str(), &status) != 0) {
            throw std::runtime_error(
                fmt::format("{}: {}; give a folder or an archive", root, std::strerror(errno)));
        }
        if (S_ISDIR(status.st_mode)) {
            tree.add(root, "/");
        } else {
            base = read_archive(root);
        }
    }

    RootArchive finish()
    {
        RootArchive archive;
        std::vector<std::byte> rest = writer.finish();
        if (base.empty()) {
            archive.bytes = std::move(rest);
        } else {
            base.insert(base.end(), rest.begin(), rest.end());
            archive.bytes = std::move(base);
        }
        archive.hash = content_hash(
            {reinterpret_cast<char const*>(archive.bytes.data()), archive.bytes.size()});
        archive.notes = tree.notes();
        return archive;
    }
};

}  // namespace

std::string find_busybox()
{
    for (char const* const path : {"/bin/busybox", "/usr/bin/busybox"}) {
        if (access(path, R_OK) == 0) return path;
    }
    throw std::runtime_error(fmt::format("/bin/busybox: not found; {}", kInstall));
}

RootArchive build_root_archive(std::string const& root,
                               std::vector<Import> const& imports,
                               std::vector<CpioEntry> const& entries)
{
    Builder builder;
    builder.add_root(root);
    std::vector<TreeEntry> taken;
    builder.tree.keep_in(&taken);
    for (Import const& import : imports) builder.tree.add(import.host, import.guest);
    for (CpioEntry const& entry : entries) builder.writer.add(entry);
    RootArchive archive = builder.finish();
    archive.imports = std::move(taken);
    return archive;
}

RootArchive rebuild_root_archive(std::string const& root,
                                 std::vector<TreeEntry> const& imports,
                                 ChangedFiles changed)
{
    Builder builder;
    builder.add_root(here(root));
    for (TreeEntry const& import : imports) builder.tree.add(import, changed);
    RootArchive archive = builder.finish();
    archive.imports = imports;
    return archive;
}

}  // namespace drydock::sim
