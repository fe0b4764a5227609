#include "core/process/exec.h"
#include "core/procfs/cgroup_fs.h"
#include "core/syscall/handlers.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

namespace cf = clone_flags;

constexpr u64 kSignalMask = 0xff;

Result<i64> run_clone(Call& call, CloneRequest const& request)
{
    u32 const number = TRY(call.system().processes.clone(call.thread, request));
    return i64{number};
}

// clone3(2), struct clone_args.
struct CloneArguments {
    u64 flags = 0, pidfd = 0, child_tid = 0, parent_tid = 0, exit_signal = 0;
    u64 stack = 0, stack_size = 0, tls = 0, set_tid = 0, set_tid_size = 0, cgroup = 0;
};
static_assert(sizeof(CloneArguments) == 88);
constexpr u64 kFirstCloneArgumentsSize = 64;

// A newer caller's structure must be zero where this kernel knows nothing (clone3(2), E2BIG).
Result<void> check_tail(Call& call, UserAddr start, u64 size)
{
    for (u64 offset = sizeof(CloneArguments); offset < size; ++offset) {
        u8 const byte = TRY(call.space().read<u8>(start + offset));
        if (byte != 0) return Errno::TooBig;
    }
    return {};
}

// clone3(2), CLONE_INTO_CGROUP: a folder that may be open with O_PATH.
Result<void> find_cgroup(Call& call, u32 descriptor, CloneRequest& request)
{
    Ref<File> const file = TRY(call.thread.files->get(descriptor));
    Ref<Cgroup> target = TRY(cgroup_of(*file));
    Cgroup* const own = call.process().cgroup.get();
    bool const is_own = target->is_root() ? own == nullptr : own == target.get();
    TRY(may_start_in(call.thread, *target));
    // Threads of a process are in one cgroup.
    if ((request.flags & cf::kThread) != 0 && !is_own) return Errno::OpNotSupp;
    request.cgroup = std::move(target);
    return {};
}

// A path from user memory; short ones take little.
Result<Buffer> read_path(Call& call, UserAddr source)
{
    constexpr usize kUsual = 256;
    Buffer buffer = TRY(Buffer::create(call.system().heap, kUsual));
    Result<usize> length =
        call.space().read_string({reinterpret_cast<char*>(buffer.data()), buffer.size()}, source);
    if (length.is_ok()) return buffer;
    if (length.error() != Errno::NameTooLong) return length.error();
    buffer = TRY(Buffer::create(call.system().heap, kPathMaximum));
    TRY(call.space().read_string({reinterpret_cast<char*>(buffer.data()), buffer.size()}, source));
    return buffer;
}

StringView text_of(Buffer const& buffer)
{
    return StringView::from_c_string(reinterpret_cast<char const*>(buffer.data()));
}

// "/dev/fd/N" or "/dev/fd/N/path", as Linux names what execveat(2) runs.
Result<Buffer> shown_name(Heap& heap, u32 descriptor, StringView path)
{
    constexpr StringView kPrefix = "/dev/fd/";
    char digits[12] = {};
    usize count = sizeof(digits);
    do {
        digits[--count] = static_cast<char>('0' + descriptor % 10);
        descriptor /= 10;
    } while (descriptor > 0);
    StringView const number{digits + count, sizeof(digits) - count};
    usize const size = kPrefix.size() + number.size() + 1 + path.size() + 1;
    Buffer name = TRY(Buffer::create(heap, size));
    std::byte* target = name.data();
    memcpy(target, kPrefix.data(), kPrefix.size());
    target += kPrefix.size();
    memcpy(target, number.data(), number.size());
    target += number.size();
    if (path.is_empty()) return name;
    *target = std::byte{'/'};
    memcpy(target + 1, path.data(), path.size());
    return name;
}

}  // namespace

// --- clone
// -----------------------------------------------------------------------------------------

Result<i64> sys_clone(Call& call)
{
    CloneRequest request;
    // The upper half of the flags belongs to clone3 (kernel/fork.c).
    request.flags = u64{call.word(0)} & ~kSignalMask;
    request.exit_signal = static_cast<u32>(call[0] & kSignalMask);
    request.stack = call.address(1);
    request.parent_tid = call.address(2);
    request.child_tid = call.address(3);
    request.tls = call[4];
    request.pidfd = request.parent_tid;
    // Both would be stored at one place.
    constexpr u64 kBoth = cf::kPidFd | cf::kParentSetTid;
    if ((request.flags & kBoth) == kBoth) return Errno::Inval;
    return run_clone(call, request);
}

