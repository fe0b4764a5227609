#include "core/process/process_file.h"

namespace drydock {

using namespace poll_events;

Result<Ref<File>> ProcessFile::create(System& system, Ref<Process> process, u32 flags)
{
    Ref<Inode> inode = TRY(system.vfs.anonymous_inode());
    u32 const kept = open_flags::kReadWrite | (flags & open_flags::kNonBlock);
    Ref<ProcessFile> file =
        TRY(system.heap.create_ref<ProcessFile>(std::move(inode), std::move(process), kept));
    return Ref<File>(file);
}

u32 ProcessFile::poll(PollRegistration* registration)
{
    if (registration != nullptr) registration->wait_on(process_->ended);
    if (!process_->is_dead()) return 0;
    return kIn | kRdNorm | (process_->state == Process::State::Reaped ? kHup : 0u);
}

}  // namespace drydock
