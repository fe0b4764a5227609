#pragma once

// The same program under the host's Linux and in the simulator, call by call.
//
// Compared: each task's system calls in their order (number, arguments, path, result), each
// process's end, standard output, standard error, the exit status. Tasks are matched by their place
// in the tree of forks. Both sides have the same file tree, arguments, environment and input; the
// C library is told to leave alone what the modelled CPU lacks (GLIBC_TUNABLES).
//
// Compared in another form, because both kernels are free in it (sim/diff/call_rules.h has the
// letter for each argument and result):
//
//   numbers of tasks   as places in the tree; in paths and in what the program prints, two numbers
//                      count as the same if they are those of the same task
//   addresses          whether there is one, and for mmap whether it is the one asked for; the end
//                      of the heap as bytes from where it was first
//   times of clocks    whether the call failed
//
// What memory a call filled in (struct stat, pipe's two numbers) is not compared itself; what the
// program then does with it is.
//
// What time decides. As long as the program has one task, everything is compared as it stands. From
// its second task on (the first fork or clone, for good):
//
//   - bytes through a descriptor (read, write, recv, send, splice, getdents) are added up: the sum
//     of a task's is compared where it meets the end of the file or an error, or where the
//     descriptor is closed or replaced, or at the task's exit; not where a write was cut short
//     or somebody stopped reading;
//   - waits for any child are left out where they succeed, with WNOHANG in any case; a wait for one
//     child where there is nothing yet;
//   - EAGAIN of calls that would have to wait, and poll, select, epoll_wait, futex, sched_yield and
//     rt_sigprocmask (with which shells wait for signals) where they succeed.
//
// Always left out: calls that a signal interrupted (the same call, started again, is the one that
// counts), calls that only read a clock, the return from a handler, rseq (which the C library tries
// and the simulated kernel does not have). Calls inside a handler are
// compared among handlers of that signal in that task, as far as both sides have them: how often
// one runs, and between which calls, is time's. Of a task that did not end by its own exit (a
// signal, another thread, the end of the first process) the calls are compared as far as both sides
// have them, and so are tasks that only one side has: the calls that made them are compared.
//
// Input that the simulator gives in one piece is in a pipe on Linux, which holds 1 MiB at once: the
// sizes of reads of longer input may differ by right.
//
// A program under ptrace cannot itself be a tracer's: PTRACE_TRACEME fails on Linux.

#include "sim/diff/call_log.h"

#include <string>

namespace drydock::sim {

// What one side did.
struct ProgramRun {
    char const* name = "";
    CallLog log;
    std::string output{};
    std::string errors{};
    int status = 0;  // As a shell tells it.
    // Why it did not come to the program's end; empty if it did.
    std::string failure{};
};

// Text for people; empty if both did the same. `context`: calls shown before a difference.
std::string describe_differences(ProgramRun const& left, ProgramRun const& right, usize context);
// "3 tasks, 97 system calls, exit status 0"
std::string summarize(ProgramRun const& side);

}  // namespace drydock::sim
