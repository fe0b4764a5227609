// Stopping and continuing processes, and the rules about orphaned process groups (credentials(7)).

#include "core/process/process_table.h"

namespace drydock {

bool ProcessTable::is_orphaned_group(u32 group_id, Process const* without)
{
    for (Process& member : all_) {
        if (member.group_id != group_id || &member == without || member.is_dead()) continue;
        Process const* const parent = member.parent;
        // An init does not tie its children to the session; a first process that is none does, as
        // it is the user's own shell.
        if (parent == nullptr || parent->is_exiting || parent->is_init) continue;
        if (parent->group_id != group_id && parent->session == member.session) return false;
    }
    return true;
}

Process* ProcessTable::member_of_group(u32 group_id, u32 session_id)
{
    for (Process& member : all_) {
        if (member.group_id == group_id && member.session->id() == session_id) return &member;
    }
    return nullptr;
}

bool ProcessTable::group_exists(u32 group_id, u32 session_id)
{
    return member_of_group(group_id, session_id) != nullptr;
}

void ProcessTable::stop_process(UserThread& thread, Signal signal)
{
    Process& process = thread.process();
    ASSERT(!process.is_exiting);
    if (process.stop_requested()) return;
    process.halts |= Halt::kStop;
    ++process.stops;
    process.stop_signal = static_cast<u32>(signal);
    process.stopped_threads = 0;
    for (ThreadLink& link : process.threads) {
        if (link.thread != &thread) system_.scheduler.interrupt(*link.thread);
    }
}

void ProcessTable::report_stop_if_complete(Process& process)
{
    if (!process.stop_requested() || process.state != Process::State::Alive) return;
    if (process.stopped_threads < process.thread_count) return;
    process.state = Process::State::Stopped;
    process.stop_unreported = true;
    process.continue_unreported = false;
    notify_parent_of_stop(process, kCldStopped, process.stop_signal);
}

void ProcessTable::stop_thread(UserThread& thread)
{
    Process& process = thread.process();
    u64 const stop = process.stops;
    ++process.stopped_threads;
    report_stop_if_complete(process);
    note_frozen(thread, true);
    // By the time a continued thread runs another stop may have begun: it has to count there anew.
    while (process.stop_requested() && process.stops == stop && !thread.must_exit()) {
        if (process.pending.has(Signal::Kill) || thread.pending.has(Signal::Kill)) break;
        system_.scheduler.stop_current();
    }
    note_frozen(thread, false);
}

void ProcessTable::continue_process(Process& process)
{
    if (!process.stop_requested()) return;
    process.halts = static_cast<u8>(process.halts & ~Halt::kStop);
    process.stopped_threads = 0;
    bool const was_stopped = process.state == Process::State::Stopped;
    if (was_stopped) process.state = Process::State::Alive;
    for (ThreadLink& link : process.threads) system_.scheduler.continue_thread(*link.thread);
    if (!was_stopped) return;
    process.stop_unreported = false;
    process.continue_unreported = true;
    notify_parent_of_stop(process, kCldContinued, static_cast<u32>(Signal::Cont));
}

void ProcessTable::notify_parent_of_stop(Process& process, i32 code, u32 status)
{
    Process* const parent = process.parent;
    if (parent == nullptr) return;
    SignalAction const& action = parent->actions->of(Signal::Chld);
    if ((action.flags & action_flags::kNoChildStop) == 0 && action.handler != kHandlerIgnore) {
        u32 const number = number_in(parent->pid_space(), process.pid());
        SignalInfo info =
            SignalInfo::from_user(Signal::Chld, code, number, process.credentials().uid);
        info.fields[1] = status;
        send_to_process(*parent, info);
    }
    parent->child_event.wake_all(system_.scheduler);
}

}  // namespace drydock
