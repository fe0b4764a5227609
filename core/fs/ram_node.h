#pragma once

// The inodes of RamFs: what all have in common, and the kinds that hold neither names nor bytes.

#include "core/fs/ram_fs.h"
#include "core/pipe/pipe.h"
#include "core/vfs/extended_attributes.h"

namespace drydock {

class RamNode : public Inode {
public:
    RamNode(RamFs& file_system, InodeType type, Creation const& creation);
    ~RamNode() override;

    InodeAttributes attributes() override { return attributes_; }
    InodeType type() override { return attributes_.type; }
    FileSystem& file_system() override { return ram_fs_; }
    ExtendedAttributes* extended_attributes() override { return &extended_attributes_; }
    Result<void> change_attributes(AttributeChange const& change) override;

    RamFs& ram_fs() const { return ram_fs_; }
    Vfs& vfs() const { return ram_fs_.vfs(); }
    u64 number() const { return attributes_.number; }
    u32 links() const { return attributes_.links; }
    void add_link()
    {
        ++attributes_.links;
        attributes_.changed = vfs().current_time();
    }
    void remove_link(u32 count = 1)
    {
        ASSERT(attributes_.links >= count);
        attributes_.links -= count;
        attributes_.changed = vfs().current_time();
    }
    void set_links(u32 links) { attributes_.links = links; }
    // O_TMPFILE: link() may raise its links from 0.
    bool is_temporary = false;

    void touch_modified();
    void touch_changed() { attributes_.changed = vfs().current_time(); }
    // Relative: only if it would be older than the last change, or a day old.
    void accessed(bool always) override;
    void set_times(Timestamp accessed, Timestamp modified);

protected:
    RamFs& ram_fs_;
    InodeAttributes attributes_{};

private:
    ExtendedAttributes extended_attributes_{};
};

class RamLink final : public RamNode {
public:
    RamLink(RamFs& file_system, Creation const& creation, Buffer target);
    Result<usize> read_link(Span<char> target) override;
    Result<Ref<File>> open(OpenRequest const&) override { return Errno::Loop; }

private:
    Buffer target_;
};

// FIFOs, devices and sockets.
class RamSpecial final : public RamNode {
public:
    RamSpecial(RamFs& file_system, Creation const& creation);
    ~RamSpecial() override;
    Result<Ref<File>> open(OpenRequest const& request) override;

private:
    Ref<PipeState> pipe_{};
};

// A new inode without a name. Errno::NoMem, NoSpc, Inval.
Result<Ref<RamNode>> create_ram_node(RamFs& file_system, Inode::Creation const& creation);

}  // namespace drydock
