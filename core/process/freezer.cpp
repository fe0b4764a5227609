// cgroup.freeze (kernel/cgroup/freezer.c): threads halt on their way back to user code, whatever
// they were doing, and only SIGKILL reaches them. A cgroup is frozen when all its threads have got
// there, and all below it are frozen.

#include "core/process/process_table.h"

namespace drydock {

// Its process is to be frozen, or not, as its cgroup has it.
void ProcessTable::follow_cgroup(Process& process)
{
    bool const freezes = process.cgroup && process.cgroup->is_to_freeze();
    if (freezes == process.is_to_freeze()) return;
    if (freezes) {
        process.halts |= Halt::kFreeze;
        for (ThreadLink& link : process.threads) system_.scheduler.interrupt(*link.thread);
    } else {
        process.halts = static_cast<u8>(process.halts & ~Halt::kFreeze);
        process.thawed.wake_all(system_.scheduler);
    }
}

void ProcessTable::set_freeze(Cgroup& group, bool freezes)
{
    if (group.freezes == freezes) return;
    group.freezes = freezes;
    for (Process& process : all_) {
        bool const is_below = process.cgroup && process.cgroup->is_at_or_below(group);
        if (is_below && process.thread_count > 0) follow_cgroup(process);
    }
    for (Cgroup* at = &group.first_leaf(); at != &group; at = &at->next_upwards()) {
        update_frozen(*at);
    }
    update_frozen(group);
}

void ProcessTable::move_process(Process& process, Cgroup& target)
{
    Ref<Cgroup> const source = process.cgroup;
    process.move_to(target);
    follow_cgroup(process);
    if (source) update_frozen(*source);
    update_frozen(target);
}

// A new thread, which runs as far as it must to be frozen.
void ProcessTable::join_cgroup(UserThread& thread)
{
    Process& process = thread.process();
    follow_cgroup(process);
    if (!process.is_to_freeze()) return;
    system_.scheduler.interrupt(thread);
    update_frozen(*process.cgroup);
}

void ProcessTable::note_frozen(UserThread& thread, bool is_frozen)
{
    thread.is_frozen = is_frozen;
    if (thread.process().cgroup) update_frozen(*thread.process().cgroup);
}

void ProcessTable::freeze_thread(UserThread& thread)
{
    Process& process = thread.process();
    note_frozen(thread, true);
    // A stop that another thread has begun waits for this one too.
    wait_killable(thread, process.thawed, "thaw", [&process] {
        return !process.is_to_freeze() || process.stop_requested();
    });
    note_frozen(thread, false);
}

bool ProcessTable::has_only_frozen(Cgroup& group)
{
    if (!group.is_to_freeze() || !group.has_only_frozen_children()) return false;
    if (!group.has_processes()) return true;
    for (Process& process : all_) {
        if (process.cgroup.get() != &group) continue;
        for (ThreadLink& link : process.threads) {
            if (!link.thread->is_frozen) return false;
        }
    }
    return true;
}

void ProcessTable::update_frozen(Cgroup& group)
{
    for (Cgroup* at = &group; !at->is_root(); at = at->parent()) {
        bool const is_frozen = has_only_frozen(*at);
        if (is_frozen == at->is_frozen()) return;
        at->set_frozen(is_frozen);
    }
}

}  // namespace drydock
