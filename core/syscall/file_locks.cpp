#include "core/syscall/file_locks.h"

namespace drydock {

Result<i64> sys_flock(Call& call);

void release_posix_locks(FileTable&, File&) {}

Result<i64> control_record_lock(Call&, Ref<File> const&, u32)
{
    return 0;
}

Result<i64> sys_flock(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    return 0;
}

}  // namespace drydock
