#pragma once

// What the two ends of a pipe or FIFO share: a ring of bytes in up to 16 zeroed frames, taken when
// they are first written to and kept until the last end closes.
//
//     frames_[0] .. frames_[15]      byte i of the stream is at i % 64 KiB
//     read_ <= written_ <= read_ + 64 KiB, both counted from the last time the ring was empty

#include "core/pipe/pipe.h"

namespace drydock {

inline constexpr usize kPipeFrames = 16;
inline constexpr usize kPipeCapacity = kPipeFrames * kPageSize;
inline constexpr usize kPipeAtomic = 4096;  // PIPE_BUF, pipe(7)

class PipeState final : public RefCounted {
public:
    explicit PipeState(Vfs& vfs) : vfs_(vfs) {}
    ~PipeState() override;

    // --- the ring ---
    usize buffered() const { return static_cast<usize>(written_ - read_); }
    usize room() const { return kPipeCapacity - buffered(); }
    // Moves at most `size` bytes, which are there (which fit); fewer only if the buffer ends or
    // faults or, for take_from, memory runs out (Errno::NoMem if that leaves nothing).
    Result<usize> put_into(IoBuffer& target, usize size);
    Result<usize> take_from(IoBuffer& source, usize size);

    // --- the ends ---
    struct Side {
        u32 open = 0;
        u64 openings =
            0;  // Ever: tells a waiting open(2) that somebody came, even if he left again.
    };
    void attach(bool reads, bool writes);
    void detach(bool reads, bool writes);
    Side const& readers() const { return readers_; }
    Side const& writers() const { return writers_; }
    // Anything that changes what a reader, a writer or an open may do wakes all.
    WaitQueue& changed() { return changed_; }
    void wake() { changed_.wake_all(vfs_.scheduler()); }
    Vfs& vfs() { return vfs_; }

    // Of the inode: set by transfers.
    Timestamp accessed{};
    Timestamp modified{};

private:
    Result<std::byte*> byte_at(u64 offset);
    void release_frames();

    Vfs& vfs_;
    PhysAddr frames_[kPipeFrames]{};
    u64 read_ = 0;
    u64 written_ = 0;
    Side readers_{};
    Side writers_{};
    WaitQueue changed_{};
};

}  // namespace drydock
