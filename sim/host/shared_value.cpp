#include "sim/host/shared_value.h"

#include <stdexcept>
#include <sys/mman.h>

namespace drydock::sim {

SharedValue::SharedValue()
{
    void* const memory =
        mmap(nullptr, sizeof(u64), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory for a shared number");
    value_ = static_cast<u64*>(memory);
}

SharedValue::~SharedValue() { munmap(value_, sizeof(u64)); }

}  // namespace drydock::sim
