#pragma once

// Numbers of processes, threads and groups as a caller means and sees them (pid_namespaces(7)).

#include "core/syscall/syscall.h"

namespace drydock {

// The system's number for one that the caller gives; 0 if there is none in its namespace.
inline u32 meant_number(Call const& call, u32 number)
{
    return system_number_in(call.process().pid_space(), number);
}
// The other way; 0 for what is outside of its namespace.
inline u32 seen_number(Call const& call, u32 system_number)
{
    return number_in(call.process().pid_space(), system_number);
}
inline bool is_seen(Call const& call, Process const& process)
{
    PidNamespace* const space = call.process().pid_space();
    return space == nullptr || space->number_of(process.pid()) != 0;
}

// Null if there is none in the caller's namespace.
inline Process* seen_process(Call const& call, u32 number)
{
    return call.system().processes.find(meant_number(call, number));
}
inline Process* seen_process_by_thread(Call const& call, u32 number)
{
    return call.system().processes.find_by_thread(meant_number(call, number));
}
inline UserThread* seen_thread(Call const& call, u32 number)
{
    return call.system().processes.find_thread(meant_number(call, number));
}

}  // namespace drydock
