#include "core/process/tty_client.h"

namespace drydock {

UserThread* ProcessTtyClient::current()
{
    return static_cast<UserThread*>(system_.scheduler.current());
}

void ProcessTtyClient::signal_group(u32 group_id, u32 signal)
{
    if (group_id == 0) return;
    SignalInfo const info = SignalInfo::from_kernel(static_cast<Signal>(signal));
    system_.processes.send_to_group(group_id, info);
}

u32 ProcessTtyClient::current_group()
{
    UserThread* const thread = current();
    return thread == nullptr ? 0 : thread->process().group_id;
}

u32 ProcessTtyClient::current_session()
{
    UserThread* const thread = current();
    if (thread == nullptr || !thread->process().session) return 0;
    return thread->process().session->id();
}

bool ProcessTtyClient::can_stop_current(u32 signal)
{
    UserThread* const thread = current();
    if (thread == nullptr) return false;
    auto const number = static_cast<Signal>(signal);
    if (thread->blocked.has(number)) return false;
    if (system_.processes.is_ignored(thread->process(), number)) return false;
    return !system_.processes.is_orphaned_group(thread->process().group_id, nullptr);
}

// ioctl_tty(2), TIOCSCTTY: a session leader without a terminal takes one that no session has; root
// may take it away from another.
Result<void> ProcessTtyClient::acquire(void* tty, bool steal)
{
    UserThread* const thread = current();
    if (thread == nullptr) return Errno::Perm;
    Process& process = thread->process();
    Session& session = *process.session;
    auto& device = *static_cast<TtyDevice*>(tty);
    if (session.id() == process.pid() && session.terminal == &device) return {};
    if (session.id() != process.pid() || session.terminal != nullptr) return Errno::Perm;
    if (device.session_id != 0) {
        if (!steal || !thread->credentials.has(Capability::SysAdmin)) return Errno::Perm;
        Process* const owner = system_.processes.find(device.session_id);
        if (owner != nullptr && owner->session) owner->session->terminal = nullptr;
    }
    session.terminal = &device;
    device.session_id = session.id();
    device.foreground_group = process.group_id;
    return {};
}

// TIOCNOTTY: the leader's terminal is given up by the whole session.
void ProcessTtyClient::give_up(void* tty)
{
    UserThread* const thread = current();
    if (thread == nullptr) return;
    Process& process = thread->process();
    auto const* const device = static_cast<TtyDevice*>(tty);
    if (process.session->terminal != device) return;
    if (process.session->id() == process.pid()) system_.processes.leave_session(process);
}

TtyDevice* ProcessTtyClient::current_terminal()
{
    UserThread* const thread = current();
    if (thread == nullptr || !thread->process().session) return nullptr;
    return thread->process().session->terminal;
}

void ProcessTtyClient::hang_up(TtyDevice& device)
{
    Process* const leader = system_.processes.find(device.session_id);
    u32 const foreground = device.foreground_group;
    lose_terminal(device);
    if (leader == nullptr || leader->is_dead()) return;
    leader->session->lost_foreground = foreground;
    system_.processes.send_to_process(*leader, SignalInfo::from_kernel(Signal::Hup));
    system_.processes.send_to_process(*leader, SignalInfo::from_kernel(Signal::Cont));
}

void ProcessTtyClient::lose_terminal(TtyDevice& device)
{
    if (device.session_id == 0) return;
    // A leader gives its terminal up when it ends, so it is alive.
    Process* const leader = system_.processes.find(device.session_id);
    if (leader != nullptr && leader->session && leader->session->terminal == &device) {
        leader->session->terminal = nullptr;
    }
    device.session_id = 0;
    device.foreground_group = 0;
}

u32 ProcessTtyClient::seen_number(u32 id)
{
    UserThread* const thread = current();
    return thread == nullptr ? id : number_in(thread->process().pid_space(), id);
}

u32 ProcessTtyClient::meant_number(u32 seen)
{
    UserThread* const thread = current();
    if (thread == nullptr) return seen;
    u32 const meant = system_number_in(thread->process().pid_space(), seen);
    return system_.processes.is_number_used(meant) ? meant : 0;
}

bool ProcessTtyClient::group_is_in_session(u32 group_id, u32 session_id)
{
    if (system_.processes.group_exists(group_id, session_id)) return true;
    // drivers/tty/tty_jobctrl.c, session_of_pgrp(): a process stands for the group that it may
    // lead.
    Process* const process = system_.processes.find(group_id);
    return process != nullptr && process->group_id != group_id &&
           process->session->id() == session_id;
}

}  // namespace drydock
