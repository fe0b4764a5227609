#include "core/fs/pts_fs.h"

#include "core/vfs/directory_file.h"

namespace drydock {

namespace {

// fs/devpts/inode.c: the folder, the multiplexer in it, then slaves by number.
constexpr u64 kRootNumber = 1, kMultiplexerNumber = 2, kFirstSlaveNumber = 3;
constexpr u64 kMultiplexer = make_device(5, 2);
// As Debian mounts it: gid=5 (tty), mode=620, ptmxmode=000.
constexpr u32 kSlavePermissions = 0620, kTtyGroup = 5;

class MasterFile final : public File {
public:
    MasterFile(Ref<PtsNode> node, OpenRequest const& request)
        : File(request.inode, request.path, request.flags), node_(std::move(node))
    {
        node_->pty().open_master();
    }
    ~MasterFile() override;
    Result<usize> read(IoBuffer& target) override
    {
        return node_->pty().master_read(target, is_non_blocking());
    }
    Result<usize> write(IoBuffer& source) override
    {
        return node_->pty().master_write(source, is_non_blocking());
    }
    Result<usize> read_at(IoBuffer&, u64) override { return Errno::Spipe; }
    Result<usize> write_at(IoBuffer&, u64) override { return Errno::Spipe; }
    Result<u64> seek(i64, u32) override { return Errno::Spipe; }
    u32 poll(PollRegistration* registration) override
    {
        return node_->pty().master_poll(registration);
    }
    bool can_poll() const override { return true; }
    Result<i64> ioctl(IoctlCall const& call) override { return node_->pty().master_ioctl(call); }
    Result<u32> pseudo_terminal() override { return node_->index(); }
    SignalLists signal_lists() override { return {&node_->pty().signalled_master(), nullptr}; }

private:
    Ref<PtsNode> const node_;
};

// The folder, and the multiplexer in it.
class PtsEntry final : public Inode {
public:
    PtsEntry(PtsFs& file_system, InodeType type) : file_system_(file_system), type_(type) {}

