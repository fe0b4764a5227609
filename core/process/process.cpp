#include "core/process/process.h"

#include "core/process/user_thread.h"

namespace drydock {

Credentials const& Process::credentials() const
{
    ASSERT(main_thread != nullptr);
    return main_thread->credentials;
}

namespace {

void free_queue(SignalQueue& queue)
{
    while (PendingSignal* const signal = queue.pop_front()) Own<PendingSignal>{signal}.reset();
}

}  // namespace

Process::Process(System& system, u32 pid) : system_(system), pid_(pid), shown_pid_(pid) {}

void Process::take_number(Ref<TaskNumber> number)
{
    shown_pid_ = number->number();
    number_ = std::move(number);
}

Process::~Process()
{
    ASSERT(threads.is_empty());
    ASSERT(timers.is_empty());
    // epoll(7) may follow a signalfd through it.
    signalled.abandon();
    ASSERT(ended.is_empty());
    free_queue(pending_queue);
}

UserThread::~UserThread() { free_queue(pending_queue); }

void Process::move_to(Cgroup& target)
{
    ASSERT(thread_count > 0);
    Ref<Cgroup> const source = cgroup;
    bool const is_to_root = target.is_root();
    if (source.get() == (is_to_root ? nullptr : &target)) return;
    // A first thread that has exited counts as long as the process does.
    u64 const tasks = thread_count + (main_thread->process_link.hook.is_linked() ? 0u : 1u);
    cgroup = is_to_root ? Ref<Cgroup>{} : Ref<Cgroup>(&target);
    if (!is_to_root) {
        target.charge(tasks);
        target.enter();
    }
    if (source) {
        source->uncharge(tasks);
        source->add_times(user_time() - user_time_before, system_time() - system_time_before);
        source->leave();
    }
    user_time_before = user_time();
    system_time_before = system_time();
}

void Process::leave_cgroup()
{
    if (!cgroup) return;
    cgroup->add_times(user_time() - user_time_before, system_time() - system_time_before);
    cgroup->leave();
}

u32 Process::parent_pid() const
{
    if (pid_ == 1) return 0;
    return parent == nullptr ? 1 : parent->pid_;
}

u64 Process::total_peak_memory() const
{
    u64 const now = space ? space->peak_resident_pages() : 0;
    return now > peak_memory ? now : peak_memory;
}

u64 Process::user_time()
{
    u64 total = dead_threads_user_time;
    for (ThreadLink& link : threads) total += link.thread->user_time();
    return total;
}

u64 Process::system_time()
{
    u64 total = dead_threads_system_time;
    for (ThreadLink& link : threads) total += link.thread->system_time();
    return total;
}

}  // namespace drydock
