#include "guest/payload.h"

namespace drydock::guest {

void run_payload(Platform& platform, void* storage, BootProgram const& program)
{
    Kernel::boot(platform, storage, program);
}

}  // namespace drydock::guest
