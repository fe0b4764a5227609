#include "core/vfs/dentry.h"

namespace drydock {

Dentry::~Dentry()
{
    ASSERT(!is_cached_);
    ASSERT(mounts_ == 0);
    if (inode_) tell_inode_end(*inode_);
    // A chain of removed directories can be as deep as the tree was: dropped in a loop, not by each
    // entry's destructor dropping the next.
    Ref<Dentry> parent = std::move(parent_);
    while (parent && parent->references() == 1) {
        Ref<Dentry> next = std::move(parent->parent_);
        parent = std::move(next);
    }
}

bool Dentry::is_at_or_below(Dentry const& above) const
{
    for (Dentry const* entry = this; entry != nullptr; entry = entry->parent_.get()) {
        if (entry == &above) return true;
    }
    return false;
}

DentryCache::~DentryCache()
{
    drop_unused();
    ASSERT(count_ == 0);
}

Ref<Dentry>& DentryCache::bucket_of(u32 hash)
{
    ASSERT(bucket_count_ > 0);
    auto* const buckets = reinterpret_cast<Ref<Dentry>*>(table_.data());
    return buckets[hash & (bucket_count_ - 1)];
}

Dentry* DentryCache::find(Dentry& parent, StringView name)
{
    if (bucket_count_ == 0) return nullptr;
    u32 const hash = hash_name(parent.id_, name);
    for (Dentry* entry = bucket_of(hash).get(); entry != nullptr; entry = entry->hash_next_.get()) {
        if (entry->hash_ != hash || entry->parent_.get() != &parent) continue;
        if (!(entry->name() == name)) continue;
        entry->was_used_ = true;
        return entry;
    }
    return nullptr;
}

// Twice the buckets. The chains are re-linked from the list by age, so that their order depends on
// nothing but history.
Result<void> DentryCache::grow()
{
    usize const wanted = bucket_count_ == 0 ? kFirstBuckets : bucket_count_ * 2;
    Buffer table = TRY(Buffer::create(heap_, wanted * sizeof(Ref<Dentry>)));
    auto* const buckets = reinterpret_cast<Ref<Dentry>*>(table.data());
    for (usize i = 0; i < wanted; ++i) new (&buckets[i]) Ref<Dentry>();
    auto* const old = reinterpret_cast<Ref<Dentry>*>(table_.data());
    for (usize i = 0; i < bucket_count_; ++i) {
        while (old[i]) {
            Ref<Dentry> entry = std::move(old[i]);
            old[i] = std::move(entry->hash_next_);
            Ref<Dentry>& target = buckets[entry->hash_ & (wanted - 1)];
            entry->hash_next_ = std::move(target);
            target = std::move(entry);
        }
    }
    table_ = std::move(table);
    bucket_count_ = wanted;
    return {};
}

void DentryCache::link(Ref<Dentry> entry)
{
    ASSERT(!entry->is_cached_);
    Dentry& linked = *entry;
    linked.is_cached_ = true;
    linked.hash_ = hash_name(linked.parent_->id_, linked.name());
    by_age_.push_back(linked);
    linked.parent_->children_.push_back(linked);
    ++count_;
    Ref<Dentry>& bucket = bucket_of(linked.hash_);
    linked.hash_next_ = std::move(bucket);
    bucket = std::move(entry);
}

Ref<Dentry> DentryCache::unlink(Dentry& entry)
{
    ASSERT(entry.is_cached_);
    Ref<Dentry>* place = &bucket_of(entry.hash_);
    while (place->get() != &entry) place = &(*place)->hash_next_;
    Ref<Dentry> self = std::move(*place);
    *place = std::move(self->hash_next_);
    by_age_.remove(entry);
    entry.sibling_hook_.unlink();
    entry.is_cached_ = false;
    --count_;
    return self;
}

Result<Ref<Dentry>> DentryCache::create_unlisted(Ref<Dentry> parent,
                                                 StringView text,
                                                 Ref<Inode> inode)
{
    Name name = TRY(Name::copy_of(heap_, text));
    u64 const id = next_id_++;
    return heap_.create_ref<Dentry>(id, std::move(parent), std::move(name), std::move(inode));
}

Result<Ref<Dentry>> DentryCache::insert(Ref<Dentry> parent, StringView text, Ref<Inode> inode)
{
    ASSERT(parent);
    if (count_ >= kMaximumEntries) prune_some();
    if (count_ >= bucket_count_) {
        Result<void> const grown = grow();
        // Longer chains serve as well, but there must be a table.
        if (grown.is_error() && bucket_count_ == 0) return grown.error();
    }
    Ref<Dentry> entry = TRY(create_unlisted(std::move(parent), text, std::move(inode)));
    link(entry);
    return entry;
}

void DentryCache::remove(Dentry& entry)
{
    entry.is_deleted_ = true;
    // Free names in a directory that is gone would keep it alive.
    while (Dentry* const child = entry.children_.first()) unlink(*child);
    if (entry.is_cached_) unlink(entry);
}

void DentryCache::move(Dentry& entry, Ref<Dentry> parent, Name name)
{
    Ref<Dentry> self = unlink(entry);
    // The old parent stays alive until the end of this scope: the caller resolved it.
    std::swap(self->parent_, parent);
    self->name_ = std::move(name);
    link(std::move(self));
}

void DentryCache::swap(Dentry& left, Dentry& right)
{
    Ref<Dentry> first = unlink(left);
    Ref<Dentry> second = unlink(right);
    std::swap(first->parent_, second->parent_);
    std::swap(first->name_, second->name_);
    link(std::move(first));
    link(std::move(second));
}

// Only the cache refers to it: no user, and no cached child (which would refer to its parent).
bool DentryCache::is_unused(Dentry const& entry) { return entry.references() == 1; }

void DentryCache::prune_some()
{
    // A bounded search, so that one insertion never pays for the whole cache.
    constexpr usize kSteps = 64;
    for (usize step = 0; step < kSteps; ++step) {
        Dentry* const oldest = by_age_.first();
        if (oldest == nullptr) return;
        if (is_unused(*oldest) && !oldest->was_used_) {
            unlink(*oldest);
            continue;
        }
        oldest->was_used_ = false;
        by_age_.remove(*oldest);
        by_age_.push_back(*oldest);
    }
}

void DentryCache::drop_unused()
{
    Dentry* entry = by_age_.first();
    while (entry != nullptr) {
        Dentry* next = by_age_.next(*entry);
        if (is_unused(*entry)) {
            // The parent may have become unused with its last child; it may stand before this
            // entry.
            Ref<Dentry> parent = entry->parent_;
            unlink(*entry);
            while (parent && parent->is_cached_ && parent->references() == 2) {
                Ref<Dentry> above = parent->parent_;
                if (parent.get() == next) next = by_age_.next(*next);
                unlink(*parent);
                parent = std::move(above);
            }
        }
        entry = next;
    }
    if (count_ == 0 && bucket_count_ > 0) {
        table_ = Buffer();
        bucket_count_ = 0;
    }
}

}  // namespace drydock
