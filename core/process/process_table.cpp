// Numbers, lookup and collection of processes and threads.

#include "core/process/process_table.h"

namespace drydock {

namespace {

constexpr u32 kSlotOfFirst = 1;

}  // namespace

void ProcessTable::record(EventKind kind, u64 a, u64 b, u64 c)
{
    Event event;
    event.kind = kind;
    event.a = a;
    event.b = b;
    event.c = c;
    if (Thread const* const current = system_.scheduler.current()) {
        auto const& thread = static_cast<UserThread const&>(*current);
        event.pid = thread.process().pid();
        event.tid = thread.tid();
    }
    system_.platform.record(event);
}

// --- numbers
// ---------------------------------------------------------------------------------------

bool ProcessTable::is_number_used(u32 number)
{
    if (find_thread(number) != nullptr || find(number) != nullptr) return true;
    // A number stays taken while it names a group or a session.
    for (Process& process : all_) {
        if (process.group_id == number || process.session->id() == number) return true;
    }
    return false;
}

Result<u32> ProcessTable::allocate_number(u32 wanted)
{
    if (wanted != 0) {
        if (wanted >= kMaximumPid) return Errno::Inval;
        if (is_number_used(wanted)) return Errno::Exist;
        // From now on a number that comes next may be in use.
        numbers_wrapped_ = true;
        return wanted;
    }
    u32 candidate = last_number_;
    for (u32 tries = 0; tries < kMaximumPid; ++tries) {
        ++candidate;
        if (candidate >= kMaximumPid) {
            candidate = kFirstAfterWrap;
            numbers_wrapped_ = true;
        }
        if (numbers_wrapped_ && is_number_used(candidate)) continue;
        last_number_ = candidate;
        return candidate;
    }
    return Errno::Again;
}

// --- tables
// ----------------------------------------------------------------------------------------

void ProcessTable::publish_process(Process& process)
{
    Process* position = all_.last();
    while (position != nullptr && position->pid() > process.pid())
        position = all_.previous(*position);
    Process* const next = position == nullptr ? all_.first() : all_.next(*position);
    if (next == nullptr) {
        all_.push_back(process);
    } else {
        all_.insert_before(process, *next);
    }
    buckets_[process.pid() % kBuckets].push_front(process);
    process.self = Ref<Process>(&process);
    for (PidNamespace* at = process.pid_space(); at != nullptr; at = at->parent()) {
        ++at->process_count;
    }
    ++process_count_;
    ++created_count_;
}

void ProcessTable::publish_thread(UserThread& thread)
{
    thread_buckets_[thread.tid() % kBuckets].push_front(thread);
    thread.process().threads.push_back(thread.process_link);
    ++thread.process().thread_count;
    thread.self = Ref<UserThread>(&thread);
}

Process* ProcessTable::find(u32 pid)
{
    for (Process& process : buckets_[pid % kBuckets]) {
        if (process.pid() == pid) return &process;
    }
    return nullptr;
}

Process* ProcessTable::find_by_thread(u32 tid)
{
    if (Process* const process = find(tid)) return process;
    UserThread* const thread = find_thread(tid);
    return thread == nullptr ? nullptr : &thread->process();
}

UserThread* ProcessTable::find_thread(u32 tid)
{
    for (UserThread& thread : thread_buckets_[tid % kBuckets]) {
        if (thread.tid() == tid) return &thread;
    }
    return nullptr;
}

Process* ProcessTable::next_at_or_above(u32 minimum)
{
    for (Process& process : all_) {
        if (process.pid() >= minimum) return &process;
    }
    return nullptr;
}

void ProcessTable::move_roots(Path const& from, Path const& to)
{
    for (Process& process : all_) {
        for (ThreadLink& link : process.threads) {
            FileSystemContext& context = *link.thread->file_context;
            if (context.root == from) context.root = to;
            if (context.working_directory == from) context.working_directory = to;
        }
    }
}

// --- the first process
// -----------------------------------------------------------------------------

void ProcessTable::set_default_limits(Process& process)
{
    // As Debian has them (getrlimit(2), limits.conf(5)).
    process.limit(Resource::Stack).soft = 8 * kMiB;
    process.limit(Resource::Core).soft = 0;
    process.limit(Resource::OpenFiles) = {1024, kMaximumDescriptors};
    process.limit(Resource::LockedMemory) = {8 * kMiB, 8 * kMiB};
    process.limit(Resource::MessageQueue) = {819200, 819200};
    process.limit(Resource::Nice) = {0, 0};
    process.limit(Resource::RealTimePriority) = {0, 0};
    // kernel/fork.c, set_max_threads: stacks may take an eighth of memory; a user gets half of
    // that.
    u64 const stacks = system_.frames.counts().total / (8 * (kKernelStackSize / kPageSize));
    u64 const most = stacks / 2 < kMaximumPid ? stacks / 2 : kMaximumPid;
    process.limit(Resource::Processes) = {most, most};
    process.limit(Resource::PendingSignals) = {most, most};
}

Result<Ref<Process>> ProcessTable::create_first(bool is_init)
{
    ASSERT(process_count_ == 0);
    Heap& heap = system_.heap;
    // An init starts in the session and the group of the kernel's own threads (credentials(7)).
    u32 const group = is_init ? 0 : kSlotOfFirst;
    Ref<Process> process = TRY(heap.create_ref<Process>(system_, kSlotOfFirst));
    process->is_init = is_init;
    process->is_unkillable = is_init;
    process->actions = TRY(heap.create_ref<SignalActions>());
    process->session = TRY(heap.create_ref<Session>(group));
    process->space = TRY(AddressSpace::create(heap, system_.frames, system_.platform));
    Ref<UserThread> thread = TRY(heap.create_ref<UserThread>(process, kSlotOfFirst));
    thread->files = TRY(heap.create_ref<FileTable>(heap));
    thread->file_context = TRY(heap.create_ref<FileSystemContext>());
    process->group_id = group;
    process->main_thread = thread.get();
    process->start_time = system_.scheduler.now();
    set_default_limits(*process);
    last_number_ = kSlotOfFirst;
    publish_process(*process);
    publish_thread(*thread);
    return process;
}

// --- collection
// ------------------------------------------------------------------------------------

void ProcessTable::collect()
{
    if (dead_.is_empty() && exited_.is_empty()) return;
    // Both lists are taken whole; what exits from now on is for the next run.
    DeadList dead;
    ExitedList exited;
    dead.splice_back(dead_);
    exited.splice_back(exited_);
    while (UserThread* const thread = dead.pop_front()) {
        system_.scheduler.reclaim(*thread);
        Process& process = thread->process();
        if (thread != process.main_thread) thread->self.reset();
    }
    u64 collected = 0;
    while (Process* const process = exited.pop_front()) {
        ASSERT(process->state == Process::State::Reaped);
        if (UserThread* const main_thread = process->main_thread) {
            process->main_thread = nullptr;
            main_thread->self.reset();
        }
        process->self.reset();
        ++collected;
    }
    if (collected > 0) record(EventKind::Collect, collected, 0, 0);
}

}  // namespace drydock
