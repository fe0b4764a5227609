#include "core/fs/ram_directory.h"
#include "core/fs/ram_file.h"
#include "core/pipe/pipe_state.h"

namespace drydock {

RamNode::RamNode(RamFs& file_system, InodeType type, Creation const& creation)
    : ram_fs_(file_system)
{
    attributes_.number = file_system.next_number();
    attributes_.type = type;
    attributes_.permissions = creation.permissions & 07777;
    attributes_.uid = creation.uid;
    attributes_.gid = creation.gid;
    attributes_.device = creation.device;
    attributes_.links = 0;
    Timestamp const now = vfs().current_time();
    set_times(now, now);
    attributes_.changed = now;
    attributes_.born = now;
    file_system.enter(*this);
}

RamNode::~RamNode() { ram_fs_.leave(*this); }

void RamNode::set_times(Timestamp accessed, Timestamp modified)
{
    attributes_.accessed = accessed;
    attributes_.modified = modified;
}

void RamNode::touch_modified()
{
    attributes_.modified = vfs().current_time();
    attributes_.changed = attributes_.modified;
}

namespace {

bool is_before_or_equal(Timestamp left, Timestamp right)
{
    if (left.seconds != right.seconds) return left.seconds < right.seconds;
    return left.nanoseconds <= right.nanoseconds;
}

}  // namespace

void RamNode::accessed(bool always)
{
    constexpr i64 kDay = 24 * 60 * 60;
    InodeAttributes const& now = attributes_;
    Timestamp const time = vfs().current_time();
    bool const is_stale = is_before_or_equal(now.accessed, now.modified) ||
                          is_before_or_equal(now.accessed, now.changed) ||
                          time.seconds - now.accessed.seconds >= kDay;
    if (is_stale || always) attributes_.accessed = time;
}

Result<void> RamNode::change_attributes(AttributeChange const& change)
{
    if (change.has_size) return Errno::Inval;
    if (change.has_permissions) attributes_.permissions = change.permissions & 07777;
    if (change.has_uid) attributes_.uid = change.uid;
    if (change.has_gid) attributes_.gid = change.gid;
    if (change.has_accessed) attributes_.accessed = change.accessed;
    if (change.has_modified) attributes_.modified = change.modified;
    touch_changed();
    return {};
}

RamLink::RamLink(RamFs& file_system, Creation const& creation, Buffer target)
    : RamNode(file_system, InodeType::SymbolicLink, creation), target_(std::move(target))
{
    attributes_.size = target_.size();
}

Result<usize> RamLink::read_link(Span<char> target)
{
    usize const size = target.size() < target_.size() ? target.size() : target_.size();
    if (size > 0) memcpy(target.data(), target_.data(), size);
    return size;
}

RamSpecial::RamSpecial(RamFs& file_system, Creation const& creation)
    : RamNode(file_system, creation.type, creation)
{}

RamSpecial::~RamSpecial() = default;

Result<Ref<File>> RamSpecial::open(OpenRequest const& request)
{
    if (type() == InodeType::Fifo) return open_fifo(vfs(), pipe_, request);
    if (type() == InodeType::Socket) return Errno::Nxio;
    return vfs().open_device(attributes_.device, request);
}

Result<Ref<RamNode>> create_ram_node(RamFs& file_system, Inode::Creation const& creation)
{
    TRY(file_system.check_inodes());
    Heap& heap = file_system.vfs().heap();
    switch (creation.type) {
    case InodeType::Directory: {
        Ref<RamDirectory> node = TRY(heap.create_ref<RamDirectory>(file_system, creation));
        return Ref<RamNode>(node);
    }
    case InodeType::Regular: {
        Ref<RamFile> node = TRY(heap.create_ref<RamFile>(file_system, creation));
        return Ref<RamNode>(node);
    }
    case InodeType::SymbolicLink: {
        Buffer target = TRY(Buffer::copy_of(heap, creation.link_target));
        Ref<RamLink> node = TRY(heap.create_ref<RamLink>(file_system, creation, std::move(target)));
        return Ref<RamNode>(node);
    }
    case InodeType::Fifo:
    case InodeType::CharacterDevice:
    case InodeType::BlockDevice:
    case InodeType::Socket: {
        Ref<RamSpecial> node = TRY(heap.create_ref<RamSpecial>(file_system, creation));
        return Ref<RamNode>(node);
    }
    case InodeType::Anonymous: return Errno::Inval;
    }
    return Errno::Inval;
}

}  // namespace drydock
