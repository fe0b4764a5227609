#include "core/fs/cpio.h"
#include "core/fs/ram_directory.h"
#include "core/fs/ram_file.h"

namespace drydock {

namespace {

// Unpacks one archive. The kernel's own cpio code does the same (init/initramfs.c): later entries
// replace earlier ones, except that directories stay; links are told by device and inode number.
class Unpacker {
public:
    Unpacker(RamFs& file_system, ConstBytes archive) : file_system_(file_system), reader_(archive)
    {}
    ~Unpacker() { drop_links(); }
    Unpacker(Unpacker const&) = delete;
    Unpacker& operator=(Unpacker const&) = delete;

    Result<void> run();
    char const* reason() const { return reason_; }
    u64 offset() const { return offset_; }

private:
    // A file with several names, to be found again.
    struct Link {
        u64 device = 0;
        u32 number = 0;
        Ref<RamNode> node{};
        Link* next = nullptr;
    };
    static constexpr usize kLinkBuckets = 256;

    Errno malformed(char const* reason, u64 offset)
    {
        reason_ = reason;
        offset_ = offset;
        return Errno::Inval;
    }
    Result<void> unpack(CpioEntry const& entry);
    Result<Ref<RamDirectory>> find_parent(CpioEntry const& entry, StringView& last_name);
    Result<Ref<RamDirectory>> enter(RamDirectory& directory,
                                    StringView name,
                                    CpioEntry const& entry);
    Result<bool> clear_place(RamDirectory& parent, StringView name, CpioEntry const& entry);
    Result<void> make(RamDirectory& parent, StringView name, CpioEntry const& entry);
    void set_attributes(RamNode& node, CpioEntry const& entry);
    Result<Link*> find_link(CpioEntry const& entry);
    void drop_links();

