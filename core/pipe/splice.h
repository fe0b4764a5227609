#pragma once

// splice(2), tee(2), vmsplice(2): bytes between pipes, files and user memory, without a detour
// through the caller. What Linux moves by reference is copied here, slot by slot.

#include "core/pipe/pipe_file.h"

namespace drydock {

// What a step of a transfer into a file does; bytes taken, fewer if the file takes no more.
class SpliceTarget {
public:
    virtual Result<usize> write(IoBuffer& source) = 0;

protected:
    ~SpliceTarget() = default;
};

// All of them: at most `size` bytes, 0 at the end of the source. They wait for the first byte (or
// the first room) unless `is_non_blocking`: Errno::Again. Errno::Pipe without a reader, RestartSys,
// NoMem and what the file answers, if nothing was moved.

// From a pipe into a file that never waits.
Result<usize> splice_to_file(PipeState& source,
                             SpliceTarget& target,
                             usize size,
                             bool is_non_blocking);
// From a file that never waits, at `offset`, into a pipe.
Result<usize> splice_from_file(
    File& source, u64 offset, PipeState& target, usize size, bool is_non_blocking);
// From pipe to pipe; with `keeps` the source keeps what was copied (tee(2)).
Result<usize> splice_pipes(
    PipeState& source, PipeState& target, usize size, bool keeps, bool is_non_blocking);
// vmsplice(2), both ways.
Result<usize> splice_from_user(IoBuffer& source, PipeState& target, bool is_non_blocking);
Result<usize> splice_to_user(PipeState& source, IoBuffer& target, bool is_non_blocking);

}  // namespace drydock
