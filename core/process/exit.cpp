// The end of threads and processes.

#include "core/process/process_table.h"
#include "core/socket/socket_space.h"
#include "core/tty/tty.h"

namespace drydock {

namespace {

// get_robust_list(2): the list that user space keeps, as far as the kernel follows it
// (kernel/futex.c, ROBUST_LIST_LIMIT).
constexpr u32 kRobustListLimit = 2048;
constexpr u32 kFutexWaiters = 0x80000000, kFutexOwnerDied = 0x40000000, kFutexTidMask = 0x3fffffff;

// How long the end of the machine waits for processes to go.
constexpr Ticks kLastWait = 10 * kNanosPerSecond;

struct RobustListHead {
    u64 next = 0;
    i64 futex_offset = 0;
    u64 pending = 0;
};

// Marks one lock of a dying thread so that the next owner learns of it. False if memory is bad.
bool release_robust_lock(UserThread& thread, UserAddr word)
{
    System& system = thread.system();
    if (word.value % sizeof(u32) != 0) return false;
    Result<u32> value = thread.space().read<u32>(word);
    if (value.is_error()) return false;
    if ((value.value() & kFutexTidMask) != thread.shown_tid) return true;
    u32 const marked = (value.value() & kFutexWaiters) | kFutexOwnerDied;
    if (thread.space().write(word, marked).is_error()) return false;
    if ((value.value() & kFutexWaiters) == 0) return true;
    Result<FutexKey> key = FutexTable::key_of(thread.space(), word, false);
    if (key.is_error()) return false;
    system.processes.futexes().wake(system.scheduler, key.value(), 1, FutexTable::kAnyBit);
    return true;
}

void walk_robust_list(UserThread& thread)
{
    UserAddr const head_address = thread.robust_list;
    thread.robust_list = {};
    if (head_address.is_null()) return;
    Result<RobustListHead> head = thread.space().read<RobustListHead>(head_address);
    if (head.is_error()) return;
    u64 const offset = static_cast<u64>(head.value().futex_offset);
    u64 const pending = head.value().pending & ~u64{1};
    u64 entry = head.value().next & ~u64{1};
    for (u32 i = 0; i < kRobustListLimit && entry != head_address.value; ++i) {
        Result<u64> next = thread.space().read<u64>({entry});
        if (entry != pending && !release_robust_lock(thread, {entry + offset})) return;
        if (next.is_error()) return;
        entry = next.value() & ~u64{1};
    }
    if (pending != 0) release_robust_lock(thread, {pending + offset});
}

// set_tid_address(2): tells a joining thread that this one is gone.
void clear_child_tid(UserThread& thread)
{
    UserAddr const address = thread.clear_child_tid;
    thread.clear_child_tid = {};
    bool const is_shared =
        thread.process().thread_count > 1 || thread.process().space->references() > 1;
    if (address.is_null() || !is_shared) return;
    u32 const zero = 0;
    if (thread.space().write(address, zero).is_error()) return;
    Result<FutexKey> key = FutexTable::key_of(thread.space(), address, false);
    if (key.is_error()) return;
    System& system = thread.system();
    system.processes.futexes().wake(system.scheduler, key.value(), 1, FutexTable::kAnyBit);
}

// What the machine's run ends with: the exit code, or 128 plus the signal.
int run_status(u32 wait_status)
{
    u32 const signal = wait_status & 0x7f;
    if (signal != 0) return static_cast<int>(128 + signal);
    return static_cast<int>((wait_status >> 8) & 0xff);
}

}  // namespace

void ProcessTable::leave_memory(UserThread& thread)
{
    walk_robust_list(thread);
    clear_child_tid(thread);
}

void ProcessTable::release_vfork_parent(Process& process)
{
    if (!process.holds_vfork_parent) return;
    process.holds_vfork_parent = false;
    process.vfork_done.wake_all(system_.scheduler);
}

void ProcessTable::exit_thread(UserThread& thread, u32 status)
{
    Process& process = thread.process();
    ASSERT(system_.scheduler.current() == &thread);
    leave_memory(thread);
    system_.scheduler.account_current();
    process.dead_threads_user_time += thread.user_time();
    process.dead_threads_system_time += thread.system_time();
    thread.process_link.hook.unlink();
    thread.hash_hook.unlink();
    thread.number.reset();
    remove_queued(process, thread.pending_queue, ~u64{0});
    thread.pending = {};
    ASSERT(process.thread_count > 0);
    --process.thread_count;
    // The first one counts until the process has been reaped.
    if (&thread != process.main_thread) process.uncharge_task();
    bool const is_last = process.thread_count == 0;
    // Without exit_group the last thread's status is the process's (synchronize_group_exit).
    if (!process.is_exiting && is_last) process.exit_status = status;
    if (is_last) {
        finish_process(thread);
    } else {
        thread.leave_surroundings();
        report_stop_if_complete(process);
        if (process.cgroup) update_frozen(*process.cgroup);
        process.thread_gone.wake_all(system_.scheduler);
    }
    dead_.push_back(thread);
    system_.scheduler.exit_current();
}

void ProcessTable::exit_process(UserThread& thread, u32 status)
{
    Process& process = thread.process();
    if (!process.is_exiting) {
        process.is_exiting = true;
        process.exit_status = status;
        for (ThreadLink& link : process.threads) {
            if (link.thread == &thread) continue;
            system_.scheduler.interrupt(*link.thread);
            system_.scheduler.continue_thread(*link.thread);
        }
    }
    exit_thread(thread, process.exit_status);
}

void ProcessTable::end_other_threads(UserThread& thread)
{
    Process& process = thread.process();
    if (process.thread_count > 1) {
        process.surviving_thread = &thread;
        for (ThreadLink& link : process.threads) {
            if (link.thread == &thread) continue;
            system_.scheduler.interrupt(*link.thread);
            system_.scheduler.continue_thread(*link.thread);
        }
        // Each of them ends when it next leaves the kernel; none waits uninterruptibly for long.
        MUST(system_.scheduler.wait_until(
            process.thread_gone,
            "exec: other threads",
            [&process] { return process.thread_count == 1; },
            Thread::Wait::Uninterruptible));
        process.surviving_thread = nullptr;
    }
    UserThread* const former = process.main_thread;
    if (former == &thread) return;
    // execve(2): the thread takes over the number of the process.
    collect();
    process.uncharge_task();
    process.main_thread = &thread;
    thread.hash_hook.unlink();
    thread.become_main();
    thread_buckets_[thread.tid() % kBuckets].push_front(thread);
    former->self.reset();
}

void ProcessTable::leave_session(Process& process)
{
    Session& session = *process.session;
    if (session.id() != process.pid()) return;
    // setsid(2), credentials(7): the terminal is free again, its foreground group is told.
    u32 foreground = session.lost_foreground;
    session.lost_foreground = 0;
    if (TtyDevice* const terminal = session.terminal) {
        foreground = terminal->foreground_group;
        session.terminal = nullptr;
        terminal->session_id = 0;
        terminal->foreground_group = 0;
    }
    if (foreground == 0) return;
    send_to_group(foreground, SignalInfo::from_kernel(Signal::Hup));
    send_to_group(foreground, SignalInfo::from_kernel(Signal::Cont));
}

// prctl(2), PR_SET_CHILD_SUBREAPER: the nearest one above, else an init, or null: the kernel
// itself. Of those the orphan's namespace has (kernel/exit.c, find_new_reaper).
Process* ProcessTable::new_parent(Process& process)
{
    PidNamespace* const space = process.pid_space();
    Process* candidate = process.parent;
    while (candidate != nullptr) {
        PidNamespace* const its = candidate->pid_space();
        if (space != nullptr && (its == nullptr || its->level() != space->level())) break;
        bool const takes_orphans = candidate->is_subreaper || candidate->is_init;
        if (takes_orphans && !candidate->is_exiting) return candidate;
        candidate = candidate->parent;
    }
    if (space == nullptr || space->init == &process) return nullptr;
    return space->init;
}

void ProcessTable::end_namespace(Process& init)
{
    PidNamespace& space = *init.pid_space();
    space.has_ended = true;
    // Nobody asks for the status of those that end from now on, or have ended.
    init.actions->of(Signal::Chld).handler = kHandlerIgnore;
    for (Process* child = init.children.first(); child != nullptr;) {
        Process* const next = init.children.next(*child);
        if (child->state == Process::State::Zombie) reap(*child);
        child = next;
    }
    for (Process& process : all_) {
        if (&process != &init && space.number_of(process.pid()) != 0) kill(process);
    }
    // Those whose parents are outside wait there for their status to be taken.
    MUST(system_.scheduler.wait_until(
        process_gone_,
        "the end of a pid namespace",
        [&space] { return space.process_count == 1; },
        Thread::Wait::Uninterruptible));
    space.init = nullptr;
    if (space.end_signal != 0) init.exit_status = space.end_signal;
}

void ProcessTable::orphan_children(Process& process)
{
    Process* const reaper = new_parent(process);
    while (Process* const child = process.children.pop_front()) {
        // _exit(2): a group that loses its last tie to its session and has stopped members is
        // woken.
        bool const may_orphan =
            child->group_id != process.group_id && child->session == process.session;
        child->parent = reaper;
        if (reaper != nullptr) {
            reaper->children.push_back(*child);
            child->exit_signal = static_cast<u32>(Signal::Chld);
        }
        if (child->state == Process::State::Zombie) {
            notify_parent_of_exit(*child);
            continue;
        }
        for (ThreadLink& link : child->threads) {
            if (link.thread->parent_death_signal == 0) continue;
            auto const signal = static_cast<Signal>(link.thread->parent_death_signal);
            u32 const uid = process.credentials().uid;
            u32 const sender = number_in(child->pid_space(), process.pid());
            send_to_process(*child, SignalInfo::from_user(signal, kSiUser, sender, uid));
        }
        if (may_orphan) hang_up_if_orphaned(child->group_id, nullptr);
    }
}

void ProcessTable::hang_up_if_orphaned(u32 group_id, Process const* without)
{
    bool has_stopped = false;
    for (Process& member : all_) {
        if (member.group_id != group_id || &member == without) continue;
        has_stopped |= member.state == Process::State::Stopped;
    }
    if (!has_stopped || !is_orphaned_group(group_id, without)) return;
    send_to_group(group_id, SignalInfo::from_kernel(Signal::Hup));
    send_to_group(group_id, SignalInfo::from_kernel(Signal::Cont));
}

void ProcessTable::finish_process(UserThread& thread)
{
    Process& process = thread.process();
    process.is_exiting = true;
    system_.scheduler.disarm(process.real_timer);
    delete_timers(process);
    system_.scheduler.disarm(process.cpu_timer);
    process.note_peak_memory();
    // Memory and files go now, not when somebody waits.
    process.space.reset();
    thread.files.reset();
    collect_sockets(system_.vfs);
    release_vfork_parent(process);
    thread.leave_surroundings();
    process.leave_cgroup();
    if (process.cgroup) update_frozen(*process.cgroup);
    process.executable = Path{};
    process.running_file = RunningFile{};
    leave_session(process);
    if (process.is_init_of_namespace()) end_namespace(process);
    orphan_children(process);
    Process* const parent = process.parent;
    bool const ties_group = parent != nullptr && parent->group_id != process.group_id &&
                            parent->session == process.session;
    if (ties_group) hang_up_if_orphaned(process.group_id, &process);
    remove_queued(process, process.pending_queue, ~u64{0});
    process.pending = {};
    record(EventKind::Exit, process.exit_status, 0, 0);
    if (process.pid() == 1) end_machine(process);
    process.state = Process::State::Zombie;
    process.ended.wake_all(system_.scheduler, poll_events::kIn | poll_events::kRdNorm);
    notify_parent_of_exit(process);
}

void ProcessTable::notify_parent_of_exit(Process& process)
{
    Process* const parent = process.parent;
    if (parent == nullptr) {
        reap(process);
        return;
    }
    bool reaps_itself = false;
    // clone(2) takes any number; only that of a signal is one.
    bool sends_signal = process.exit_signal != 0 && process.exit_signal <= kSignalCount;
    if (process.exit_signal == static_cast<u32>(Signal::Chld)) {
        // sigaction(2): SIG_IGN or SA_NOCLDWAIT for SIGCHLD leaves no zombies, and SIG_IGN no
        // signal even where it is blocked.
        SignalAction const& action = parent->actions->of(Signal::Chld);
        bool const is_ignored_by_parent = action.handler == kHandlerIgnore;
        reaps_itself = is_ignored_by_parent || (action.flags & action_flags::kNoChildWait) != 0;
        sends_signal = !is_ignored_by_parent;
    }
    if (sends_signal) {
        u32 const status = process.exit_status;
        bool const was_killed = (status & 0x7f) != 0;
        SignalInfo info = SignalInfo::from_user(static_cast<Signal>(process.exit_signal),
                                                was_killed ? kCldKilled : kCldExited,
                                                number_in(parent->pid_space(), process.pid()),
                                                process.credentials().uid);
        info.fields[1] = was_killed ? status & 0x7f : (status >> 8) & 0xff;
        constexpr u64 kClockTick = kNanosPerSecond / 100;
        info.fields[2] = process.user_time() / kClockTick;
        info.fields[3] = process.system_time() / kClockTick;
        send_to_process(*parent, info);
    }
    if (reaps_itself) reap(process);
    parent->child_event.wake_all(system_.scheduler);
}

void ProcessTable::reap(Process& process)
{
    ASSERT(process.thread_count == 0);
    ASSERT(process.state != Process::State::Reaped);
    process.state = Process::State::Reaped;
    process.ended.wake_all(system_.scheduler, poll_events::kIn | poll_events::kHup);
    if (process.sibling_hook.is_linked()) process.sibling_hook.unlink();
    process.parent = nullptr;
    process.table_hook.unlink();
    process.hash_hook.unlink();
    ASSERT(process_count_ > 0);
    --process_count_;
    process.session.reset();
    process.group_number.reset();
    process.uncharge_task();
    process.cgroup.reset();
    for (PidNamespace* at = process.pid_space(); at != nullptr; at = at->parent()) {
        --at->process_count;
    }
    process.drop_number();
    exited_.push_back(process);
    record(EventKind::Reap, process.pid(), 0, 0);
    process_gone_.wake_all(system_.scheduler);
}

void ProcessTable::end_machine(Process& first)
{
    for (Process& process : all_) {
        if (&process == &first) continue;
        send_to_process(process, SignalInfo::from_kernel(Signal::Kill));
    }
    Ticks const deadline = system_.scheduler.now() + kLastWait;
    Result<void> const outcome = system_.scheduler.wait_until(
        process_gone_,
        "the end of all processes",
        [this] { return process_count_ == 1; },
        Thread::Wait::Uninterruptible,
        deadline);
    // One that cannot be killed is left to the audit.
    static_cast<void>(outcome.is_ok());
    collect();
    first.session.reset();
    system_.vfs.drop_cached_names();
    system_.heap.trim();
    system_.platform.halt(run_status(first.exit_status));
}

}  // namespace drydock
