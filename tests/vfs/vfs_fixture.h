#pragma once

// A file system in memory at "/" and a caller with settable ids, on the platform made for tests.

#include "core/fs/ram_fs.h"
#include "core/vfs/directory_file.h"
#include "core/vfs/file_table.h"
#include "tests/support/fake_platform.h"
#include "tests/support/random.h"

#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace drydock::test {

inline StringView view(std::string const& text) { return {text.data(), text.size()}; }
inline std::string string_of(StringView text) { return {text.data(), text.size()}; }

// The names in the order of the listing, with their positions.
class NameCollector final : public DirectorySink {
public:
    explicit NameCollector(usize room = ~usize{0}) : room_(room) {}
    ~NameCollector() = default;
    bool add(DirectoryEntry const& entry) override
    {
        if (room_ == 0) return false;
        --room_;
        names.push_back(string_of(entry.name));
        numbers.push_back(entry.inode_number);
        positions.push_back(entry.next_position);
        return true;
    }
    std::vector<std::string> names;
    std::vector<u64> numbers;
    std::vector<u64> positions;

private:
    usize room_;
};

class VfsTest : public ::testing::Test {
protected:
    explicit VfsTest(usize memory = 16 * kMiB)
        : machine(memory), frames(machine.platform(), machine.layout())
    {
        heap.emplace(frames);
        scheduler.emplace(machine.platform(), frames);
        vfs.emplace(*heap, frames, *scheduler, 1'000'000u);
        root_fs = MUST(RamFs::create(*vfs, "rootfs", 0));
        MUST(vfs->mounts().mount_root(*root_fs));
        context = MUST(heap->create_ref<FileSystemContext>());
        context->root = vfs->root_path();
        context->mounts = vfs->mounts().first();
        context->working_directory = vfs->root_path();
    }
    ~VfsTest() override
    {
        context.reset();
        vfs->drop_cached_names();
        vfs.reset();
        root_fs.reset();
        EXPECT_EQ(heap->live_objects(), 0u);
        heap->trim();
        EXPECT_EQ(heap->live_frames(), 0u);
        FrameCounts const counts = frames.counts();
        EXPECT_EQ(counts.heap + counts.file_cache + counts.pipe + counts.anonymous, 0u);
    }

    Resolver resolver() { return {*context, credentials, Path()}; }
    void become(u32 id)
    {
        credentials.uid = credentials.euid = credentials.suid = credentials.fsuid = id;
        // As the calls do (capabilities(7)).
        if (id == 0) {
            credentials.capabilities = {};
        } else {
            credentials.capabilities.permitted = credentials.capabilities.effective = 0;
        }
        credentials.gid = credentials.egid = credentials.sgid = credentials.fsgid = id;
    }

    // Errno{} for success.
    Errno make_dir(std::string const& path, u32 mode = 0755)
    {
        return error_of(vfs->make_directory(resolver(), view(path), mode));
    }
    Errno make_file(std::string const& path, u32 mode = 0644)
    {
        return error_of(vfs->make_node(resolver(), view(path), InodeType::Regular, mode, 0));
    }
    Errno symlink(std::string const& target, std::string const& path)
    {
        return error_of(vfs->make_symlink(resolver(), view(target), view(path)));
    }
    Errno link(std::string const& old_path, std::string const& path)
    {
        Result<Path> target = vfs->resolve(resolver(), view(old_path), {false, false});
        if (target.is_error()) return target.error();
        return error_of(vfs->make_link(target.value(), resolver(), view(path)));
    }
    Errno unlink(std::string const& path) { return error_of(vfs->unlink(resolver(), view(path))); }
    Errno rmdir(std::string const& path)
    {
        return error_of(vfs->remove_directory(resolver(), view(path)));
    }
    Errno rename(std::string const& from, std::string const& to, Vfs::RenameOptions options = {})
    {
        return error_of(vfs->rename(resolver(), view(from), resolver(), view(to), options));
    }
    Errno stat(std::string const& path, bool follow = true)
    {
        Result<Path> found = vfs->resolve(resolver(), view(path), {follow, false});
        return found.is_ok() ? Errno{} : found.error();
    }
    InodeAttributes attributes(std::string const& path, bool follow = true)
    {
        return MUST(vfs->resolve(resolver(), view(path), {follow, false})).inode().attributes();
    }
    Errno open(std::string const& path, u32 flags, u32 mode = 0644)
    {
        Result<Ref<File>> file = vfs->open(resolver(), view(path), flags, mode);
        return file.is_ok() ? Errno{} : file.error();
    }
    Ref<File> opened(std::string const& path, u32 flags = open_flags::kReadWrite, u32 mode = 0644)
    {
        return MUST(vfs->open(resolver(), view(path), flags, mode));
    }
    std::string contents(std::string const& path)
    {
        Ref<File> const file = opened(path, open_flags::kReadOnly);
        std::string text(65536, '?');
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        text.resize(MUST(file->read(buffer)));
        return text;
    }
    static Result<usize> write_to(File& file, std::string text)
    {
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        return file.write(buffer);
    }
    std::vector<std::string> names_in(std::string const& path)
    {
        NameCollector names;
        MUST(opened(path, open_flags::kReadOnly)->list(names));
        return names.names;
    }
    std::string name_of(Path const& path)
    {
        char target[256];
        Result<StringView> name = vfs->name_of(path, context->root, target);
        return name.is_ok() ? string_of(name.value()) : "?";
    }
    static Errno error_of(Result<void> result) { return result.is_ok() ? Errno{} : result.error(); }

    // Takes what is free in the heap's pools, so that the next object of any size needs a frame.
    void saturate_heap()
    {
        constexpr usize kSizes[] = {
            32, 64, 96, 128, 192, 256, 320, 384, 512, 640, 800, 1008, 1344, 2016};
        for (usize const size : kSizes) {
            u64 const before = heap->live_frames();
            while (heap->live_frames() == before) fillers.push_back(MUST(heap->allocate(size)));
            usize const capacity = (kPageSize - 64) / size;
            for (usize i = 1; i < capacity; ++i) fillers.push_back(MUST(heap->allocate(size)));
        }
    }
    void release_fillers()
    {
        for (void* const filler : fillers) Heap::release(filler);
        fillers.clear();
    }

    FakePlatform machine;
    FrameAllocator frames;
    std::optional<Heap> heap;
    std::optional<Scheduler> scheduler;
    std::optional<Vfs> vfs;
    Own<RamFs> root_fs;
    Ref<FileSystemContext> context;
    Credentials credentials{};
    std::vector<void*> fillers;
};

constexpr Errno kOk{};

}  // namespace drydock::test
