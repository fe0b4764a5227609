// clone(2) and its relatives: everything that can fail first, then the child becomes visible at
// once.

#include "core/process/process_file.h"

namespace drydock {

// The layer above: where a new thread begins.
void run_user_thread(void* argument);

namespace {

namespace cf = clone_flags;

// Accepted and without meaning here: CLONE_PTRACE, CLONE_UNTRACED (nobody traces), CLONE_IO.
constexpr u64 kWithoutEffect = 0x2000 | 0x800000 | 0x80000000;
constexpr u64 kKnownFlags = cf::kVm | cf::kFs | cf::kFiles | cf::kSigHand | cf::kVfork |
                            cf::kParent | cf::kThread | cf::kSysVSem | cf::kSetTls |
                            cf::kParentSetTid | cf::kChildClearTid | cf::kDetached |
                            cf::kChildSetTid | cf::kClearSigHand | cf::kIntoCgroup | cf::kPidFd |
                            namespace_flags::kAll | kWithoutEffect;

// clone(2), EINVAL.
Result<void> check_flags(UserThread const& caller, CloneRequest const& request)
{
    Process const& process = caller.process();
    u64 const flags = request.flags;
    if ((flags & ~kKnownFlags) != 0) return Errno::Inval;
    if ((flags & cf::kThread) != 0 && (flags & cf::kSigHand) == 0) return Errno::Inval;
    if ((flags & cf::kSigHand) != 0 && (flags & cf::kVm) == 0) return Errno::Inval;
    constexpr u64 kBothActions = cf::kSigHand | cf::kClearSigHand;
    if ((flags & kBothActions) == kBothActions) return Errno::Inval;
    constexpr u64 kNoDescriptor = cf::kThread | cf::kDetached;
    if ((flags & cf::kPidFd) != 0 && (flags & kNoDescriptor) != 0) return Errno::Inval;
    namespace nf = namespace_flags;
    if ((flags & nf::kMounts) != 0 && (flags & cf::kFs) != 0) return Errno::Inval;
    if ((flags & nf::kIpc) != 0 && (flags & cf::kSysVSem) != 0) return Errno::Inval;
    if ((flags & cf::kThread) != 0) {
        // Threads are in the namespace of their process, not in that of its children.
        if ((flags & (nf::kUser | nf::kPid)) != 0) return Errno::Inval;
        if (caller.child_pids.get() != process.pid_space()) return Errno::Inval;
    }
    // The first process must not have siblings.
    bool const is_first = process.pid() == 1 || process.is_init_of_namespace();
    if ((flags & cf::kParent) != 0 && is_first) return Errno::Inval;
    if ((flags & cf::kSetTls) != 0 && request.tls >= kUserEnd) return Errno::Perm;
    return {};
}

// The descriptor of CLONE_PIDFD in the caller's table; closed again unless it is kept.
class ChildDescriptor {
public:
    explicit ChildDescriptor(UserThread& caller) : caller_(caller) {}
    ChildDescriptor(ChildDescriptor const&) = delete;
    ChildDescriptor& operator=(ChildDescriptor const&) = delete;
    ~ChildDescriptor()
    {
        if (is_open_) MUST(caller_.files->close(number_));
    }
    // Errno::Mfile, NoMem, Fault.
    Result<void> open(Ref<Process> child, UserAddr target)
    {
        Ref<File> file = TRY(ProcessFile::create(caller_.system(), std::move(child), 0));
        u32 const limit = caller_.process().descriptor_limit();
        number_ = TRY(caller_.files->add(std::move(file), true, 0, limit));
        is_open_ = true;
        return caller_.space().write(target, number_);
    }
    void keep() { is_open_ = false; }

private:
    UserThread& caller_;
    u32 number_ = 0;
    bool is_open_ = false;
};

// The place of a task in its cgroup; given back unless it is kept.
class TaskCharge {
public:
    TaskCharge() = default;
    TaskCharge(TaskCharge const&) = delete;
    TaskCharge& operator=(TaskCharge const&) = delete;
    ~TaskCharge()
    {
        if (group_ != nullptr) group_->uncharge(1);
    }
    // Errno::Again.
    Result<void> take(Cgroup& group)
    {
        TRY(group.try_charge());
        group_ = &group;
        return {};
    }
    void keep() { group_ = nullptr; }

private:
    Cgroup* group_ = nullptr;
};

}  // namespace

Result<void> ProcessTable::check_limits(UserThread const& caller)
{
    Process& process = caller.process();
    Credentials const& own = caller.credentials;
    if (system_.scheduler.thread_count() >= kMaximumPid - 2) return Errno::Again;
    // Processes of root are not limited (getrlimit(2), RLIMIT_NPROC).
    u64 const limit = process.limit(Resource::Processes).soft;
    if (own.uid == 0 || own.has_any(bit_of(Capability::SysResource) | bit_of(Capability::SysAdmin)))
        return {};
    u64 count = 0;
    for (Process& other : all_) {
        for (ThreadLink& link : other.threads) {
            if (link.thread->credentials.uid == own.uid) ++count;
        }
    }
    if (count >= limit) return Errno::Again;
    return {};
}

Result<Ref<Process>> ProcessTable::copy_process(UserThread& caller,
                                                CloneRequest const& request,
                                                u32 pid)
{
    Process& parent = caller.process();
    u64 const flags = request.flags;
    Ref<Process> child = TRY(system_.heap.create_ref<Process>(system_, pid));
    if ((flags & cf::kSigHand) != 0) {
        child->actions = parent.actions;
    } else {
        child->actions = TRY(system_.heap.create_ref<SignalActions>(*parent.actions));
        if ((flags & cf::kClearSigHand) != 0) child->actions->forget_handlers();
    }
    if ((flags & cf::kVm) != 0) {
        child->space = parent.space;
    } else {
        child->space = TRY(parent.space->duplicate());
    }
    child->cgroup = parent.cgroup;
    if ((flags & cf::kIntoCgroup) != 0) {
        child->cgroup = request.cgroup->is_root() ? Ref<Cgroup>{} : request.cgroup;
    }
    for (usize i = 0; i < kResourceCount; ++i) child->limits[i] = parent.limits[i];
    update_cpu_watch(*child);
    child->executable = parent.executable;
    child->running_file = parent.running_file.again();
    child->is_dumpable = parent.is_dumpable;
    child->oom_adjustment = parent.oom_adjustment;
    child->oom_minimum = parent.oom_minimum;
    child->barriers = parent.barriers;
    child->group_id = parent.group_id;
    child->group_number = parent.group_number;
    child->session = parent.session;
    child->exit_signal = request.exit_signal;
    child->start_time = system_.scheduler.now();
    return child;
}

namespace {

// Files, places and namespaces: each task's own, shared where the flags say so.
Result<void> copy_surroundings(UserThread& caller, UserThread& child, u64 flags)
{
    child.files = caller.files;
    if ((flags & cf::kFiles) == 0) child.files = TRY(caller.files->duplicate());
    child.file_context = caller.file_context;
    if ((flags & cf::kFs) == 0) {
        child.file_context = TRY(caller.file_context->duplicate(caller.system().heap));
    }
    child.uts = caller.uts;
    child.ipc = caller.ipc;
    child.child_pids = caller.child_pids;
    child.cgroup_space = caller.cgroup_space;
    NewNamespaces made = TRY(make_namespaces(caller, *child.file_context, flags));
    enter_namespaces(child, *child.file_context, std::move(made));
    return {};
}

}  // namespace

void ProcessTable::copy_thread(UserThread& caller, UserThread& child, CloneRequest const& request)
{
    child.context() = caller.context();
    child.context().reg(Gpr::Rax) = 0;
    if (!request.stack.is_null()) child.context().reg(Gpr::Rsp) = request.stack.value;
    if ((request.flags & cf::kSetTls) != 0) {
        child.context().fs = 0;
        child.context().fs_base = request.tls;
    }
    if ((request.flags & cf::kChildClearTid) != 0) child.clear_child_tid = request.child_tid;
    child.set_nice(caller.nice());
    child.io_priority = caller.io_priority;
    memcpy(child.name, caller.name, sizeof(child.name));
    child.credentials = caller.credentials;
    child.no_new_privileges = caller.no_new_privileges;
    child.policy = caller.policy;
    // sched(7): the mark itself is not inherited.
    if (caller.resets_on_fork && child.nice() < 0) child.set_nice(0);
    child.timer_slack = caller.timer_slack;
    child.default_slack = caller.timer_slack;
    child.blocked = caller.restores_blocked ? caller.saved_blocked : caller.blocked;
    // clone(2): the alternate stack is kept unless the memory is shared without vfork.
    if ((request.flags & (cf::kVm | cf::kVfork)) != cf::kVm) {
        child.alternate_stack = caller.alternate_stack;
        child.alternate_stack_size = caller.alternate_stack_size;
        child.alternate_stack_flags = caller.alternate_stack_flags;
    }
}

void ProcessTable::finish_clone(UserThread& caller, UserThread& child, CloneRequest const& request)
{
    u64 const flags = request.flags;
    Process& process = child.process();
    u32 const seen = number_in(caller.process().pid_space(), child.tid());
    // Bad addresses for the numbers are not reported (kernel/fork.c).
    auto const bytes_of = [](u32 const& number) {
        return ConstBytes{reinterpret_cast<std::byte const*>(&number), sizeof(number)};
    };
    if ((flags & cf::kParentSetTid) != 0) {
        caller.space().copy_out(request.parent_tid, bytes_of(seen));
    }
    if ((flags & cf::kChildSetTid) != 0) {
        child.space().copy_out(request.child_tid, bytes_of(child.shown_tid));
    }
    if ((flags & cf::kThread) == 0) {
        Process* const parent =
            (flags & cf::kParent) != 0 ? caller.process().parent : &caller.process();
        process.parent = parent;
        process.main_thread = &child;
        process.holds_vfork_parent = (flags & cf::kVfork) != 0;
        if ((flags & cf::kParent) != 0) process.exit_signal = caller.process().exit_signal;
        if (parent != nullptr) parent->children.push_back(process);
        if (process.is_init_of_namespace()) {
            process.is_unkillable = true;
            process.pid_space()->init = &process;
        }
        publish_process(process);
        if (process.cgroup) process.cgroup->enter();
    }
    publish_thread(child);
    if (process.cgroup) join_cgroup(child);
    u64 const copied = (flags & cf::kVm) == 0 ? child.space().entries_copied() : 0;
    record(EventKind::Fork, child.tid(), flags, copied);
    system_.scheduler.start_prepared(child);
}

namespace {

// The number that the child is to have in the system itself; 0: any. Errno::Inval, Perm.
Result<u32> wanted_number(UserThread const& caller, CloneRequest const& request)
{
    if (request.numbers.is_empty()) return 0;
    u32 level = caller.child_pids ? caller.child_pids->level() : 0;
    if ((request.flags & namespace_flags::kPid) != 0) ++level;
    if (request.numbers.size() > level + 1) return Errno::Inval;
    for (u32 const number : request.numbers) {
        if (number == 0 || number >= kMaximumPid) return Errno::Inval;
    }
    bool const may = caller.credentials.has(Capability::CheckpointRestore) ||
                     caller.credentials.has(Capability::SysAdmin);
    if (!may) return Errno::Perm;
    return request.numbers.size() > level ? request.numbers[level] : 0;
}

}  // namespace

Result<void> ProcessTable::give_number(UserThread& child,
                                       PidNamespace* space,
                                       CloneRequest const& request)
{
    if (space == nullptr) return {};
    child.number = TRY(TaskNumber::create(system_.heap, *space, child.tid(), request.numbers));
    child.shown_tid = child.number->number();
    if ((request.flags & cf::kThread) == 0) child.process().take_number(child.number);
    return {};
}

Result<u32> ProcessTable::clone_once(UserThread& caller, CloneRequest const& request)
{
    Process& parent = caller.process();
    TRY(check_flags(caller, request));
    TRY(check_limits(caller));
    // A sibling that another thread's exec or exit is about to end must not multiply.
    if (caller.must_exit()) return Errno::RestartNoIntr;
    u32 const wanted = TRY(wanted_number(caller, request));
    u32 const number = TRY(allocate_number(wanted));
    Ref<Process> process = caller.process_ref();
    if ((request.flags & cf::kThread) == 0) process = TRY(copy_process(caller, request, number));
    Ref<UserThread> child = TRY(system_.heap.create_ref<UserThread>(process, number));
    TRY(copy_surroundings(caller, *child, request.flags));
    TRY(give_number(*child, child->child_pids.get(), request));
    copy_thread(caller, *child, request);
    ChildDescriptor descriptor(caller);
    if ((request.flags & cf::kPidFd) != 0) TRY(descriptor.open(process, request.pidfd));
    TaskCharge charge;
    if (process->cgroup) TRY(charge.take(*process->cgroup));
    TRY(system_.scheduler.give_stack(*child, run_user_thread, child.get()));
    descriptor.keep();
    charge.keep();
    finish_clone(caller, *child, request);
    u32 const seen = number_in(parent.pid_space(), number);
    if ((request.flags & cf::kVfork) != 0 && (request.flags & cf::kThread) == 0) {
        note_frozen(caller, true);
        wait_killable(caller, process->vfork_done, "vfork", [&process] {
            return !process->holds_vfork_parent;
        });
        note_frozen(caller, false);
    }
    return seen;
}

Result<u32> ProcessTable::clone(UserThread& caller, CloneRequest const& request)
{
    Result<u32> outcome = clone_once(caller, request);
    if (outcome.is_ok() || outcome.error() != Errno::NoMem) return outcome;
    // What has exited may hold the memory.
    if (dead_.is_empty() && exited_.is_empty()) return Errno::NoMem;
    collect();
    return clone_once(caller, request);
}

}  // namespace drydock
