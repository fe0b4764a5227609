#include "sim/host/call_tracer.h"

#include "sim/diff/call_rules.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <set>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr long kOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                          PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
constexpr int kCallStop = SIGTRAP | 0x80;
constexpr u32 kCoreFlag = 0x80;  // wait(2), WCOREDUMP: the simulated kernel writes none.

void* as_data(u64 value) { return reinterpret_cast<void*>(static_cast<uintptr_t>(value)); }

// The value of a line of /proc/PID/status; base 0 for a name that is not there.
u64 status_value(pid_t task, char const* name, int base)
{
    char text[4096];
    int const file = open(fmt::format("/proc/{}/status", task).c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    isize const size = read(file, text, sizeof(text) - 1);
    close(file);
    if (size <= 0) return 0;
    text[size] = 0;
    char const* const line = std::strstr(text, name);
    return line == nullptr ? 0 : std::strtoull(line + std::strlen(name), nullptr, base);
}

bool has_handler(pid_t task, int signal)
{
    return (status_value(task, "\nSigCgt:", 16) >> (signal - 1) & 1) != 0;
}

bool is_thread(pid_t task)
{
    u64 const group = status_value(task, "\nTgid:", 10);
    return group != 0 && group != static_cast<u64>(task);
}

// A string of the task, as far as there is room.
void read_text(pid_t task, u64 address, char (&text)[CallEvent::kTextSize])
{
    usize done = 0;
    while (done < sizeof(text)) {
        usize const in_page = kPageSize - (address + done) % kPageSize;
        usize const size = std::min(in_page, sizeof(text) - done);
        iovec const local{text + done, size};
        iovec const remote{as_data(address + done), size};
        if (process_vm_readv(task, &local, 1, &remote, 1, 0) != static_cast<isize>(size)) break;
        if (std::memchr(text + done, 0, size) != nullptr) {
            done += strnlen(text + done, size);
            break;
        }
        done += size;
    }
    std::memset(text + done, 0, sizeof(text) - done);
}

class Tracer {
public:
    Tracer(pid_t first, std::function<void(CallEvent const&)> const& say) : first_(first), say_(say)
    {
        known_.insert(first);
    }

    // Until the first process has ended.
    void run()
    {
        for (;;) {
            int status = 0;
            pid_t const task = waitpid(-1, &status, __WALL);
            if (task < 0 && errno == EINTR) continue;
            if (task < 0) return;
            if (WIFSTOPPED(status))
                take_stop(task, status);
            else if (take_end(task, status))
                return;
        }
    }

private:
    // Lets it run to its next stop, with a signal delivered.
    void resume(pid_t task, int signal)
    {
        ptrace(PTRACE_SYSCALL, task, nullptr, as_data(static_cast<u64>(signal)));
    }

    void say(CallEvent::Kind kind, pid_t task, u64 a, u64 b = 0)
    {
        CallEvent event;
        event.kind = kind;
        event.tid = static_cast<u32>(task);
        event.a = a;
        event.b = b;
        say_(event);
    }

    void take_call(pid_t task)
    {
        __ptrace_syscall_info info{};
        if (ptrace(PTRACE_GET_SYSCALL_INFO, task, as_data(sizeof(info)), &info) <= 0) return;
        CallEvent event;
        event.tid = static_cast<u32>(task);
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
            event.kind = CallEvent::Kind::Enter;
            // The number is the low half of rax (arch/x86/entry/common.c, do_syscall_64).
            event.a = static_cast<u32>(info.entry.nr);
            for (usize i = 0; i < 6; ++i) event.arguments[i] = info.entry.args[i];
            keep_children(task, event);
            int const path = path_argument(event.a);
            if (path >= 0) read_text(task, event.arguments[path], event.text);
        } else {
            event.kind = CallEvent::Kind::Exit;
            event.a = CallEvent::kAnyCall;
            event.b = static_cast<u64>(info.exit.rval);
        }
        say_(event);
    }

    // A child that asks not to be traced would be lost to us; for others it makes no difference.
    static void keep_children(pid_t task, CallEvent const& event)
    {
        bool const escapes =
            event.a == SYS_clone && (event.arguments[0] & u64{CLONE_UNTRACED}) != 0;
        if (!escapes) return;
        u64 const flags = event.arguments[0] & ~u64{CLONE_UNTRACED};
        ptrace(PTRACE_POKEUSER, task, as_data(offsetof(user_regs_struct, rdi)), as_data(flags));
    }

    void take_fork(pid_t parent)
    {
        unsigned long child = 0;
        ptrace(PTRACE_GETEVENTMSG, parent, nullptr, &child);
        auto const number = static_cast<pid_t>(child);
        say(CallEvent::Kind::Fork, parent, child, is_thread(number) ? 1 : 0);
        known_.insert(number);
        // It may have stopped before its parent's word came.
        if (held_.erase(number) > 0) resume(number, 0);
    }

    // True if there is nothing to be delivered.
    bool take_event(pid_t task, int event, int signal)
    {
        switch (event) {
        case PTRACE_EVENT_FORK:
        case PTRACE_EVENT_VFORK:
        case PTRACE_EVENT_CLONE: take_fork(task); return true;
        case PTRACE_EVENT_EXEC: say(CallEvent::Kind::Exec, task, 0); return true;
        case PTRACE_EVENT_STOP:
            if (!known_.contains(task)) {
                held_.insert(task);
                return false;
            }
            if (signal == SIGTRAP) return true;
            // The whole process stops, as it would without us, until SIGCONT.
            ptrace(PTRACE_LISTEN, task, nullptr, nullptr);
            return false;
        default: return true;
        }
    }

    void take_stop(pid_t task, int status)
    {
        int const signal = WSTOPSIG(status);
        int const event = status >> 16;
        if (event != 0) {
            if (take_event(task, event, signal)) resume(task, 0);
            return;
        }
        if (signal == kCallStop) {
            take_call(task);
            resume(task, 0);
            return;
        }
        if (has_handler(task, signal))
            say(CallEvent::Kind::Handler, task, static_cast<u64>(signal));
        resume(task, signal);
    }

    bool take_end(pid_t task, int status)
    {
        bool const is_leader = known_.erase(task) > 0;
        if (is_leader) {
            say(CallEvent::Kind::End, task, static_cast<u32>(status) & ~kCoreFlag);
        }
        return task == first_;
    }

    pid_t first_;
    std::function<void(CallEvent const&)> const& say_;
    std::set<pid_t> known_;
    // Stopped, waiting for their parents' word.
    std::set<pid_t> held_;
};

}  // namespace

void trace_program(pid_t first,
                   std::function<void()> const& release,
                   std::function<void(CallEvent const&)> const& say,
                   Problems const& problems)
{
    bool const is_ours = ptrace(PTRACE_SEIZE, first, nullptr, as_data(kOptions)) == 0;
    problems.require(is_ours, "this host lets no program be traced (ptrace)");
    release();
    Tracer(first, say).run();
}

}  // namespace drydock::sim
