#pragma once

// The extended attributes of one inode (xattr(7)): names with values of any bytes. Who may do what
// is asked here too, what the calls do with the answers is theirs.

#include "core/base/heap.h"
#include "core/vfs/credentials.h"

namespace drydock {

class Inode;
class Vfs;

inline constexpr usize kAttributeNameMaximum = 255;       // XATTR_NAME_MAX, without the zero.
inline constexpr usize kAttributeSizeMaximum = 65'536;    // XATTR_SIZE_MAX, of a value.
inline constexpr usize kAttributeSpaceMaximum = 1 << 20;  // Names and values of one inode, bytes.

class ExtendedAttributes {
public:
    // setxattr(2): XATTR_CREATE, XATTR_REPLACE.
    enum class Mode : u8 { Any, Create, Replace, Both };

    ExtendedAttributes() = default;
    ExtendedAttributes(ExtendedAttributes const&) = delete;
    ExtendedAttributes& operator=(ExtendedAttributes const&) = delete;
    ~ExtendedAttributes();

    // The value; it stays until the next change. Errno::NoData.
    Result<ConstBytes> get(StringView name) const;
    // Takes the value. Errno::Exist, NoData, NoSpc, NoMem.
    Result<void> set(Heap& heap, StringView name, Buffer value, Mode mode);
    // Errno::NoData.
    Result<void> remove(StringView name);
    // All names in order, each with a zero behind it; with `all` also those of "trusted."
    // (listxattr(2)): first their size in bytes, then themselves in that many.
    usize list_size(bool all) const;
    void list(bool all, Span<char> target) const;

private:
    struct Entry {
        Buffer name{};
        Buffer value{};
        ListHook hook{};
    };
    using EntryList = List<Entry, &Entry::hook>;

    Entry* find(StringView name) const;
    void drop(Entry& entry);

    mutable EntryList entries_{};
    usize used_ = 0;
};

// Whether the caller may read or write an attribute of this name. Errno::Perm, Acces, NoData
// (fs/xattr.c, xattr_permission()).
enum class AttributeUse : u8 { Read, Write };
Result<void> check_attribute(
    Vfs& vfs, Inode& inode, StringView name, AttributeUse use, Credentials const& credentials);

// The attributes of the inode, if it has any of this name's space. Errno::OpNotSupp; Inval for a
// name that is nothing but the space.
Result<ExtendedAttributes*> attributes_for(Inode& inode, StringView name);

}  // namespace drydock