Result<i64> sys_clone3(Call& call)
{
    u64 const size = call[1];
    if (size < kFirstCloneArgumentsSize) return Errno::Inval;
    if (size > kPageSize) return Errno::TooBig;
    CloneArguments arguments;
    usize const known = size < sizeof(arguments) ? static_cast<usize>(size) : sizeof(arguments);
    TRY(call.space().read_bytes({reinterpret_cast<std::byte*>(&arguments), known},
                                call.address(0)));
    TRY(check_tail(call, call.address(0), size));
    if ((arguments.flags & (kSignalMask | cf::kDetached)) != 0) return Errno::Inval;
    bool const is_into_cgroup = (arguments.flags & cf::kIntoCgroup) != 0;
    if (is_into_cgroup && (arguments.cgroup > 0x7fff'ffff || size < sizeof(arguments))) {
        return Errno::Inval;
    }
    if (arguments.set_tid_size > kMaximumPidLevel) return Errno::Inval;
    if ((arguments.set_tid == 0) != (arguments.set_tid_size == 0)) return Errno::Inval;
    if ((arguments.stack == 0) != (arguments.stack_size == 0)) return Errno::Inval;
    if (arguments.exit_signal > kSignalCount) return Errno::Inval;
    constexpr u64 kNoSignal = cf::kThread | cf::kParent;
    if ((arguments.flags & kNoSignal) != 0 && arguments.exit_signal != 0) return Errno::Inval;
    u32 numbers[kMaximumPidLevel] = {};
    usize const numbers_size = arguments.set_tid_size * sizeof(u32);
    TRY(call.space().read_bytes({reinterpret_cast<std::byte*>(numbers), numbers_size},
                                {arguments.set_tid}));
    CloneRequest request;
    request.numbers = {numbers, static_cast<usize>(arguments.set_tid_size)};
    request.flags = arguments.flags;
    request.exit_signal = static_cast<u32>(arguments.exit_signal);
    request.stack = {arguments.stack + arguments.stack_size};
    request.parent_tid = {arguments.parent_tid};
    request.child_tid = {arguments.child_tid};
    request.tls = arguments.tls;
    request.pidfd = {arguments.pidfd};
    constexpr u64 kBoth = cf::kPidFd | cf::kParentSetTid;
    bool const is_one_place = arguments.pidfd == arguments.parent_tid;
    if ((request.flags & kBoth) == kBoth && is_one_place) return Errno::Inval;
    if (is_into_cgroup) TRY(find_cgroup(call, static_cast<u32>(arguments.cgroup), request));
    return run_clone(call, request);
}

Result<i64> sys_fork(Call& call) { return run_clone(call, CloneRequest{}); }

Result<i64> sys_vfork(Call& call)
{
    CloneRequest request;
    request.flags = cf::kVm | cf::kVfork;
    return run_clone(call, request);
}

// --- exec
// ------------------------------------------------------------------------------------------

namespace {

Result<i64> execute_with(Call& call, ExecTarget const& target, UserAddr argv, UserAddr envp)
{
    Result<ExecStrings> strings = collect_strings(call.thread, argv, envp);
    if (strings.is_error()) {
        // Linux looks at the file first (fs/exec.c, alloc_bprm).
        TRY(check_target(call.thread, target));
        return strings.error();
    }
    TRY(execute_target(call.thread, target, strings.take()));
    return i64{0};
}

}  // namespace

Result<i64> sys_execve(Call& call)
{
    Buffer const path = TRY(read_path(call, call.address(0)));
    ExecTarget const target{text_of(path), {}, text_of(path), true};
    return execute_with(call, target, call.address(1), call.address(2));
}

Result<i64> sys_execveat(Call& call)
{
    constexpr i32 kCurrentDirectory = -100;
    constexpr u32 kNoFollow = 0x100, kEmptyPath = 0x1000;
    u32 const flags = call.word(4);
    Buffer const path = TRY(read_path(call, call.address(1)));
    StringView const name = text_of(path);
    if (name.is_empty() && (flags & kEmptyPath) == 0) return Errno::NoEnt;
    if ((flags & ~(kNoFollow | kEmptyPath)) != 0) return Errno::Inval;
    ExecTarget target;
    target.path = name;
    target.shown_path = name;
    target.follow_last = (flags & kNoFollow) == 0;
    target.is_base_itself = (flags & kEmptyPath) != 0;
    Buffer shown;
    bool const is_absolute = !name.is_empty() && name[0] == '/';
    if (!is_absolute && call.integer(0) != kCurrentDirectory) {
        Ref<File> const file = TRY(call.thread.files->get(call.word(0)));
        target.base = TRY(call.system().vfs.path_of(*file));
        target.is_out_of_reach = TRY(call.thread.files->close_on_exec(call.word(0)));
        shown = TRY(shown_name(call.system().heap, call.word(0), name));
        target.shown_path = text_of(shown);
    }
    return execute_with(call, target, call.address(2), call.address(3));
}

// --- exit
// ------------------------------------------------------------------------------------------

Result<i64> sys_exit(Call& call)
{
    call.system().processes.exit_thread(call.thread, (call.word(0) & 0xff) << 8);
}

Result<i64> sys_exit_group(Call& call)
{
    call.system().processes.exit_process(call.thread, (call.word(0) & 0xff) << 8);
}

// --- numbers
// ---------------------------------------------------------------------------------------

Result<i64> sys_getpid(Call& call) { return i64{call.process().shown_pid()}; }
Result<i64> sys_gettid(Call& call) { return i64{call.thread.shown_tid}; }
Result<i64> sys_getppid(Call& call) { return i64{seen_number(call, call.process().parent_pid())}; }
Result<i64> sys_getpgrp(Call& call) { return i64{seen_number(call, call.process().group_id)}; }

namespace {

// 0 stands for the caller.
Result<Process*> process_of(Call& call, i32 pid)
{
    if (pid == 0) return &call.process();
    if (pid < 0) return Errno::Srch;
    Process* const process = seen_process_by_thread(call, static_cast<u32>(pid));
    if (process == nullptr) return Errno::Srch;
    return process;
}

}  // namespace

Result<i64> sys_getpgid(Call& call)
{
    Process* const process = TRY(process_of(call, call.integer(0)));
    return i64{seen_number(call, process->group_id)};
}

Result<i64> sys_getsid(Call& call)
{
    Process* const process = TRY(process_of(call, call.integer(0)));
    return i64{seen_number(call, process->session->id())};
}

Result<i64> sys_setpgid(Call& call)
{
    // A group of 0 stands for the process as it was named (setpgid(2), EINVAL).
    if (call.integer(1) < 0 || (call.word(1) == 0 && call.integer(0) < 0)) return Errno::Inval;
    Process& caller = call.process();
    Process* const process = TRY(process_of(call, call.integer(0)));
    // Only the whole process has a group, in the name of its first thread.
    bool const is_thread = call.word(0) != 0 && meant_number(call, call.word(0)) != process->pid();
    if (is_thread) return Errno::Inval;
    u32 const group = call.word(1) == 0 ? process->pid() : meant_number(call, call.word(1));
    if (process->parent == &caller) {
        if (process->session != caller.session) return Errno::Perm;
        if (process->has_executed) return Errno::Acces;
    } else if (process != &caller) {
        return Errno::Srch;
    }
    if (process->session->id() == process->pid()) return Errno::Perm;
    Process* leader = process;
    if (group != process->pid()) {
        leader = call.system().processes.member_of_group(group, caller.session->id());
        if (group == 0 || leader == nullptr) return Errno::Perm;
    }
    process->group_number = leader == process ? process->number() : leader->group_number;
    process->group_id = group;
    return i64{0};
}

Result<i64> sys_setsid(Call& call)
{
    Process& process = call.process();
    u32 const pid = process.pid();
    // A group of this number exists already: the caller leads it, or led it (setsid(2), EPERM).
    for (Process* other = call.system().processes.next_at_or_above(1); other != nullptr;
         other = call.system().processes.next_at_or_above(other->pid() + 1)) {
        if (other->group_id == pid) return Errno::Perm;
    }
    process.session = TRY(call.system().heap.create_ref<Session>(pid, process.number()));
    process.group_number = process.number();
    process.group_id = pid;
    return i64{process.shown_pid()};
}

}  // namespace drydock
