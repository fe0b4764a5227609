// wait(2): finding children that have changed state, and taking their status.

#include "core/process/process_table.h"

namespace drydock {

namespace {

bool is_selected(Process const& parent, Process const& child, WaitRequest const& request)
{
    bool const is_clone_kind = child.exit_signal != static_cast<u32>(Signal::Chld);
    if (!request.any_kind && is_clone_kind != request.clone_kind) return false;
    if (request.only != nullptr) return &child == request.only;
    i64 const pid = request.pid;
    if (pid > 0) return child.pid() == static_cast<u64>(pid);
    if (pid == 0) return child.group_id == parent.group_id;
    if (pid == -1) return true;
    return child.group_id == static_cast<u64>(-pid);
}

void describe(Process& parent, Process& child, WaitOutcome& outcome)
{
    outcome.pid = number_in(parent.pid_space(), child.pid());
    outcome.uid = child.credentials().uid;
    outcome.user_time = child.user_time() + child.children_user_time;
    outcome.system_time = child.system_time() + child.children_system_time;
    outcome.minor_faults = child.minor_faults + child.children_minor_faults;
    outcome.major_faults = child.major_faults + child.children_major_faults;
    u64 const own = child.total_peak_memory();
    u64 const below = child.children_peak_memory;
    outcome.peak_memory = own > below ? own : below;
}

}  // namespace

bool ProcessTable::take_outcome(Process& parent,
                                Process& child,
                                WaitRequest const& request,
                                WaitOutcome& outcome)
{
    if (child.state == Process::State::Zombie) {
        if (!request.exited) return false;
        describe(parent, child, outcome);
        outcome.status = child.exit_status;
        if (request.no_wait) return true;
        parent.children_user_time += outcome.user_time;
        parent.children_system_time += outcome.system_time;
        parent.children_minor_faults += outcome.minor_faults;
        parent.children_major_faults += outcome.major_faults;
        if (outcome.peak_memory > parent.children_peak_memory) {
            parent.children_peak_memory = outcome.peak_memory;
        }
        reap(child);
        return true;
    }
    if (request.stopped && child.state == Process::State::Stopped && child.stop_unreported) {
        describe(parent, child, outcome);
        outcome.status = child.stop_signal << 8 | 0x7f;
        if (!request.no_wait) child.stop_unreported = false;
        return true;
    }
    if (request.continued && child.continue_unreported) {
        describe(parent, child, outcome);
        outcome.status = 0xffff;
        if (!request.no_wait) child.continue_unreported = false;
        return true;
    }
    return false;
}

ProcessTable::Match ProcessTable::find_child(Process& parent,
                                             WaitRequest const& request,
                                             WaitOutcome& outcome)
{
    Match match = Match::None;
    for (Process* child = parent.children.first(); child != nullptr;) {
        Process* const next = parent.children.next(*child);
        if (is_selected(parent, *child, request)) {
            // An exited child that is not asked for will never do anything else.
            bool const can_change = child->state != Process::State::Zombie || request.exited;
            if (can_change) match = Match::Waiting;
            if (take_outcome(parent, *child, request, outcome)) return Match::Ready;
        }
        child = next;
    }
    return match;
}

Result<WaitOutcome> ProcessTable::wait(UserThread& caller, WaitRequest const& request)
{
    Process& parent = caller.process();
    WaitOutcome outcome;
    Match match = find_child(parent, request, outcome);
    if (match == Match::None) return Errno::Child;
    if (match == Match::Ready || request.no_hang) return outcome;
    TRY(system_.scheduler.wait_until(parent.child_event, "wait for a child", [&] {
        // Asked again after it has held: a status is taken once only.
        if (match == Match::Waiting) match = find_child(parent, request, outcome);
        return match != Match::Waiting;
    }));
    if (match == Match::None) return Errno::Child;
    return outcome;
}

}  // namespace drydock
