#include "core/vfs/extended_attributes.h"

#include "core/vfs/vfs.h"

namespace drydock {

namespace {

constexpr StringView kUser = "user.";
constexpr StringView kTrusted = "trusted.";
constexpr StringView kSecurity = "security.";

// As strcmp(3).
bool is_before(StringView left, StringView right)
{
    usize const common = left.size() < right.size() ? left.size() : right.size();
    int const order = memcmp(left.data(), right.data(), common);
    return order != 0 ? order < 0 : left.size() < right.size();
}

}  // namespace

ExtendedAttributes::~ExtendedAttributes()
{
    while (Entry* const entry = entries_.first()) drop(*entry);
}

ExtendedAttributes::Entry* ExtendedAttributes::find(StringView name) const
{
    for (Entry& entry : entries_) {
        if (entry.name.text() == name) return &entry;
    }
    return nullptr;
}

void ExtendedAttributes::drop(Entry& entry)
{
    used_ -= entry.name.size() + entry.value.size();
    entries_.remove(entry);
    Own<Entry> const owned(&entry);
}

Result<ConstBytes> ExtendedAttributes::get(StringView name) const
{
    Entry const* const entry = find(name);
    if (entry == nullptr) return Errno::NoData;
    return ConstBytes{entry->value.data(), entry->value.size()};
}

Result<void> ExtendedAttributes::set(Heap& heap, StringView name, Buffer value, Mode mode)
{
    ASSERT(name.size() > 0 && name.size() <= kAttributeNameMaximum);
    ASSERT(value.size() <= kAttributeSizeMaximum);
    Entry* const known = find(name);
    bool const creates = mode == Mode::Create || mode == Mode::Both;
    bool const replaces = mode == Mode::Replace || mode == Mode::Both;
    if (known != nullptr && creates) return Errno::Exist;
    if (known == nullptr && replaces) return Errno::NoData;
    usize const freed = known != nullptr ? known->value.size() : 0;
    usize const added = value.size() + (known != nullptr ? 0 : name.size());
    if (used_ - freed + added > kAttributeSpaceMaximum) return Errno::NoSpc;
    if (known != nullptr) {
        known->value = std::move(value);
        used_ = used_ - freed + added;
        return {};
    }
    Own<Entry> made = TRY(heap.create<Entry>());
    made->name = TRY(Buffer::copy_of(heap, name));
    made->value = std::move(value);
    Entry* next = nullptr;
    for (Entry& entry : entries_) {
        if (next == nullptr && is_before(name, entry.name.text())) next = &entry;
    }
    Entry& entry = *made.take_pointer();
    if (next != nullptr) {
        entries_.insert_before(entry, *next);
    } else {
        entries_.push_back(entry);
    }
    used_ += added;
    return {};
}

Result<void> ExtendedAttributes::remove(StringView name)
{
    Entry* const entry = find(name);
    if (entry == nullptr) return Errno::NoData;
    drop(*entry);
    return {};
}

usize ExtendedAttributes::list_size(bool all) const
{
    usize size = 0;
    for (Entry const& entry : entries_) {
        if (all || !entry.name.text().starts_with(kTrusted)) size += entry.name.size() + 1;
    }
    return size;
}

void ExtendedAttributes::list(bool all, Span<char> target) const
{
    ASSERT(target.size() == list_size(all));
    char* place = target.data();
    for (Entry const& entry : entries_) {
        StringView const name = entry.name.text();
        if (!all && name.starts_with(kTrusted)) continue;
        memcpy(place, name.data(), name.size());
        place[name.size()] = '\0';
        place += name.size() + 1;
    }
}

Result<void> check_attribute(
    Vfs& vfs, Inode& inode, StringView name, AttributeUse use, Credentials const& credentials)
{
    constexpr u32 kSticky = 01000, kMayWrite = 2, kMayRead = 4;
    bool const writes = use == AttributeUse::Write;
    if (name.starts_with(kSecurity)) {
        // Anybody may read them (security/commoncap.c, cap_inode_setxattr()).
        bool const is_of_files = name == "security.capability";
        Capability const needed =
            is_of_files ? Capability::SetFileCapabilities : Capability::SysAdmin;
        return writes && !credentials.has(needed) ? Result<void>{Errno::Perm} : Result<void>{};
    }
    if (name.starts_with(kTrusted)) {
        if (credentials.has(Capability::SysAdmin)) return {};
        return writes ? Errno::Perm : Errno::NoData;
    }
    InodeAttributes const now = inode.attributes();
    if (name.starts_with(kUser)) {
        bool const is_directory = now.type == InodeType::Directory;
        if (now.type != InodeType::Regular && !is_directory) {
            return writes ? Errno::Perm : Errno::NoData;
        }
        bool const is_owner =
            now.uid == credentials.fsuid || credentials.has(Capability::FileOwner);
        bool const is_sticky = is_directory && (now.permissions & kSticky) != 0;
        if (is_sticky && writes && !is_owner) return Errno::Perm;
    }
    return vfs.check_access(inode, writes ? kMayWrite : kMayRead, credentials);
}

Result<ExtendedAttributes*> attributes_for(Inode& inode, StringView name)
{
    ExtendedAttributes* const attributes = inode.extended_attributes();
    if (attributes == nullptr) return Errno::OpNotSupp;
    for (StringView const space : {kUser, kTrusted, kSecurity}) {
        if (!name.starts_with(space)) continue;
        if (name.size() == space.size()) return Errno::Inval;
        return attributes;
    }
    return Errno::OpNotSupp;
}

}  // namespace drydock
