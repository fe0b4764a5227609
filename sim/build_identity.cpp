#include "sim/build_identity.h"

#include <fmt/format.h>

// Made by the build, one pair beside each kernel archive and one for the simulator.
extern "C" char const drydock_kernel_name[];
extern "C" char const drydock_kernel_sources[];
extern "C" char const drydock_simulator_name[];
extern "C" char const drydock_simulator_sources[];

namespace drydock::sim {

namespace {

#if defined(__clang__)
constexpr char const* kCompiler = "clang " __clang_version__;
#else
constexpr char const* kCompiler = "gcc " __VERSION__;
#endif

}  // namespace

BuildIdentity this_build()
{
    BuildIdentity identity;
    identity.version = drydock_simulator_name;
    identity.simulator = drydock_simulator_sources;
    identity.kernel_variant = drydock_kernel_name;
    identity.kernel = drydock_kernel_sources;
    identity.compiler = kCompiler;
    while (identity.compiler.ends_with(' ')) identity.compiler.pop_back();
    return identity;
}

}  // namespace drydock::sim