    RamFs& file_system_;
    CpioReader reader_;
    Buffer links_{};
    char const* reason_ = "";
    u64 offset_ = 0;
};

InodeType type_of(CpioEntry const& entry) { return static_cast<InodeType>(entry.mode & 0170000); }

bool is_known_type(InodeType type)
{
    switch (type) {
    case InodeType::Fifo:
    case InodeType::CharacterDevice:
    case InodeType::Directory:
    case InodeType::BlockDevice:
    case InodeType::Regular:
    case InodeType::SymbolicLink:
    case InodeType::Socket: return true;
    case InodeType::Anonymous: return false;
    }
    return false;
}

Result<void> Unpacker::run()
{
    while (true) {
        Result<CpioEntry> entry = reader_.next();
        if (entry.is_error()) {
            if (entry.error() == Errno::NoEnt) return {};
            return malformed(reader_.reason(), reader_.offset());
        }
        TRY(unpack(entry.value()));
    }
}

// The directory `name` in another, made if it is missing.
Result<Ref<RamDirectory>> Unpacker::enter(RamDirectory& directory,
                                          StringView name,
                                          CpioEntry const& entry)
{
    constexpr u64 kNameOffset = 110;
    if (name.size() > kNameMaximum) {
        return malformed("a name has a component of over 255 bytes", entry.offset + kNameOffset);
    }
    if (name == "..") return malformed("a name contains \"..\"", entry.offset + kNameOffset);
    if (RamNode* const known = directory.find_node(name)) {
        if (known->type() != InodeType::Directory) {
            return malformed("a name leads through a file", entry.offset + kNameOffset);
        }
        return Ref<RamDirectory>(static_cast<RamDirectory*>(known));
    }
    Inode::Creation creation;
    creation.name = name;
    creation.type = InodeType::Directory;
    creation.permissions = 0755;
    Ref<Inode> made = TRY(directory.create(creation));
    return Ref<RamDirectory>(static_cast<RamDirectory*>(made.get()));
}

// Walks to the last component, which is empty for the root itself.
Result<Ref<RamDirectory>> Unpacker::find_parent(CpioEntry const& entry, StringView& last_name)
{
    Ref<RamDirectory> directory = file_system_.root_directory();
    StringView rest = entry.name;
    last_name = StringView();
    while (!rest.is_empty()) {
        usize size = 0;
        while (size < rest.size() && rest[size] != '/') ++size;
        StringView const name = rest.first(size);
        rest = rest.from(size < rest.size() ? size + 1 : size);
        if (name.is_empty() || name == ".") continue;
        if (!last_name.is_empty()) directory = TRY(enter(*directory, last_name, entry));
        last_name = name;
    }
    if (last_name.size() > kNameMaximum || last_name == "..") {
        TRY(enter(*directory, last_name, entry));
    }
    return directory;
}

void Unpacker::set_attributes(RamNode& node, CpioEntry const& entry)
{
    AttributeChange change;
    change.has_permissions = change.has_uid = change.has_gid = true;
    change.permissions = entry.mode & 07777;
    change.uid = entry.uid;
    change.gid = entry.gid;
    change.has_accessed = change.has_modified = true;
    change.modified.seconds = entry.modified_seconds;
    change.accessed = change.modified;
    MUST(node.change_attributes(change));
}

// What another archive entry put there goes; false if the entry is a directory that is there
// already.
Result<bool> Unpacker::clear_place(RamDirectory& parent, StringView name, CpioEntry const& entry)
{
    RamNode* const known = parent.find_node(name);
    if (known == nullptr) return true;
    bool const is_directory = known->type() == InodeType::Directory;
    if (is_directory && type_of(entry) == InodeType::Directory) {
        set_attributes(*known, entry);
        return false;
    }
    if (!is_directory) {
        TRY(parent.unlink(name));
        return true;
    }
    Result<void> const removed = parent.remove_directory(name);
    if (removed.is_error()) {
        return malformed("a file replaces a directory that is not empty", entry.offset);
    }
    return true;
}

Result<Unpacker::Link*> Unpacker::find_link(CpioEntry const& entry)
{
    Heap& heap = file_system_.vfs().heap();
    if (links_.size() == 0) links_ = TRY(Buffer::create(heap, kLinkBuckets * sizeof(Link*)));
    u64 const device = make_device(entry.device_major, entry.device_minor);
    Link*& bucket = reinterpret_cast<Link**>(links_.data())[entry.number % kLinkBuckets];
    for (Link* link = bucket; link != nullptr; link = link->next) {
        if (link->number == entry.number && link->device == device) return link;
    }
    Own<Link> made = TRY(heap.create<Link>());
    made->device = device;
    made->number = entry.number;
    made->next = bucket;
    bucket = made.take_pointer();
    Link* const result = bucket;
    return result;
}

void Unpacker::drop_links()
{
    auto* const buckets = reinterpret_cast<Link**>(links_.data());
    for (usize i = 0; i < links_.size() / sizeof(Link*); ++i) {
        while (buckets[i] != nullptr) {
            Own<Link> const link(buckets[i]);
            buckets[i] = link->next;
        }
    }
}

Result<void> Unpacker::make(RamDirectory& parent, StringView name, CpioEntry const& entry)
{
    bool const has_links = entry.links > 1 && type_of(entry) != InodeType::Directory;
    Link* link = nullptr;
    if (has_links) link = TRY(find_link(entry));
    Ref<RamNode> node;
    if (link != nullptr && link->node && link->node->type() == type_of(entry)) {
        node = link->node;
        TRY(parent.add(name, node));
    } else {
        Inode::Creation creation;
        creation.name = name;
        creation.type = type_of(entry);
        creation.device = make_device(entry.special_device_major, entry.special_device_minor);
        auto const* const text = reinterpret_cast<char const*>(entry.contents.data());
        if (creation.type == InodeType::SymbolicLink) {
            creation.link_target = StringView(text, entry.contents.size());
        }
        Ref<Inode> made = TRY(parent.create(creation));
        node = Ref<RamNode>(static_cast<RamNode*>(made.get()));
        if (link != nullptr) link->node = node;
    }
    // cpio writes the bytes of a file with several names with one of them, usually the last.
    if (node->type() == InodeType::Regular && !entry.contents.is_empty()) {
        auto& file = static_cast<RamFile&>(*node);
        if (file.size() == 0) file.set_contents(entry.contents);
    }
    set_attributes(*node, entry);
    return {};
}

Result<void> Unpacker::unpack(CpioEntry const& entry)
{
    constexpr u64 kModeField = 6 + 8;
    if (!is_known_type(type_of(entry))) {
        return malformed("an entry has no type", entry.offset + kModeField);
    }
    if (type_of(entry) == InodeType::SymbolicLink &&
        (entry.contents.is_empty() || entry.contents.size() >= kPathMaximum)) {
        return malformed("the length of a link is out of range", entry.offset);
    }
    StringView name;
    Ref<RamDirectory> parent = TRY(find_parent(entry, name));
    if (name.is_empty()) {
        if (type_of(entry) != InodeType::Directory) {
            return malformed("the root is not a directory", entry.offset + kModeField);
        }
        set_attributes(*parent, entry);
        return {};
    }
    // What is put into a directory leaves the time that the archive gave it (init/initramfs.c,
    // dir_utime).
    AttributeChange time;
    time.has_modified = true;
    time.modified = parent->attributes().modified;
    if (TRY(clear_place(*parent, name, entry))) TRY(make(*parent, name, entry));
    MUST(parent->change_attributes(time));
    return {};
}

}  // namespace

Result<void> unpack_initramfs(RamFs& file_system, ConstBytes archive, StringView& reason)
{
    reason = StringView();
    Unpacker unpacker(file_system, archive);
    Result<void> const outcome = unpacker.run();
    if (outcome.is_error()) {
        // Errors that are not the archive's fault (no memory) have no text.
        StringView const text = StringView::from_c_string(unpacker.reason());
        reason = file_system.explain(text, unpacker.offset());
    }
    return outcome.is_error() ? Result<void>(outcome.error()) : Result<void>();
}

}  // namespace drydock
