#pragma once

// pidfd_open(2): a descriptor that stands for a process, and for no other one that gets its number
// later. It becomes readable when the process has ended.

#include "core/process/process_table.h"

namespace drydock {

class ProcessFile final : public File {
public:
    // `flags`: open flags, of which O_NONBLOCK counts. Errno::NoMem.
    static Result<Ref<File>> create(System& system, Ref<Process> process, u32 flags);
    ProcessFile(Ref<Inode> inode, Ref<Process> process, u32 flags)
        : File(std::move(inode), Path(), flags), process_(std::move(process))
    {}

    Process& process() const { return *process_; }
    Ref<Process> process_ref() const { return process_; }

    FileKind kind() const override { return FileKind::Process; }
    bool can_poll() const override { return true; }
    // POLLIN once it has ended, and POLLHUP once its parent has taken its status.
    u32 poll(PollRegistration* registration) override;

private:
    Ref<Process> const process_;
};

}  // namespace drydock
