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
