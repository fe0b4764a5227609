#pragma once

// A directory of RamFs: names in the order in which they were made, and an index by hash. Listings
// have the newest name first, as those of tmpfs (fs/libfs.c, offset_iterate_dir). Each name has a
// cookie that only grows, which is its position in listings: what is added or removed meanwhile
// never makes a listing skip or repeat another name.

#include "core/fs/ram_node.h"

namespace drydock {

struct RamEntry {
    explicit RamEntry(Name text) : name(std::move(text)) {}

    Name name;
    Ref<RamNode> node{};
    u64 cookie = 0;
    u32 hash = 0;
    RamEntry* hash_next = nullptr;
    ListHook hook{};
};

class RamDirectory final : public RamNode {
public:
    RamDirectory(RamFs& file_system, Creation const& creation);
    ~RamDirectory() override;

    Result<Ref<Inode>> lookup(StringView name) override;
    Result<Ref<Inode>> create(Creation const& creation) override;
    Result<Ref<Inode>> create_temporary(Creation const& creation) override;
    Result<void> link(StringView name, Inode& target) override;
    Result<void> unlink(StringView name) override;
    Result<void> remove_directory(StringView name) override;
    Result<void> rename(StringView name,
                        Inode& target_directory,
                        StringView target_name,
                        Creation const* whiteout) override;
    Result<void> exchange(StringView name,
                          Inode& target_directory,
                          StringView target_name) override;
    Result<u64> list(u64 position, u64 parent_number, DirectorySink& sink) override;
    Result<Ref<File>> open(OpenRequest const& request) override;

    RamNode* find_node(StringView name);
    // Gives `node` a name that is free here. Errno::NoMem.
    Result<void> add(StringView name, Ref<RamNode> node);
    bool is_empty() { return entries_.is_empty(); }
    using EntryList = List<RamEntry, &RamEntry::hook>;
    // For tearing the tree down: all entries, unindexed.
    void take_entries(EntryList& target);

private:
    RamEntry* find(StringView name);
    // What add() needs, before anything is visible.
    Result<Own<RamEntry>> prepare(StringView name);
    void publish(Own<RamEntry> entry, Ref<RamNode> node);
    Own<RamEntry> take_out(RamEntry& entry);
    Result<void> grow_index();
    void account(i64 entries);
    RamEntry* entry_at(u64 position);

    EntryList entries_;
    u64 count_ = 0;
    // 0 and 1 are the positions of "." and "..", 2 is that of the newest name.
    u64 next_cookie_ = 3;
    Buffer index_{};
    u32 bucket_count_ = 0;
    // Where the last listing stopped, so that the next one need not search from the start.
    RamEntry* hint_ = nullptr;
};

}  // namespace drydock
