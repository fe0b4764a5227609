#include "core/syscall/handlers.h"
// Listing directories: getdents(2), getdents64(2).

#include "core/syscall/call_support.h"

namespace drydock {

Result<i64> sys_getdents(Call& call);
Result<i64> sys_getdents64(Call& call);

namespace {

constexpr usize kRecordMaximum = 288;
static_assert(kRecordMaximum >= kDirent64NameOffset + kNameMaximum + 1 + 8);

enum class RecordKind : u8 {
    Old,  // struct linux_dirent: the type is the record's last byte.
    New,  // struct linux_dirent64: the type stands before the name.
};

// Writes records straight to user memory, each whole or not at all.
class RecordWriter final : public DirectorySink {
public:
    RecordWriter(AddressSpace& space, UserAddr target, u64 size, RecordKind kind)
        : space_(space), target_(target), size_(size), kind_(kind)
    {}

    bool add(DirectoryEntry const& entry) override
    {
        if (error_ != Errno{}) return false;
        bool const is_old = kind_ == RecordKind::Old;
        usize const name_offset = is_old ? kDirentNameOffset : kDirent64NameOffset;
        // One zero behind the name; the old form has its type behind that.
        usize const length = (name_offset + entry.name.size() + (is_old ? 2 : 1) + 7) & ~usize{7};
        if (length > kRecordMaximum || length > size_ - used_) {
            error_ = Errno::Inval;
            return false;
        }
        build(entry, length, name_offset);
        Result<void> const written = space_.write_bytes(target_ + used_, {record_, length});
        if (written.is_error()) {
            error_ = written.error();
            return false;
        }
        used_ += length;
        return true;
    }

    // Bytes written; what stopped the listing counts only if nothing was.
    Result<i64> result() const
    {
        if (used_ == 0 && error_ != Errno{}) return error_;
        return static_cast<i64>(used_);
    }

private:
    void build(DirectoryEntry const& entry, usize length, usize name_offset)
    {
        u16 const length16 = static_cast<u16>(length);
        std::byte const type{static_cast<u8>(static_cast<u32>(entry.type) >> 12)};
        memset(record_, 0, length);
        memcpy(record_, &entry.inode_number, 8);
        memcpy(record_ + 8, &entry.next_position, 8);
        memcpy(record_ + 16, &length16, 2);
        memcpy(record_ + name_offset, entry.name.data(), entry.name.size());
        record_[kind_ == RecordKind::Old ? length - 1 : kDirent64NameOffset - 1] = type;
    }

    AddressSpace& space_;
    UserAddr target_;
    u64 size_;
    RecordKind kind_;
    u64 used_ = 0;
    Errno error_{};
    std::byte record_[kRecordMaximum] = {};
};

Result<i64> list(Call& call, RecordKind kind)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    if (file->inode().type() != InodeType::Directory) return Errno::NotDir;
    // A size is an int here: nothing fits into a negative one.
    u64 const size = call.integer(2) < 0 ? 0 : u64{call.word(2)};
    RecordWriter writer{call.space(), call.address(1), size, kind};
    Result<void> const listed = file->list(writer);
    tell_path(file->path(), change_events::kAccess);
    if (listed.is_error()) return listed.error();
    return writer.result();
}

}  // namespace

Result<i64> sys_getdents(Call& call) { return list(call, RecordKind::Old); }

Result<i64> sys_getdents64(Call& call) { return list(call, RecordKind::New); }

}  // namespace drydock
