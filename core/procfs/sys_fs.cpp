#include "core/procfs/sys_fs.h"

#include "core/vfs/directory_file.h"
#include "core/vfs/text_file.h"

namespace drydock {

namespace {

using SysGenerator = void (*)(Text& text);

struct SysNode {
    u32 parent = 0;  // Index into the table; the root is its own.
    StringView name{};
    SysGenerator generate = nullptr;  // Null: a directory.
    u32 permissions = generate == nullptr ? 0755 : 0444;
};

// One processor, number 0 (Linux Documentation/admin-guide/cputopology.rst).
void zero(Text& text) { text << "0\n"; }
void one(Text& text) { text << "1\n"; }
void nothing(Text& text) { text << '\n'; }

// The tree; a directory stands before what is in it.
constexpr SysNode kNodes[] = {
    {0, "/"},
    {0, "block"},
    {0, "bus"},
    {0, "class"},
    {0, "dev"},
    {0, "devices"},
    {0, "firmware"},
    {0, "fs"},
    {0, "kernel"},
    {0, "module"},
    {0, "power"},
    {4, "block"},
    {4, "char"},
    {5, "system"},
    {7, "cgroup", nullptr, 0555},
    {13, "cpu"},
    {15, "cpu0"},
    {15, "isolated", nothing},
    {15, "kernel_max", zero},
    {15, "offline", nothing},
    {15, "online", zero},
    {15, "possible", zero},
    {15, "present", zero},
    {16, "topology"},
    {23, "core_cpus", one},
    {23, "core_cpus_list", zero},
    {23, "core_id", zero},
    {23, "core_siblings", one},
    {23, "core_siblings_list", zero},
    {23, "die_cpus", one},
    {23, "die_cpus_list", zero},
    {23, "die_id", zero},
    {23, "package_cpus", one},
    {23, "package_cpus_list", zero},
    {23, "physical_package_id", zero},
    {23, "thread_siblings", one},
    {23, "thread_siblings_list", zero},
};
constexpr u32 kNodeCount = sizeof(kNodes) / sizeof(kNodes[0]);

constexpr bool parents_are_directories_before()
{
    for (u32 i = 1; i < kNodeCount; ++i) {
        if (kNodes[i].parent >= i || kNodes[kNodes[i].parent].generate != nullptr) return false;
    }
    return true;
}
static_assert(parents_are_directories_before());

InodeType type_of(SysNode const& node)
{
    return node.generate == nullptr ? InodeType::Directory : InodeType::Regular;
}

class SysInode final : public TextInode {
public:
    SysInode(SysFs& file_system, u32 index) : file_system_(file_system), index_(index) {}
    static Result<Ref<Inode>> create(SysFs& file_system, u32 index)
    {
        Ref<SysInode> const inode =
            TRY(file_system.system().heap.create_ref<SysInode>(file_system, index));
        return Ref<Inode>(inode);
    }

    InodeAttributes attributes() override
    {
        InodeAttributes result;
        result.number = number_of(index_);
        result.type = type();
        bool const is_directory = result.type == InodeType::Directory;
        result.permissions = kNodes[index_].permissions;
        result.links = 1;
        result.size = is_directory ? 0 : kPageSize;
        for (u32 i = index_ + 1; is_directory && i < kNodeCount; ++i) {
            if (kNodes[i].parent == index_ && type_of(kNodes[i]) == result.type) ++result.links;
        }
        if (is_directory) ++result.links;
        return result;
    }
    InodeType type() override { return type_of(kNodes[index_]); }
    FileSystem& file_system() override { return file_system_; }
    Result<void> change_attributes(AttributeChange const& change) override
    {
        if (change.has_permissions || change.has_uid || change.has_gid) return Errno::Perm;
        return {};
    }
    Result<Ref<Inode>> lookup(StringView name) override
    {
        if (type() != InodeType::Directory) return Errno::NotDir;
        for (u32 i = index_ + 1; i < kNodeCount; ++i) {
            if (kNodes[i].parent == index_ && kNodes[i].name == name) {
                return create(file_system_, i);
            }
        }
        return Errno::NoEnt;
    }
    // Positions: 0 and 1 are the dots, then the table.
    Result<u64> list(u64 position, u64 parent_number, DirectorySink& sink) override
    {
        if (type() != InodeType::Directory) return Errno::NotDir;
        if (position == 0) {
            if (!sink.add({".", number_of(index_), InodeType::Directory, 1})) return position;
            position = 1;
        }
        if (position == 1) {
            if (!sink.add({"..", parent_number, InodeType::Directory, 2})) return position;
            position = 2;
        }
        while (position - 2 < kNodeCount) {
            auto const index = static_cast<u32>(position - 2);
            SysNode const& node = kNodes[index];
            ++position;
            if (index == 0 || node.parent != index_) continue;
            if (!sink.add({node.name, number_of(index), type_of(node), position}))
                return position - 1;
        }
        return position;
    }
    Result<Ref<File>> open(OpenRequest const& request) override
    {
        if (type() == InodeType::Directory)
            return open_directory(file_system_.system().vfs, request);
        // fs/kernfs/file.c, kernfs_fop_open(): the mode holds for everybody.
        u32 const access = request.flags & open_flags::kAccessMode;
        if (access != open_flags::kReadOnly) return Errno::Acces;
        return open_text_file(*this, request);
    }

    Heap& heap() override { return file_system_.system().heap; }
    Result<void> generate(Text& text) override
    {
        kNodes[index_].generate(text);
        if (text.failed()) return Errno::NoMem;
        return {};
    }

private:
    static u64 number_of(u32 index) { return u64{index} + 1; }

    SysFs& file_system_;
    u32 const index_;
};

}  // namespace

Result<Own<SysFs>> SysFs::create(System& system) { return system.heap.create<SysFs>(system); }

Ref<Inode> SysFs::root()
{
    Result<Ref<Inode>> inode = SysInode::create(*this, 0);
    if (inode.is_error()) return {};
    return inode.take();
}

}  // namespace drydock