    InodeAttributes attributes() override;
    InodeType type() override { return type_; }
    FileSystem& file_system() override { return file_system_; }
    Result<void> change_attributes(AttributeChange const&) override { return Errno::Perm; }
    Result<Ref<Inode>> lookup(StringView name) override;
    Result<u64> list(u64 position, u64 parent_number, DirectorySink& sink) override;
    bool has_stable_names() override { return false; }
    Result<Ref<File>> open(OpenRequest const& request) override
    {
        if (type_ == InodeType::Directory) return open_directory(file_system_.vfs(), request);
        return file_system_.open_master(request);
    }

private:
    PtsFs& file_system_;
    InodeType const type_;
};

// A number as devpts writes it: no sign, no leading zero.
bool parse_index(StringView name, u32& index)
{
    if (name.is_empty() || name.size() > 4) return false;
    if (name[0] == '0' && name.size() > 1) return false;
    index = 0;
    for (char const digit : name) {
        if (digit < '0' || digit > '9') return false;
        index = index * 10 + static_cast<u32>(digit - '0');
    }
    return true;
}

class IndexText {
public:
    explicit IndexText(u32 index)
    {
        do {
            letters_[--start_] = static_cast<char>('0' + index % 10);
            index /= 10;
        } while (index != 0);
    }
    StringView text() const { return {letters_ + start_, sizeof(letters_) - start_}; }

private:
    char letters_[4] = {};
    usize start_ = sizeof(letters_);
};
static_assert(PtsFs::kMaximum <= 10'000);

}  // namespace

MasterFile::~MasterFile()
{
    node_->pty().close_master();
    static_cast<PtsFs&>(node_->file_system()).remove(*node_);
}

// --- names

PtsNode::PtsNode(PtsFs& file_system, Ref<Pty> pty, Credentials const& owner)
    : file_system_(file_system), pty_(std::move(pty))
{
    attributes_.number = kFirstSlaveNumber + pty_->index();
    attributes_.type = InodeType::CharacterDevice;
    attributes_.permissions = kSlavePermissions;
    attributes_.uid = owner.uid;
    attributes_.gid = kTtyGroup;
    attributes_.device = pty_->device_number();
    attributes_.accessed = file_system.vfs().current_time();
    attributes_.modified = attributes_.accessed;
    attributes_.changed = attributes_.accessed;
}

PtsNode::~PtsNode() = default;

FileSystem& PtsNode::file_system() { return file_system_; }

Result<void> PtsNode::change_attributes(AttributeChange const& change)
{
    if (change.has_size) return Errno::Inval;
    if (change.has_permissions) attributes_.permissions = change.permissions & 07777;
    if (change.has_uid) attributes_.uid = change.uid;
    if (change.has_gid) attributes_.gid = change.gid;
    if (change.has_accessed) attributes_.accessed = change.accessed;
    if (change.has_modified) attributes_.modified = change.modified;
    attributes_.changed = file_system_.vfs().current_time();
    return {};
}

InodeAttributes PtsEntry::attributes()
{
    InodeAttributes result;
    bool const is_folder = type_ == InodeType::Directory;
    result.number = is_folder ? kRootNumber : kMultiplexerNumber;
    result.type = type_;
    result.permissions = is_folder ? 0755 : 0;
    result.links = is_folder ? 2 : 1;
    result.device = is_folder ? 0 : kMultiplexer;
    result.accessed = file_system_.mounted_at();
    result.modified = result.accessed;
    result.changed = result.accessed;
    return result;
}

Result<Ref<Inode>> PtsEntry::lookup(StringView name)
{
    if (type_ != InodeType::Directory) return Errno::NotDir;
    Heap& heap = file_system_.vfs().heap();
    if (name == "ptmx") {
        Ref<PtsEntry> entry =
            TRY(heap.create_ref<PtsEntry>(file_system_, InodeType::CharacterDevice));
        return Ref<Inode>(entry);
    }
    u32 index = 0;
    PtsNode* const node = parse_index(name, index) ? file_system_.find(index) : nullptr;
    if (node == nullptr) return Errno::NoEnt;
    return Ref<Inode>(node);
}

// Positions: 0 ".", 1 "..", 2 "ptmx", from 3 on the slaves by number.
Result<u64> PtsEntry::list(u64 position, u64 parent_number, DirectorySink& sink)
{
    if (type_ != InodeType::Directory) return Errno::NotDir;
    if (position == 0) {
        if (!sink.add({".", kRootNumber, InodeType::Directory, 1})) return position;
        position = 1;
    }
    if (position == 1) {
        if (!sink.add({"..", parent_number, InodeType::Directory, 2})) return position;
        position = 2;
    }
    if (position == 2) {
        if (!sink.add({"ptmx", kMultiplexerNumber, InodeType::CharacterDevice, 3})) return position;
        position = 3;
    }
    while (position - 3 < PtsFs::kMaximum) {
        PtsNode* const node = file_system_.next_at_or_above(static_cast<u32>(position - 3));
        if (node == nullptr) break;
        IndexText const name(node->index());
        u64 const next = u64{node->index()} + 4;
        DirectoryEntry const entry{
            name.text(), kFirstSlaveNumber + node->index(), InodeType::CharacterDevice, next};
        if (!sink.add(entry)) return position;
        position = next;
    }
    return position;
}

// --- the file system

PtsFs::PtsFs(Vfs& vfs, TtyClient* client)
    : vfs_(vfs), client_(client), device_(vfs.next_device_number()), mounted_at_(vfs.current_time())
{}

Ref<Inode> PtsFs::root()
{
    Result<Ref<PtsEntry>> entry = vfs_.heap().create_ref<PtsEntry>(*this, InodeType::Directory);
    if (entry.is_error()) return {};
    return Ref<Inode>(entry.value());
}

PtsNode* PtsFs::find(u32 index)
{
    PtsNode* const node = next_at_or_above(index);
    return node != nullptr && node->index() == index ? node : nullptr;
}

PtsNode* PtsFs::next_at_or_above(u32 index)
{
    for (PtsNode& node : nodes_) {
        if (node.index() >= index) return &node;
    }
    return nullptr;
}

Result<Ref<File>> PtsFs::open_master(OpenRequest const& request)
{
    if (count_ == kMaximum) return Errno::NoSpc;
    // The lowest number that is free.
    u32 index = 0;
    PtsNode* behind = nodes_.first();
    while (behind != nullptr && behind->index() == index) {
        ++index;
        behind = nodes_.next(*behind);
    }
    Ref<Pty> pty = TRY(vfs_.heap().create_ref<Pty>(vfs_, client_, index));
    Ref<PtsNode> const made =
        TRY(vfs_.heap().create_ref<PtsNode>(*this, pty, *request.credentials));
    Ref<MasterFile> const file = TRY(vfs_.heap().create_ref<MasterFile>(made, request));
    PtsNode& node = *made;
    node.self = made;
    if (behind == nullptr) {
        nodes_.push_back(node);
    } else {
        nodes_.insert_before(node, *behind);
    }
    ++count_;
    return Ref<File>(file);
}

Result<Ref<File>> PtsFs::open_slave(u32 index, OpenRequest const& request)
{
    PtsNode* const node = find(index);
    if (node == nullptr) return Errno::Nxio;
    return node->pty().open(request);
}

void PtsFs::remove(PtsNode& node)
{
    ASSERT(node.hook.is_linked());
    node.hook.unlink();
    --count_;
    node.self.reset();
}

}  // namespace drydock
