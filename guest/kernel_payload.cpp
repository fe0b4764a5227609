#include "guest/payload.h"

namespace drydock::guest {

void run_payload(Platform& platform, void* storage, BootProgram const& program)
{
    Kernel::boot(platform, storage, program);
}

// The words are those of the simulator (sim/simulation.cpp, audit).
PayloadProblem check_payload(void* storage)
{
    Audit const audit = Kernel::at(storage).audit();
    if (audit.wrong_reference_counts > 0) {
        return {audit.wrong_reference_counts, "frames have wrong reference counts"};
    }
    return {audit.leaked_frames, "frames belong to nothing any more"};
}

}  // namespace drydock::guest
