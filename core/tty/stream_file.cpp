#include "core/tty/stream_file.h"

namespace drydock {

namespace {

// The most that one step moves: as much as a pipe holds, or a page where memory is scarce.
constexpr unsigned kLargeOrder = 4;

// Frames that hold a transfer on its way; given back at the end of the scope.
class TransferFrames {
public:
    TransferFrames(FrameAllocator& frames, PhysAddr first, unsigned order)
        : frames_(frames), first_(first), order_(order)
    {}
    TransferFrames(TransferFrames const&) = delete;
    TransferFrames& operator=(TransferFrames const&) = delete;
    TransferFrames(TransferFrames&& other)
        : frames_(other.frames_), first_(other.first_), order_(other.order_)
    {
        other.first_ = PhysAddr{};
    }
    ~TransferFrames()
    {
        if (first_ != PhysAddr{}) frames_.free(first_, order_);
    }
    static Result<TransferFrames> create(FrameAllocator& frames, usize wanted)
    {
        if (wanted > kPageSize) {
            Result<PhysAddr> large = frames.allocate(FrameUse::Pipe, kLargeOrder, false);
            if (large.is_ok()) return TransferFrames{frames, large.value(), kLargeOrder};
        }
        PhysAddr const page = TRY(frames.allocate(FrameUse::Pipe, 0, false));
        return TransferFrames{frames, page, 0};
    }
    Bytes bytes(usize wanted) const
    {
        usize const size = kPageSize << order_;
        return {frames_.data(first_), wanted < size ? wanted : size};
    }

private:
    FrameAllocator& frames_;
    PhysAddr first_;
    unsigned order_;
};

class StreamFile final : public File {
public:
    StreamFile(Vfs& vfs, Platform& platform, ConsoleStream stream, Ref<Inode> inode, u32 flags)
        : File(std::move(inode), Path{}, flags), vfs_(vfs), platform_(platform), stream_(stream)
    {}

    Result<usize> read(IoBuffer& target) override;
    Result<usize> write(IoBuffer& source) override;
    Result<usize> read_at(IoBuffer&, u64) override { return Errno::Spipe; }
    Result<usize> write_at(IoBuffer&, u64) override { return Errno::Spipe; }
    Result<u64> seek(i64, u32) override { return Errno::Spipe; }
    u32 poll(PollRegistration* registration) override;
    bool can_poll() const override { return true; }

private:
    Vfs& vfs_;
    Platform& platform_;
    ConsoleStream stream_;
};

class StreamInode final : public Inode {
public:
    StreamInode(Vfs& vfs, Platform& platform, ConsoleStream stream)
        : vfs_(vfs), platform_(platform), stream_(stream), number_(vfs.next_nameless_number())
    {}

    InodeAttributes attributes() override
    {
        InodeAttributes result;
        result.number = number_;
        result.type = InodeType::Fifo;
        result.permissions = 0600;
        return result;
    }
    InodeType type() override { return InodeType::Fifo; }
    FileSystem& file_system() override { return vfs_.nameless_file_system(); }
    Result<void> change_attributes(AttributeChange const&) override { return {}; }
    Result<Ref<File>> open(OpenRequest const& request) override
    {
        u32 const mode = request.flags & open_flags::kAccessMode;
        bool const is_input = stream_ == ConsoleStream::Input;
        bool const reads = mode != open_flags::kWriteOnly;
        bool const writes = mode != open_flags::kReadOnly;
        // The other direction does not exist.
        if ((is_input && writes) || (!is_input && reads)) return Errno::Acces;
        return make_file(request.flags);
    }
    Result<Ref<File>> make_file(u32 flags)
    {
        Ref<Inode> self{static_cast<Inode*>(this)};
        Ref<StreamFile> file = TRY(
            vfs_.heap().create_ref<StreamFile>(vfs_, platform_, stream_, std::move(self), flags));
        return Ref<File>(file);
    }

private:
    Vfs& vfs_;
    Platform& platform_;
    ConsoleStream stream_;
    u64 const number_;
};

Result<usize> StreamFile::read(IoBuffer& target)
{
    if (target.remaining() == 0) return usize{0};
    TransferFrames const frames = TRY(TransferFrames::create(vfs_.frames(), target.remaining()));
    Bytes const room = frames.bytes(target.remaining());
    // What is taken from outside cannot be put back: make sure of its place first.
    usize const wanted = TRY(target.prepare(room.size(), true));
    ConsoleRead const got = platform_.console_input(room.first(wanted));
    if (got.status != ConsoleRead::Status::Data) return usize{0};
    ASSERT(got.size <= wanted);
    return target.put(room.first(got.size));
}

Result<usize> StreamFile::write(IoBuffer& source)
{
    if (source.remaining() == 0) return usize{0};
    TransferFrames const frames = TRY(TransferFrames::create(vfs_.frames(), source.remaining()));
    usize total = 0;
    while (source.remaining() > 0) {
        Bytes const chunk = frames.bytes(source.remaining());
        Result<usize> taken = source.take(chunk);
        if (taken.is_error())
            return total > 0 ? Result<usize>{total} : Result<usize>{taken.error()};
        usize const size = taken.value();
        if (!platform_.console_output(stream_, chunk.first(size))) {
            return total > 0 ? Result<usize>{total} : Result<usize>{Errno::Pipe};
        }
        total += size;
    }
    return total;
}

u32 StreamFile::poll(PollRegistration*)
{
    if (stream_ == ConsoleStream::Input) return poll_events::kIn | poll_events::kRdNorm;
    return poll_events::kOut | poll_events::kWrNorm;
}

}  // namespace

Result<Ref<File>> open_stream_file(Vfs& vfs, Platform& platform, ConsoleStream stream)
{
    Ref<StreamInode> const inode = TRY(vfs.heap().create_ref<StreamInode>(vfs, platform, stream));
    bool const is_input = stream == ConsoleStream::Input;
    return inode->make_file(is_input ? open_flags::kReadOnly : open_flags::kWriteOnly);
}

}  // namespace drydock
