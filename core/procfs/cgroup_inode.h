#pragma once

// A folder of cgroup2, or a file in one.

#include "core/procfs/cgroup_fs.h"

namespace drydock {

class CgroupInode final : public Inode, public CgroupNode {
public:
    CgroupInode(CgroupFs& file_system, Ref<Cgroup> group, CgroupFileKind kind)
        : CgroupNode(kind), file_system_(file_system), group_(std::move(group))
    {
        group_->add_node(*this);
    }
    ~CgroupInode() override
    {
        if (node_hook.is_linked()) node_hook.unlink();
        queue_.abandon();
    }

    InodeAttributes attributes() override;
    InodeType type() override
    {
        return kind() == CgroupFileKind::Directory ? InodeType::Directory : InodeType::Regular;
    }
    FileSystem& file_system() override { return file_system_; }
    Result<void> change_attributes(AttributeChange const& change) override;
    Result<Ref<Inode>> lookup(StringView name) override;
    Result<Ref<Inode>> create(Creation const& creation) override;
    Result<void> remove_directory(StringView name) override;
    Result<u64> list(u64 position, u64 parent_number, DirectorySink& sink) override;
    Result<Ref<File>> open(OpenRequest const& request) override;

    void changed() override;
    void gone() override;
    // Apart from gone(), which is called with another `this`: the bound of the stack follows it.
    [[gnu::noinline]] void forget_group();

    CgroupFs& cgroups() { return file_system_; }
    // Null once it has been removed.
    Ref<Cgroup> const& group() const { return group_; }
    // Counts changes, from 1 on (fs/kernfs/file.c, kernfs_get_open_node).
    u64 version() const { return version_; }
    WaitQueue& queue() { return queue_; }

private:
    CgroupFs& file_system_;
    Ref<Cgroup> group_;
    InodeAttributes last_{};  // Of a removed one.
    u64 version_ = 1;
    WaitQueue queue_{};
};

// An open file of a cgroup. It acts with the rights of who opened it.
class CgroupFile final : public File {
public:
    CgroupFile(CgroupInode& inode, OpenRequest const& request, Ref<CgroupNamespace> space)
        : File(request.inode, request.path, request.flags)
        , node_(inode)
        , text_(inode.cgroups().system().heap)
        , credentials_(*request.credentials)
        , space_(std::move(space))
    {}

    Result<usize> read(IoBuffer& target) override;
    Result<usize> read_at(IoBuffer& target, u64 offset) override;
    Result<usize> write(IoBuffer& source) override;
    Result<usize> write_at(IoBuffer& source, u64 offset) override;
    Result<u64> seek(i64 offset, u32 whence) override;
    Result<void> truncate(u64) override { return {}; }
    u32 poll(PollRegistration* registration) override;
    bool can_poll() const override { return true; }

    CgroupInode& node() { return node_; }
    Credentials const& credentials() const { return credentials_; }
    // Null: the root of all.
    Cgroup* visible_root() const { return space_ ? space_->root() : nullptr; }
    bool is_in_namespace() const { return static_cast<bool>(space_); }

private:
    // The base class holds the inode.
    CgroupInode& node_;
    Text text_;
    bool is_generated_ = false;
    u64 seen_version_ = 0;
    Credentials const credentials_;
    Ref<CgroupNamespace> const space_;
};

// What a file is called, says and takes.
struct CgroupFileType {
    StringView name{};
    Result<void> (*show)(CgroupFs& file_system, Cgroup& group, Text& text) = nullptr;
    // Text without the blanks around it.
    Result<void> (*write)(CgroupFile& file, Cgroup& group, StringView text) = nullptr;
    // cgroup_namespaces(7), nsdelegate: who is in a namespace may write to it in the root there.
    bool is_delegated = false;
};
// Indexed by CgroupFileKind.
Span<CgroupFileType const> cgroup_file_types();

}  // namespace drydock
