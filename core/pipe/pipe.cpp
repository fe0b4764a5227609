#include "core/pipe/pipe.h"

#include "core/pipe/pipe_file.h"

namespace drydock {

namespace {

// The inode of a pipe: outside of the tree of names, in pipefs.
class PipeInode final : public Inode {
public:
    PipeInode(Vfs& vfs, Ref<PipeState> state, Credentials const& credentials)
        : vfs_(vfs), state_(std::move(state)), changed_(vfs.current_time())
    {
        attributes_.number = vfs.next_nameless_number();
        attributes_.type = InodeType::Fifo;
        attributes_.permissions = 0600;
        attributes_.uid = credentials.fsuid;
        attributes_.gid = credentials.fsgid;
        state_->accessed = changed_;
        state_->modified = changed_;
    }

    InodeAttributes attributes() override
    {
        InodeAttributes result = attributes_;
        result.accessed = state_->accessed;
        result.modified = state_->modified;
        result.changed = changed_;
        return result;
    }
    InodeType type() override { return InodeType::Fifo; }
    FileSystem& file_system() override { return vfs_.nameless_file_system(); }
    Result<void> change_attributes(AttributeChange const& change) override
    {
        if (change.has_size) return Errno::Inval;
        if (change.has_permissions) attributes_.permissions = change.permissions & 07777;
        if (change.has_uid) attributes_.uid = change.uid;
        if (change.has_gid) attributes_.gid = change.gid;
        if (change.has_accessed) state_->accessed = change.accessed;
        if (change.has_modified) state_->modified = change.modified;
        changed_ = vfs_.current_time();
        return {};
    }

    // A new end, through /proc/PID/fd/N; never waits.
    Result<Ref<File>> open(OpenRequest const& request) override
    {
        Ref<PipeFile> file = TRY(make_end(Ref<Inode>(this), request.path, request.flags));
        return Ref<File>(file);
    }

    Result<Ref<PipeFile>> make_end(Ref<Inode> self, Path path, u32 flags)
    {
        Ref<PipeFile> file =
            TRY(vfs_.heap().create_ref<PipeFile>(std::move(self), std::move(path), flags, state_));
        file->attach();
        return file;
    }

private:
    Vfs& vfs_;
    Ref<PipeState> state_;
    InodeAttributes attributes_{};
    Timestamp changed_{};
};

Result<void> wait_for_opening(PipeState& pipe, PipeState::Side const& side, char const* why)
{
    u64 const before = side.openings;
    auto const somebody_came = [&side, before] { return side.openings != before; };
    return pipe.vfs().scheduler().wait_until(pipe.changed(), why, somebody_came);
}

}  // namespace

Result<PipeEnds> create_pipe(Vfs& vfs, u32 flags, Credentials const& credentials)
{
    using namespace open_flags;
    if ((flags & ~(kNonBlock | kDirect | kCloseOnExec)) != 0) return Errno::Inval;
    u32 const kept = flags & kNonBlock;
    Ref<PipeState> state = TRY(vfs.heap().create_ref<PipeState>(vfs));
    Ref<PipeInode> inode =
        TRY(vfs.heap().create_ref<PipeInode>(vfs, std::move(state), credentials));
    PipeEnds ends;
    ends.reader = TRY(inode->make_end(inode, Path(), kept | kReadOnly));
    ends.writer = TRY(inode->make_end(inode, Path(), kept | (flags & kDirect) | kWriteOnly));
    return ends;
}

// fifo(7): an open waits for the other side, unless it is non-blocking or for both.
Result<Ref<File>> open_fifo(Vfs& vfs, Ref<PipeState>& slot, OpenRequest const& request)
{
    using namespace open_flags;
    if (!slot) slot = TRY(vfs.heap().create_ref<PipeState>(vfs));
    // The inode could go while this waits: the request holds it, and this the pipe.
    Ref<PipeState> const pipe = slot;
    bool const waits = (request.flags & kNonBlock) == 0;
    u32 const mode = request.flags & kAccessMode;
    // fs/pipe.c, fifo_open(): the access mode 3 has no meaning here.
    if (mode == kAccessMode) return Errno::Inval;
    if (mode == kWriteOnly && !waits && pipe->readers().open == 0) return Errno::Nxio;
    Ref<PipeFile> file =
        TRY(vfs.heap().create_ref<PipeFile>(request.inode, request.path, request.flags, pipe));
    file->attach();
    if (mode == kReadOnly && pipe->writers().open == 0) {
        if (waits) {
            TRY(wait_for_opening(*pipe, pipe->writers(), "fifo open for reading"));
        } else {
            file->remember_writers();
        }
    }
    if (mode == kWriteOnly && waits && pipe->readers().open == 0) {
        TRY(wait_for_opening(*pipe, pipe->readers(), "fifo open for writing"));
    }
    return Ref<File>(file);
}

}  // namespace drydock
