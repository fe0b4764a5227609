#pragma once

// /dev/pts and /dev/ptmx (pts(4)): opening the multiplexer makes a pseudo-terminal, whose slave has
// a name here as long as the master is open.

#include "core/tty/pty.h"

namespace drydock {

class PtsFs;

// The name of a slave.
class PtsNode final : public Inode {
public:
    PtsNode(PtsFs& file_system, Ref<Pty> pty, Credentials const& owner);
    ~PtsNode() override;

    Pty& pty() { return *pty_; }
    u32 index() const { return pty_->index(); }

    InodeAttributes attributes() override { return attributes_; }
    InodeType type() override { return InodeType::CharacterDevice; }
    FileSystem& file_system() override;
    Result<void> change_attributes(AttributeChange const& change) override;
    Result<Ref<File>> open(OpenRequest const& request) override { return pty_->open(request); }

    ListHook hook{};
    // The owner's reference, as long as the master is open.
    Ref<PtsNode> self{};

private:
    PtsFs& file_system_;
    Ref<Pty> const pty_;
    InodeAttributes attributes_{};
};

class PtsFs final : public FileSystem {
public:
    // As kernel.pty.max.
    static constexpr u32 kMaximum = 4096;

    PtsFs(Vfs& vfs, TtyClient* client);

    StringView type_name() override { return "devpts"; }
    u64 device_number() override { return device_; }
    u64 magic() override { return 0x1cd1; }
    Statistics statistics() override { return {}; }
    // Null if there is no memory for it.
    Ref<Inode> root() override;

    // /dev/ptmx: a new pseudo-terminal's master. Errno::NoMem, NoSpc.
    Result<Ref<File>> open_master(OpenRequest const& request);
    // /dev/tty and nodes outside of /dev/pts. Errno::Nxio if there is no such terminal.
    Result<Ref<File>> open_slave(u32 index, OpenRequest const& request);

    Vfs& vfs() { return vfs_; }
    Timestamp mounted_at() const { return mounted_at_; }
    // The terminal with this number, or null; the first at or above it.
    PtsNode* find(u32 index);
    PtsNode* next_at_or_above(u32 index);
    // The master has gone.
    void remove(PtsNode& node);

private:
    Vfs& vfs_;
    TtyClient* const client_;
    u64 const device_;
    Timestamp const mounted_at_;
    List<PtsNode, &PtsNode::hook> nodes_;  // By number.
    u32 count_ = 0;
};

}  // namespace drydock
