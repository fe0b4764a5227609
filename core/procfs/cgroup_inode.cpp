#include "core/procfs/cgroup_inode.h"

#include "core/vfs/directory_file.h"

namespace drydock {

namespace {

constexpr usize kWriteMaximum = kPageSize;
// Positions in a folder: 0 and 1 are the dots, then the files, then the cgroups by number.
constexpr u64 kChildPosition = 64;
static_assert(kCgroupFileKinds + 1 < kChildPosition);

bool is_blank(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

// lib/string.c, strstrip(), of what ends at the first zero byte.
StringView stripped(StringView text)
{
    usize size = 0;
    while (size < text.size() && text[size] != '\0') ++size;
    while (size > 0 && is_blank(text[size - 1])) --size;
    usize start = 0;
    while (start < size && is_blank(text[start])) ++start;
    return text.first(size).from(start);
}

}  // namespace

InodeAttributes CgroupInode::attributes()
{
    if (!group_) return last_;
    InodeAttributes result = group_->attributes_of(kind());
    result.type = type();
    result.number = group_->number() + static_cast<u64>(kind());
    result.born = {};
    if (result.type != InodeType::Directory) return result;
    result.links = 2;
    for (Cgroup* child = group_->child_at_or_above(0); child != nullptr;
         child = group_->child_at_or_above(child->number() + 1)) {
        ++result.links;
    }
    return result;
}

Result<void> CgroupInode::change_attributes(AttributeChange const& change)
{
    InodeAttributes& kept = group_ ? group_->attributes_of(kind()) : last_;
    if (change.has_permissions) kept.permissions = change.permissions & 07777;
    if (change.has_uid) kept.uid = change.uid;
    if (change.has_gid) kept.gid = change.gid;
    if (change.has_accessed) kept.accessed = change.accessed;
    if (change.has_modified) kept.modified = change.modified;
    kept.changed = file_system_.system().vfs.current_time();
    return {};
}

Result<Ref<Inode>> CgroupInode::lookup(StringView name)
{
    if (type() != InodeType::Directory) return Errno::NotDir;
    if (!group_) return Errno::NoEnt;
    Span<CgroupFileType const> const types = cgroup_file_types();
    for (usize i = 1; i < types.size(); ++i) {
        auto const kind = static_cast<CgroupFileKind>(i);
        if (types[i].name == name && group_->has_file(kind)) {
            return file_system_.inode_of(*group_, kind);
        }
    }
    Cgroup* const child = group_->find_child(name);
    if (child == nullptr) return Errno::NoEnt;
    return file_system_.inode_of(*child, CgroupFileKind::Directory);
}

// cgroup_mkdir(); of other files the folder knows none (fs/namei.c: EACCES without a way to make
// one, EPERM for what is no regular file).
Result<Ref<Inode>> CgroupInode::create(Creation const& creation)
{
    if (type() != InodeType::Directory) return Errno::NotDir;
    if (creation.type == InodeType::Regular) return Errno::Acces;
    if (creation.type != InodeType::Directory) return Errno::Perm;
    for (char const letter : creation.name) {
        if (letter == '\n') return Errno::Inval;
    }
    if (!group_) return Errno::NoDev;
    TRY(group_->may_have_child());
    System& system = file_system_.system();
    InodeAttributes owner;
    owner.permissions = creation.permissions;
    owner.uid = creation.uid;
    owner.gid = creation.gid;
    owner.born = system.vfs.current_time();
    owner.accessed = owner.born;
    owner.modified = owner.born;
    owner.changed = owner.born;
    Ref<Cgroup> const child = TRY(Cgroup::create(system.heap, group_, creation.name, owner));
    Ref<Inode> inode = TRY(file_system_.inode_of(*child, CgroupFileKind::Directory));
    CgroupHierarchy& hierarchy = file_system_.hierarchy();
    group_->add_child(*child, hierarchy.next_number);
    hierarchy.next_number += Cgroup::kNumberStep;
    return inode;
}

Result<void> CgroupInode::remove_directory(StringView name)
{
    if (!group_) return Errno::NoEnt;
    Cgroup* const child = group_->find_child(name);
    if (child == nullptr) return Errno::NoEnt;
    TRY(child->remove());
    // The last that was not frozen may have gone.
    file_system_.system().processes.update_frozen(*group_);
    return {};
}

Result<u64> CgroupInode::list(u64 position, u64 parent_number, DirectorySink& sink)
{
    if (type() != InodeType::Directory) return Errno::NotDir;
    if (!group_) return Errno::NoEnt;
    u64 const own = group_->number();
    if (position == 0) {
        if (!sink.add({".", own, InodeType::Directory, 1})) return position;
        position = 1;
    }
    if (position == 1) {
        if (!sink.add({"..", parent_number, InodeType::Directory, 2})) return position;
        position = 2;
    }
    Span<CgroupFileType const> const types = cgroup_file_types();
    for (; position - 1 < types.size(); ++position) {
        u64 const index = position - 1;
        if (!group_->has_file(static_cast<CgroupFileKind>(index))) continue;
        if (!sink.add({types[index].name, own + index, InodeType::Regular, position + 1})) {
            return position;
        }
    }
    if (position < kChildPosition) position = kChildPosition;
    for (;;) {
        Cgroup* const child = group_->child_at_or_above(position - kChildPosition);
        if (child == nullptr) return position;
        u64 const next = child->number() + 1 + kChildPosition;
        if (!sink.add({child->name(), child->number(), InodeType::Directory, next})) {
            return position;
        }
        position = next;
    }
}

Result<Ref<File>> CgroupInode::open(OpenRequest const& request)
{
    System& system = file_system_.system();
    if (type() == InodeType::Directory) return open_directory(system.vfs, request);
    if (!group_) return Errno::NoDev;
    UserThread const& opener = running_thread(system);
    Ref<CgroupFile> const file =
        TRY(system.heap.create_ref<CgroupFile>(*this, request, opener.cgroup_space));
    return Ref<File>(file);
}

void CgroupInode::changed()
{
    ++version_;
    tell_inode(*this, {change_events::kModify, 0, {}, false});
    queue_.wake_all(file_system_.system().scheduler, poll_events::kPri | poll_events::kErr);
}

void CgroupInode::gone() { forget_group(); }

void CgroupInode::forget_group()
{
    last_ = attributes();
    group_.reset();
}

// --- open files

Result<usize> CgroupFile::read(IoBuffer& target)
{
    usize const moved = TRY(read_at(target, position_));
    position_ += moved;
    return moved;
}

Result<usize> CgroupFile::read_at(IoBuffer& target, u64 offset)
{
    Ref<Cgroup> const group = node_.group();
    if (!group) return Errno::NoDev;
    CgroupFileType const& type = cgroup_file_types()[static_cast<u8>(node_.kind())];
    if (type.show == nullptr) return Errno::Inval;
    if (offset == 0 || !is_generated_) {
        text_.clear();
        seen_version_ = node_.version();
        TRY(type.show(node_.cgroups(), *group, text_));
        if (text_.failed()) return Errno::NoMem;
        is_generated_ = true;
    }
    if (offset >= text_.size() || target.remaining() == 0) return usize{0};
    StringView const rest = text_.view().from(offset);
    usize const size = rest.size() < target.remaining() ? rest.size() : target.remaining();
    return target.put({reinterpret_cast<std::byte const*>(rest.data()), size});
}

// kernfs_fop_write_iter(), cgroup_file_write().
Result<usize> CgroupFile::write(IoBuffer& source)
{
    usize const wanted = source.remaining();
    if (wanted > kWriteMaximum) return Errno::TooBig;
    System& system = node_.cgroups().system();
    Buffer const letters = TRY(Buffer::create(system.heap, wanted + 1));
    usize const size = TRY(source.take(letters.bytes().first(wanted)));
    if (size < wanted) return Errno::Fault;
    Ref<Cgroup> const group = node_.group();
    if (!group) return Errno::NoDev;
    CgroupFileType const& type = cgroup_file_types()[static_cast<u8>(node_.kind())];
    bool const is_boundary = node_.cgroups().hierarchy().delegates_namespaces &&
                             is_in_namespace() && visible_root() == group.get();
    if (is_boundary && !type.is_delegated) return Errno::Perm;
    if (type.write == nullptr) return Errno::Inval;
    TRY(type.write(*this, *group, stripped(letters.text().first(size))));
    position_ += size;
    return size;
}

Result<usize> CgroupFile::write_at(IoBuffer& source, u64)
{
    u64 const position = position_;
    Result<usize> written = write(source);
    position_ = position;
    return written;
}

Result<u64> CgroupFile::seek(i64 offset, u32 whence)
{
    // Its size is 0, which is where its end is.
    constexpr u32 kSet = 0, kCurrent = 1, kEnd = 2;
    if (whence != kSet && whence != kCurrent && whence != kEnd) return Errno::Inval;
    i64 const base = whence == kCurrent ? static_cast<i64>(position_) : 0;
    i64 target = 0;
    if (__builtin_add_overflow(base, offset, &target) || target < 0) return Errno::Inval;
    position_ = static_cast<u64>(target);
    return position_;
}

// kernfs_generic_poll(): always ready, and more than that when it was not read since a change.
u32 CgroupFile::poll(PollRegistration* registration)
{
    using namespace poll_events;
    constexpr u32 kAlways = kIn | kOut | kRdNorm | kWrNorm;
    if (registration != nullptr) registration->wait_on(node_.queue());
    bool const is_new = !node_.group() || seen_version_ != node_.version();
    return is_new ? kAlways | kErr | kPri : kAlways;
}

}  // namespace drydock
