#include "core/fs/ram_directory.h"

#include "core/vfs/directory_file.h"

namespace drydock {

namespace {

// What tmpfs counts for a name in the size of its directory (BOGO_DIRENT_SIZE in mm/shmem.c).
constexpr u64 kEntrySize = 20;
// Where a listing is that has done "." and "..", and one that has done all (DIR_OFFSET_FIRST and
// DIR_OFFSET_EOD in fs/libfs.c).
constexpr u64 kNewestPosition = 2, kEndPosition = 0x7fff'ffff;
constexpr u32 kFirstBuckets = 8;
// The largest index that the heap can hold in one piece.
constexpr u32 kMaximumBuckets = 1u << 18;

RamNode& ram_node(Inode& inode) { return static_cast<RamNode&>(inode); }

}  // namespace

RamDirectory::RamDirectory(RamFs& file_system, Creation const& creation)
    : RamNode(file_system, InodeType::Directory, creation)
{
    attributes_.size = 2 * kEntrySize;
}

RamDirectory::~RamDirectory() { ASSERT(entries_.is_empty()); }

RamEntry* RamDirectory::find(StringView name)
{
    if (bucket_count_ == 0) return nullptr;
    u32 const hash = hash_name(0, name);
    auto* const buckets = reinterpret_cast<RamEntry**>(index_.data());
    RamEntry* entry = buckets[hash & (bucket_count_ - 1)];
    while (entry != nullptr && !(entry->hash == hash && entry->name.text() == name)) {
        entry = entry->hash_next;
    }
    return entry;
}

RamNode* RamDirectory::find_node(StringView name)
{
    RamEntry* const entry = find(name);
    return entry == nullptr ? nullptr : entry->node.get();
}

Result<Ref<Inode>> RamDirectory::lookup(StringView name)
{
    RamEntry* const entry = find(name);
    if (entry == nullptr) return Errno::NoEnt;
    return Ref<Inode>(entry->node);
}

Result<void> RamDirectory::grow_index()
{
    if (bucket_count_ == kMaximumBuckets) return {};
    u32 const wanted = bucket_count_ == 0 ? kFirstBuckets : bucket_count_ * 2;
    Buffer index = TRY(Buffer::create(vfs().heap(), wanted * sizeof(RamEntry*)));
    auto* const buckets = reinterpret_cast<RamEntry**>(index.data());
    for (RamEntry& entry : entries_) {
        RamEntry*& bucket = buckets[entry.hash & (wanted - 1)];
        entry.hash_next = bucket;
        bucket = &entry;
    }
    index_ = std::move(index);
    bucket_count_ = wanted;
    return {};
}

Result<Own<RamEntry>> RamDirectory::prepare(StringView text)
{
    // A removed directory takes no names (unlink(2), ENOENT for what uses it as a prefix).
    if (links() == 0) return Errno::NoEnt;
    if (count_ >= bucket_count_) {
        Result<void> const grown = grow_index();
        if (grown.is_error() && bucket_count_ == 0) return grown.error();
    }
    Name name = TRY(Name::copy_of(vfs().heap(), text));
    return vfs().heap().create<RamEntry>(std::move(name));
}

void RamDirectory::account(i64 entries)
{
    count_ += static_cast<u64>(entries);
    attributes_.size = (2 + count_) * kEntrySize;
    touch_modified();
}

void RamDirectory::publish(Own<RamEntry> owned, Ref<RamNode> node)
{
    RamEntry& entry = *owned.take_pointer();
    if (node->type() == InodeType::Directory) add_link();  // Its "..".
    entry.node = std::move(node);
    if (next_cookie_ == kEndPosition) ++next_cookie_;
    entry.cookie = next_cookie_++;
    entry.hash = hash_name(0, entry.name.text());
    RamEntry*& bucket =
        reinterpret_cast<RamEntry**>(index_.data())[entry.hash & (bucket_count_ - 1)];
    entry.hash_next = bucket;
    bucket = &entry;
    entries_.push_back(entry);
    account(1);
}

Own<RamEntry> RamDirectory::take_out(RamEntry& entry)
{
    auto* const buckets = reinterpret_cast<RamEntry**>(index_.data());
    RamEntry** place = &buckets[entry.hash & (bucket_count_ - 1)];
    while (*place != &entry) place = &(*place)->hash_next;
    *place = entry.hash_next;
    if (hint_ == &entry) hint_ = entries_.previous(entry);
    entries_.remove(entry);
    if (entry.node->type() == InodeType::Directory) remove_link();
    account(-1);
    return Own<RamEntry>(&entry);
}

void RamDirectory::take_entries(EntryList& target)
{
    hint_ = nullptr;
    target.splice_back(entries_);
    index_ = Buffer();
    bucket_count_ = 0;
    count_ = 0;
}

Result<void> RamDirectory::add(StringView name, Ref<RamNode> node)
{
    ASSERT(find(name) == nullptr);
    Own<RamEntry> entry = TRY(prepare(name));
    // A directory is born with its own "."; other files count their names.
    node->add_link();
    if (node->type() == InodeType::Directory && node->links() == 1) node->add_link();
    publish(std::move(entry), std::move(node));
    return {};
}

Result<Ref<Inode>> RamDirectory::create(Creation const& creation)
{
    if (find(creation.name) != nullptr) return Errno::Exist;
    Ref<RamNode> node = TRY(create_ram_node(ram_fs_, creation));
    TRY(add(creation.name, node));
    return Ref<Inode>(node);
}

Result<Ref<Inode>> RamDirectory::create_temporary(Creation const& creation)
{
    ASSERT(creation.type == InodeType::Regular);
    Ref<RamNode> node = TRY(create_ram_node(ram_fs_, creation));
    node->is_temporary = creation.may_get_name;
    return Ref<Inode>(node);
}

Result<void> RamDirectory::link(StringView name, Inode& target)
{
    RamNode& node = ram_node(target);
    // link(2): a file without names is gone, unless it was made without one.
    if (node.links() == 0 && !node.is_temporary) return Errno::NoEnt;
    if (find(name) != nullptr) return Errno::Exist;
    TRY(add(name, Ref<RamNode>(&node)));
    node.is_temporary = false;
    return {};
}

Result<void> RamDirectory::unlink(StringView name)
{
    RamEntry* const found = find(name);
    if (found == nullptr) return Errno::NoEnt;
    if (found->node->type() == InodeType::Directory) return Errno::IsDir;
    Own<RamEntry> const entry = take_out(*found);
    entry->node->remove_link();
    return {};
}

Result<void> RamDirectory::remove_directory(StringView name)
{
    RamEntry* const found = find(name);
    if (found == nullptr) return Errno::NoEnt;
    if (found->node->type() != InodeType::Directory) return Errno::NotDir;
    if (!static_cast<RamDirectory&>(*found->node).is_empty()) return Errno::NotEmpty;
    Own<RamEntry> const entry = take_out(*found);
    entry->node->remove_link(2);
    return {};
}

Result<void> RamDirectory::rename(StringView name,
                                  Inode& target_directory,
                                  StringView target_name,
                                  Creation const* whiteout)
{
    RamEntry* const source = find(name);
    if (source == nullptr) return Errno::NoEnt;
    auto& target = static_cast<RamDirectory&>(target_directory);
    Ref<RamNode> const node = source->node;
    RamEntry* const replaced = target.find(target_name);
    if (replaced == source) return {};
    if (replaced != nullptr && replaced->node->type() == InodeType::Directory &&
        !static_cast<RamDirectory&>(*replaced->node).is_empty()) {
        return Errno::NotEmpty;
    }
    // From here on only what is new can fail.
    Own<RamEntry> entry = TRY(target.prepare(target_name));
    Own<RamEntry> left{};
    Ref<RamNode> left_node{};
    if (whiteout != nullptr) {
        left = TRY(prepare(name));
        left_node = TRY(create_ram_node(ram_fs_, *whiteout));
        left_node->add_link();
    }
    if (replaced != nullptr) {
        Own<RamEntry> const old = target.take_out(*replaced);
        old->node->remove_link(old->node->type() == InodeType::Directory ? 2 : 1);
    }
    take_out(*source).reset();
    target.publish(std::move(entry), node);
    if (left) publish(std::move(left), std::move(left_node));
    node->touch_changed();
    return {};
}

Result<void> RamDirectory::exchange(StringView name,
                                    Inode& target_directory,
                                    StringView target_name)
{
    auto& target = static_cast<RamDirectory&>(target_directory);
    RamEntry* const left = find(name);
    RamEntry* const right = target.find(target_name);
    if (left == nullptr || right == nullptr) return Errno::NoEnt;
    bool const left_is_directory = left->node->type() == InodeType::Directory;
    bool const right_is_directory = right->node->type() == InodeType::Directory;
    std::swap(left->node, right->node);
    if (left_is_directory != right_is_directory) {
        RamDirectory& loser = left_is_directory ? *this : target;
        RamDirectory& winner = left_is_directory ? target : *this;
        loser.remove_link();
        winner.add_link();
    }
    left->node->touch_changed();
    right->node->touch_changed();
    touch_modified();
    target.touch_modified();
    return {};
}

// The entry at a position, or the next older one if that is gone.
RamEntry* RamDirectory::entry_at(u64 position)
{
    if (position == kEndPosition) return nullptr;
    if (position == kNewestPosition) return entries_.last();
    if (hint_ != nullptr && hint_->cookie <= position) {
        RamEntry* const newer = entries_.next(*hint_);
        if (newer == nullptr || newer->cookie > position) return hint_;
    }
    RamEntry* entry = entries_.last();
    while (entry != nullptr && entry->cookie > position) entry = entries_.previous(*entry);
    return entry;
}

Result<u64> RamDirectory::list(u64 position, u64 parent, DirectorySink& sink)
{
    auto const position_of = [](RamEntry const* entry) {
        return entry == nullptr ? kEndPosition : entry->cookie;
    };
    if (position == 0) {
        if (!sink.add({".", number(), InodeType::Directory, 1})) return u64{0};
        position = 1;
    }
    if (position == 1) {
        u64 const next = position_of(entries_.last());
        if (!sink.add({"..", parent, InodeType::Directory, next})) return u64{1};
        position = next;
    }
    RamEntry* entry = entry_at(position);
    while (entry != nullptr) {
        RamEntry* const older = entries_.previous(*entry);
        u64 const next = position_of(older);
        if (!sink.add({entry->name.text(), entry->node->number(), entry->node->type(), next}))
            break;
        position = next;
        entry = older;
    }
    hint_ = entry;
    return entry == nullptr ? kEndPosition : position;
}

Result<Ref<File>> RamDirectory::open(OpenRequest const& request)
{
    return open_directory(vfs(), request);
}

}  // namespace drydock
