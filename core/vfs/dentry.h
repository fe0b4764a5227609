#pragma once

// A name in a directory and what it stands for: an inode, or nothing (a negative entry, which
// remembers that the name is free). The cache holds one reference to each entry that can be found
// by name; an entry holds its parent. So while a live entry for (directory, name) exists, it is the
// only one.

#include "core/base/list.h"
#include "core/vfs/inode.h"
#include "core/vfs/name.h"

namespace drydock {

class DentryCache;

class Dentry final : public RefCounted {
public:
    Dentry(u64 id, Ref<Dentry> parent, Name name, Ref<Inode> inode)
        : id_(id), parent_(std::move(parent)), inode_(std::move(inode)), name_(std::move(name))
    {}
    ~Dentry() override;

    // Null for the root of a file system and for nameless files.
    Ref<Dentry> const& parent() const { return parent_; }
    StringView name() const { return name_.text(); }
    bool is_negative() const { return !inode_; }
    Inode& inode() const { return *inode_; }
    Ref<Inode> const& inode_ref() const { return inode_; }
    // The name was removed while somebody still used the entry.
    bool is_deleted() const { return is_deleted_; }
    bool is_mount_point() const { return mounts_ > 0; }
    // It is `above`, or in it at any depth.
    bool is_at_or_below(Dentry const& above) const;

    void set_inode(Ref<Inode> inode) { inode_ = std::move(inode); }
    void add_mount() { ++mounts_; }
    void remove_mount()
    {
        ASSERT(mounts_ > 0);
        --mounts_;
    }

private:
    friend class DentryCache;

    u64 const id_;
    Ref<Dentry> parent_;
    Ref<Inode> inode_;
    Name name_;
    u32 hash_ = 0;
    u32 mounts_ = 0;
    bool is_cached_ = false;
    bool is_deleted_ = false;
    bool was_used_ = false;
    // The chain of the cache owns its entries.
    Ref<Dentry> hash_next_{};
    ListHook age_hook_{};
    // Those of the cached entries whose parent this is.
    ListHook sibling_hook_{};
    List<Dentry, &Dentry::sibling_hook_> children_;
};

class DentryCache {
public:
    explicit DentryCache(Heap& heap) : heap_(heap) {}
    DentryCache(DentryCache const&) = delete;
    DentryCache& operator=(DentryCache const&) = delete;
    ~DentryCache();

    // The cached entry, or null if the file system has to be asked.
    Dentry* find(Dentry& parent, StringView name);
    // A new entry that can be found from now on. Errno::NoMem.
    Result<Ref<Dentry>> insert(Ref<Dentry> parent, StringView name, Ref<Inode> inode);
    // A new entry that nobody will find.
    Result<Ref<Dentry>> create_unlisted(Ref<Dentry> parent, StringView name, Ref<Inode> inode);
    // The name is gone: the entry can no longer be found, users keep it.
    void remove(Dentry& entry);
    // The name moved. `name` is a copy made before, so that this cannot fail.
    void move(Dentry& entry, Ref<Dentry> parent, Name name);
    // Two names changed places.
    void swap(Dentry& left, Dentry& right);
    // Forgets every entry that nothing uses.
    void drop_unused();
    u64 count() const { return count_; }

private:
    // Unused entries are dropped from here on, the longest unused first.
    static constexpr u64 kMaximumEntries = 16384;
    static constexpr usize kFirstBuckets = 64;

    Result<void> grow();
    Ref<Dentry>& bucket_of(u32 hash);
    void link(Ref<Dentry> entry);
    Ref<Dentry> unlink(Dentry& entry);
    void prune_some();
    static bool is_unused(Dentry const& entry);

    Heap& heap_;
    Buffer table_{};
    usize bucket_count_ = 0;
    u64 count_ = 0;
    u64 next_id_ = 1;
    // Oldest first.
    List<Dentry, &Dentry::age_hook_> by_age_;
};

}  // namespace drydock
