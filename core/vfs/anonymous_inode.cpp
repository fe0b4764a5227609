#include "core/vfs/vfs.h"

namespace drydock {

namespace {

// anon_inodefs: one inode without a type for every kind of file that only descriptors name. It
// cannot be opened again, nor changed.
class AnonymousInode final : public Inode {
public:
    explicit AnonymousInode(Vfs& vfs)
        : vfs_(vfs), number_(vfs.next_nameless_number()), created_(vfs.current_time())
    {}

    InodeAttributes attributes() override
    {
        InodeAttributes result;
        result.number = number_;
        result.type = InodeType::Anonymous;
        result.permissions = 0600;
        result.accessed = created_;
        result.modified = created_;
        result.changed = created_;
        return result;
    }
    InodeType type() override { return InodeType::Anonymous; }
    FileSystem& file_system() override { return vfs_.nameless_file_system(); }
    Result<void> change_attributes(AttributeChange const&) override { return Errno::OpNotSupp; }
    Result<Ref<File>> open(OpenRequest const&) override { return Errno::Nxio; }

private:
    Vfs& vfs_;
    u64 const number_;
    Timestamp const created_;
};

}  // namespace

Result<Ref<Inode>> Vfs::anonymous_inode()
{
    if (!anonymous_inode_) anonymous_inode_ = TRY(heap_.create_ref<AnonymousInode>(*this));
    return anonymous_inode_;
}

}  // namespace drydock
