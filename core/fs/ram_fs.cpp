#include "core/fs/ram_directory.h"

namespace drydock {

RamFs::RamFs(Vfs& vfs, StringView type_name, u64 size_limit)
    : vfs_(vfs)
    , type_name_(type_name)
    , device_(vfs.next_device_number())
    , page_limit_(size_limit == 0 ? default_limit() : page_ceil(size_limit) / kPageSize)
    , inode_limit_(default_limit())
{}

// tmpfs(5): half of physical memory by default, for bytes as for inodes.
u64 RamFs::default_limit() const { return vfs_.frames().counts().total / 2; }

RamFs::~RamFs() { destroy(); }

Result<Own<RamFs>> RamFs::create(Vfs& vfs, StringView type_name, u64 size_limit)
{
    Own<RamFs> file_system = TRY(vfs.heap().create<RamFs>(vfs, type_name, size_limit));
    Inode::Creation creation;
    creation.type = InodeType::Directory;
    creation.permissions = 0755;
    Ref<RamDirectory> root = TRY(vfs.heap().create_ref<RamDirectory>(*file_system, creation));
    root->set_links(2);
    file_system->root_ = std::move(root);
    return file_system;
}

Ref<Inode> RamFs::root() { return root_; }

FileSystem::Statistics RamFs::statistics()
{
    Statistics result;
    result.total_blocks = page_limit_;
    result.free_blocks = used_pages_ < page_limit_ ? page_limit_ - used_pages_ : 0;
    result.total_inodes = inode_limit_;
    result.free_inodes = inode_count_ < inode_limit_ ? inode_limit_ - inode_count_ : 0;
    return result;
}

Result<void> RamFs::check_room(u64 pages) const
{
    if (page_limit_ != 0 && used_pages_ + pages > page_limit_) return Errno::NoSpc;
    return {};
}

Result<void> RamFs::check_inodes() const
{
    if (!is_limited_ || inode_limit_ == 0) return {};
    if (inode_count_ >= inode_limit_) return Errno::NoSpc;
    return {};
}

// mm/shmem.c, shmem_reconfigure: limits move, but not below what is used, and none is made where
// there was none. The root's mode and owner stay.
Result<void> RamFs::reconfigure(StringView text)
{
    RamOptions const options =
        TRY(parse_ram_options(text, vfs_.frames().counts().total * kPageSize));
    if (options.has_pages && options.pages != 0) {
        if (page_limit_ == 0 || used_pages_ > options.pages) return Errno::Inval;
    }
    if (options.has_inodes && options.inodes != 0) {
        if (inode_limit_ == 0 || inode_count_ > options.inodes) return Errno::Inval;
    }
    if (options.has_pages) page_limit_ = options.pages;
    if (options.has_inodes) inode_limit_ = options.inodes;
    return {};
}

void RamFs::describe_options(Text& text)
{
    if (!(type_name_ == "tmpfs")) return;
    RamOptions const usual{};
    if (page_limit_ != default_limit()) text << ",size=" << page_limit_ * kPageSize / kKiB << 'k';
    if (inode_limit_ != default_limit()) text << ",nr_inodes=" << inode_limit_;
    if (options_.permissions != usual.permissions) {
        text << ",mode=";
        text.octal(options_.permissions, 3);
    }
    if (options_.uid != 0) text << ",uid=" << options_.uid;
    if (options_.gid != 0) text << ",gid=" << options_.gid;
}

Result<void> RamFs::set_root(RamOptions const& options)
{
    options_ = options;
    is_limited_ = true;
    AttributeChange change;
    change.has_permissions = true;
    change.permissions = options.permissions;
    change.has_uid = true;
    change.uid = options.uid;
    change.has_gid = true;
    change.gid = options.gid;
    return root_->change_attributes(change);
}

StringView RamFs::explain(StringView text, u64 offset)
{
    if (text.is_empty()) return "out of memory";
    char digits[20] = {};
    usize count = 0;
    do {
        digits[count++] = static_cast<char>('0' + offset % 10);
        offset /= 10;
    } while (offset > 0);
    usize size = 0;
    auto const append = [this, &size](StringView part) {
        for (char const letter : part) {
            if (size < sizeof(explanation_)) explanation_[size++] = letter;
        }
    };
    append(text);
    append(" (byte ");
    while (count > 0) append(StringView(&digits[--count], 1));
    append(")");
    return {explanation_, size};
}

void RamFs::enter(RamNode&) { ++inode_count_; }

void RamFs::leave(RamNode&)
{
    ASSERT(inode_count_ > 0);
    --inode_count_;
    if (is_retired_ && inode_count_ == 0) Own<RamFs>(this).reset();
}

void RamFs::drop_tree()
{
    if (!root_) return;
    RamDirectory::EntryList waiting;
    root_->take_entries(waiting);
    while (RamEntry* const next = waiting.pop_front()) {
        Own<RamEntry> const entry(next);
        RamNode& node = *entry->node;
        if (node.type() == InodeType::Directory) {
            static_cast<RamDirectory&>(node).take_entries(waiting);
        }
        // Whoever still uses it sees a file without names.
        node.set_links(0);
    }
    root_->set_links(0);
    root_.reset();
}

void RamFs::destroy()
{
    drop_tree();
    ASSERT(inode_count_ == 0);
}

void RamFs::retire(Own<RamFs> file_system)
{
    RamFs& retired = *file_system;
    Ref<RamDirectory> const root = retired.root_;
    retired.drop_tree();
    // At least the root is in use until the end of this function, which may free the file system.
    file_system.take_pointer();
    retired.is_retired_ = true;
}

namespace {

Result<FileSystem*> make_ram_fs(void* argument, StringView, StringView text)
{
    Vfs& vfs = *static_cast<Vfs*>(argument);
    RamOptions const options =
        TRY(parse_ram_options(text, vfs.frames().counts().total * kPageSize));
    Own<RamFs> file_system = TRY(RamFs::create(vfs, "tmpfs", 0));
    TRY(file_system->reconfigure(text));
    TRY(file_system->set_root(options));
    FileSystem* const made = file_system.take_pointer();
    return made;
}

void release_ram_fs(void*, FileSystem& file_system)
{
    RamFs::retire(Own<RamFs>(static_cast<RamFs*>(&file_system)));
}

}  // namespace

FileSystemType RamFs::type_for(Vfs& vfs)
{
    FileSystemType type;
    type.name = "tmpfs";
    type.make = make_ram_fs;
    type.release = release_ram_fs;
    type.argument = &vfs;
    return type;
}

}  // namespace drydock
