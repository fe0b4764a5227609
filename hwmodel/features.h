#pragma once

// The modelled CPU by name: exactly what it announces, and nothing else exists. A libc picks the
// same string functions here and on QEMU started with kQemuCpu.

#include "core/base/integers.h"

namespace drydock::hwmodel {

// Vendor, family and model are those of qemu64; the rest differs from it only in what user code
// cannot use or see (apic, pae, mtrr and other system features, the hypervisor bit).
inline constexpr char const* kQemuCpu = "qemu64,-svm,+popcnt,-hypervisor";
inline constexpr char const* kFeatureNames =
    "fpu tsc msr cx8 cmov mmx fxsr sse sse2 clflush syscall nx lm pni cx16 popcnt lahf_lm";

struct CpuidResult {
    u32 eax = 0;
    u32 ebx = 0;
    u32 ecx = 0;
    u32 edx = 0;
};

CpuidResult cpuid(u32 leaf, u32 subleaf);

}  // namespace drydock::hwmodel
