#include "core/sched/scheduler.h"

namespace drydock {

namespace {

// The share of the CPU that each nice level gets, relative to 1024 at nice 0: a step of one changes
// it by a quarter, as in Linux (kernel/sched/core.c, sched_prio_to_weight; sched(7)).
constexpr u32 kWeights[40] = {
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904,
    3906,  3121,  2501,  1991,  1586,  1277,  1024,  820,   655,   526,   423,  335,  272,  215,
    172,   137,   110,   87,    70,    56,    45,    36,    29,    23,    18,   15,
};
constexpr u32 kDefaultWeight = 1024;

// A simulation chooses among this many of the ready threads at most.
constexpr u32 kMaximumCandidates = 64;

u32 weight_of(Thread const& thread) { return kWeights[thread.nice() + 20]; }

}  // namespace

void Scheduler::record(EventKind kind, u64 a)
{
    Event event;
    event.kind = kind;
    event.a = a;
    platform_.record(event);
}

Result<void> Scheduler::give_stack(Thread& thread, void (*entry)(void*), void* argument)
{
    ASSERT(thread.state_ == Thread::State::New);
    ASSERT(thread.stack_.frames == PhysAddr{});
    PhysAddr const frames = TRY(frames_.allocate(FrameUse::Stack, kKernelStackOrder, false));
    if (!platform_.prepare_stack(thread.stack_, frames, entry, argument)) {
        frames_.free(frames, kKernelStackOrder);
        return Errno::NoMem;
    }
    thread.stack_.frames = frames;
    return {};
}

void Scheduler::start_prepared(Thread& thread)
{
    ASSERT(thread.state_ == Thread::State::New);
    ASSERT(thread.stack_.frames != PhysAddr{});
    threads_.push_back(thread);
    ++thread_count_;
    thread.virtual_runtime_ = current_ == nullptr ? 0 : current_->virtual_runtime_;
    make_ready(thread);
}

Result<void> Scheduler::start(Thread& thread, void (*entry)(void*), void* argument)
{
    TRY(give_stack(thread, entry, argument));
    start_prepared(thread);
    return {};
}

void Scheduler::reclaim(Thread& thread)
{
    ASSERT(&thread != current_);
    ASSERT(thread.state_ == Thread::State::Dead || thread.state_ == Thread::State::New);
    if (thread.state_ == Thread::State::Dead) {
        threads_.remove(thread);
        --thread_count_;
        // From here on it can be dropped; nothing may switch to it again.
        thread.state_ = Thread::State::New;
    }
    if (thread.stack_.frames == PhysAddr{}) return;
    PhysAddr const frames = thread.stack_.frames;
    platform_.release_stack(thread.stack_);
    thread.stack_ = KernelStack{};
    frames_.free(frames, kKernelStackOrder);
}

void Scheduler::run()
{
    ASSERT(current_ == nullptr);
    Thread& first = pick();
    current_ = &first;
    first.state_ = Thread::State::Running;
    first.accounted_until_ = platform_.times();
    first.run_since_ = first.accounted_until_.now;
    record(EventKind::Switch, first.tid());
    platform_.switch_stack(boot_stack_, first.stack_);
    UNREACHABLE();
}

void Scheduler::exit_current()
{
    ASSERT(current_ != nullptr);
    current_->state_ = Thread::State::Dead;
    dispatch();
    UNREACHABLE();
}

void Scheduler::insert_ready(Thread& thread)
{
    thread.ready_since_ = ++sequence_;
    // Most threads belong at the end, or near it: search from there.
    Thread* position = ready_.last();
    while (position != nullptr && position->virtual_runtime_ > thread.virtual_runtime_) {
        position = ready_.previous(*position);
    }
    Thread* const next = position == nullptr ? ready_.first() : ready_.next(*position);
    if (next == nullptr) {
        ready_.push_back(thread);
    } else {
        ready_.insert_before(thread, *next);
    }
    ++ready_count_;
    is_timer_stale_ = true;
}

void Scheduler::make_ready(Thread& thread)
{
    ASSERT(thread.state_ != Thread::State::Ready);
    ASSERT(thread.state_ != Thread::State::Running);
    ASSERT(thread.state_ != Thread::State::Dead);
    if (thread.timer_hook_.is_linked()) thread.timer_hook_.unlink();
    thread.state_ = Thread::State::Ready;
    // Who slept long has no claim on all that time, only on being next.
    if (thread.virtual_runtime_ < least_runtime_) thread.virtual_runtime_ = least_runtime_;
    insert_ready(thread);
    record(EventKind::Wake, thread.tid());
}

void Scheduler::wake(Thread& thread)
{
    if (thread.state_ == Thread::State::Blocked) make_ready(thread);
}

void Scheduler::interrupt(Thread& thread)
{
    thread.is_interrupted_ = true;
    if (thread.state_ == Thread::State::Blocked && thread.waits_interruptibly_) make_ready(thread);
}

Result<void> Scheduler::block(char const* why, Thread::Wait kind, Ticks deadline)
{
    Thread& thread = *current_;
    bool const is_interruptible = kind == Thread::Wait::Interruptible;
    if (is_interruptible && thread.is_interrupted_) return Errno::RestartSys;
    if (deadline != kNever && now() >= deadline) return Errno::TimedOut;
    if (is_interruptible && platform_.choose(Choice::InterruptWait, 2) == 1)
        return Errno::RestartSys;
    thread.timed_out_ = false;
    thread.waits_interruptibly_ = is_interruptible;
    thread.waiting_for_ = why;
    thread.state_ = Thread::State::Blocked;
    if (deadline != kNever) sleep_until(thread, deadline);
    dispatch();
    thread.waiting_for_ = nullptr;
    if (thread.timed_out_) return Errno::TimedOut;
    if (is_interruptible && thread.is_interrupted_) return Errno::RestartSys;
    return {};
}

void Scheduler::stop_current()
{
    current_->state_ = Thread::State::Stopped;
    current_->waiting_for_ = "stopped by a signal";
    dispatch();
    current_->waiting_for_ = nullptr;
}

void Scheduler::continue_thread(Thread& thread)
{
    if (thread.state_ == Thread::State::Stopped) make_ready(thread);
}

void Scheduler::account_current()
{
    if (current_ != nullptr && current_->state_ == Thread::State::Running)
        current_->account(platform_.times());
}

LoadAverage const& Scheduler::load()
{
    load_.look(now(), ready_count_ + 1);
    return load_;
}

void Scheduler::charge_current()
{
    Thread& thread = *current_;
    ClockTimes const times = platform_.times();
    Ticks const time = times.now;
    ASSERT(time >= thread.run_since_);
    thread.account(times);
    load_.look(time, ready_count_ + 1);
    u64 const ran = time - thread.run_since_;
    thread.run_since_ = time;
    thread.virtual_runtime_ += ran * kDefaultWeight / weight_of(thread);
    if (thread.virtual_runtime_ > least_runtime_) {
        // The floor follows the least of those that want to run.
        Thread* const rival = ready_.first();
        u64 const floor = rival != nullptr && rival->virtual_runtime_ < thread.virtual_runtime_
                              ? rival->virtual_runtime_
                              : thread.virtual_runtime_;
        if (floor > least_runtime_) least_runtime_ = floor;
    }
}

void Scheduler::wait_for_work()
{
    program_timer();
    Ticks const before = now();
    if (!platform_.idle()) {
        if (standstill_hook_ != nullptr) standstill_hook_(standstill_hook_argument_);
        platform_.fail("no progress: every thread is blocked and nothing is pending");
    }
    Ticks const after = now();
    idle_time_ += after - before;
    load_.look(after, 0);
    if (idle_hook_ != nullptr) idle_hook_(idle_hook_argument_);
    run_timers();
}

Thread& Scheduler::pick()
{
    while (ready_count_ == 0) wait_for_work();
    u32 const candidates = ready_count_ < kMaximumCandidates ? ready_count_ : kMaximumCandidates;
    u32 const choice = candidates == 1 ? 0 : platform_.choose(Choice::NextThread, candidates);
    ASSERT(choice < candidates);
    Thread* thread = ready_.first();
    for (u32 i = 0; i < choice; ++i) thread = ready_.next(*thread);
    ready_.remove(*thread);
    --ready_count_;
    is_timer_stale_ = true;
    return *thread;
}

void Scheduler::dispatch()
{
    charge_current();
    switch_to(pick());
}

void Scheduler::switch_to(Thread& next)
{
    ASSERT(next.state_ == Thread::State::Ready);
    ClockTimes const times = platform_.times();
    Thread& previous = *current_;
    next.state_ = Thread::State::Running;
    next.run_since_ = times.now;
    // What passed since the last account was somebody else's, or nobody's.
    next.accounted_until_ = times;
    slice_end_ = times.now + kTickLength;
    is_timer_stale_ = true;
    if (&next == &previous) return;
    current_ = &next;
    ++switches_;
    record(EventKind::Switch, next.tid());
    platform_.switch_stack(previous.stack_, next.stack_);
}

void Scheduler::end_slice()
{
    requeue_current();
    switch_to(pick());
}

void Scheduler::yield()
{
    if (ready_count_ == 0) return;
    // Behind everybody who is ready now, even if they have had more.
    u64 const last = ready_.last()->virtual_runtime_;
    if (current_->virtual_runtime_ < last) current_->virtual_runtime_ = last;
    requeue_current();
    switch_to(pick());
}

void Scheduler::requeue_current()
{
    charge_current();
    current_->state_ = Thread::State::Ready;
    insert_ready(*current_);
}

}  // namespace drydock
