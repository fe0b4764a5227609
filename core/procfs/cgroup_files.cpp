// What the files of a cgroup say and take (Documentation/admin-guide/cgroup-v2.rst).

#include "core/procfs/cgroup_inode.h"

namespace drydock {

namespace {

u32 digit_of(char letter)
{
    if (letter >= '0' && letter <= '9') return static_cast<u32>(letter - '0');
    char const lower = static_cast<char>(letter | 0x20);
    if (lower >= 'a' && lower <= 'f') return static_cast<u32>(lower - 'a') + 10;
    return 99;
}

// lib/kstrtox.c with base 0: decimal, 0 octal, 0x hexadecimal. Errno::Inval, Range.
Result<i64> parse_number(StringView text)
{
    bool const is_negative = !text.is_empty() && text[0] == '-';
    if (is_negative || (!text.is_empty() && text[0] == '+')) text = text.from(1);
    u32 base = 10;
    if (text.size() > 1 && text[0] == '0') {
        bool const is_hex = (text[1] | 0x20) == 'x' && text.size() > 2 && digit_of(text[2]) < 16;
        base = is_hex ? 16 : 8;
        if (is_hex) text = text.from(2);
    }
    if (text.is_empty()) return Errno::Inval;
    i64 value = 0;
    bool overflows = false;
    for (char const letter : text) {
        u32 const digit = digit_of(letter);
        if (digit >= base) return Errno::Inval;
        overflows |= __builtin_mul_overflow(value, static_cast<i64>(base), &value);
        overflows |= __builtin_add_overflow(value, static_cast<i64>(digit), &value);
    }
    if (overflows) return Errno::Range;
    return is_negative ? -value : value;
}

Result<i64> parse_int(StringView text)
{
    i64 const value = TRY(parse_number(text));
    if (value > 0x7fff'ffff || value < -i64{0x8000'0000}) return Errno::Range;
    return value;
}

Cgroup* group_of(CgroupFs& file_system, Process& process)
{
    return process.cgroup ? process.cgroup.get() : file_system.hierarchy().root.get();
}

// --- what they say

Result<void> show_controllers(CgroupFs&, Cgroup& group, Text& text)
{
    if (group.has_pids()) text << "pids\n";
    return {};
}

Result<void> show_subtree_control(CgroupFs&, Cgroup& group, Text& text)
{
    if (group.controls_pids()) text << "pids\n";
    return {};
}

// kernel/cgroup/rstat.c, cgroup_base_stat_cputime_show(), in microseconds.
Result<void> show_cpu_stat(CgroupFs& file_system, Cgroup& group, Text& text)
{
    System& system = file_system.system();
    system.scheduler.account_current();
    u64 user = group.user_time(), kernel = group.system_time();
    for (Process* process = system.processes.next_at_or_above(1); process != nullptr;
         process = system.processes.next_at_or_above(process->pid() + 1)) {
        if (group.is_root()) {
            user += process->user_time() + process->children_user_time;
            kernel += process->system_time() + process->children_system_time;
        } else if (process->thread_count > 0 && process->cgroup &&
                   process->cgroup->is_at_or_below(group)) {
            user += process->user_time() - process->user_time_before;
            kernel += process->system_time() - process->system_time_before;
        }
    }
    text << "usage_usec " << (user + kernel) / 1000 << "\nuser_usec " << user / 1000
         << "\nsystem_usec " << kernel / 1000 << '\n';
    return {};
}

Result<void> show_events(CgroupFs&, Cgroup& group, Text& text)
{
    text << "populated " << (group.is_populated() ? 1u : 0u) << "\nfrozen "
         << (group.is_frozen() ? 1u : 0u) << '\n';
    return {};
}

Result<void> show_freeze(CgroupFs&, Cgroup& group, Text& text)
{
    text << (group.freezes ? 1u : 0u) << '\n';
    return {};
}

void show_limit(u32 limit, Text& text)
{
    if (limit == Cgroup::kNoLimit) {
        text << "max\n";
    } else {
        text << limit << '\n';
    }
}

Result<void> show_maximum_depth(CgroupFs&, Cgroup& group, Text& text)
{
    show_limit(group.maximum_depth, text);
    return {};
}

Result<void> show_maximum_descendants(CgroupFs&, Cgroup& group, Text& text)
{
    show_limit(group.maximum_descendants, text);
    return {};
}

Result<void> show_stat(CgroupFs&, Cgroup& group, Text& text)
{
    text << "nr_descendants " << group.descendants() << "\nnr_dying_descendants "
         << group.dying_descendants() << '\n';
    return {};
}

Result<void> show_type(CgroupFs&, Cgroup& group, Text& text)
{
    text << group.type() << '\n';
    return {};
}

// Those that live, by the reader's numbers; 0 for what it does not see.
Result<void> show_processes(CgroupFs& file_system, Cgroup& group, Text& text)
{
    System& system = file_system.system();
    PidNamespace* const pids = running_thread(system).process().pid_space();
    for (Process* process = system.processes.next_at_or_above(1); process != nullptr;
         process = system.processes.next_at_or_above(process->pid() + 1)) {
        if (process->thread_count == 0 || group_of(file_system, *process) != &group) continue;
        text << number_in(pids, process->pid()) << '\n';
    }
    return {};
}

Result<void> show_threads(CgroupFs& file_system, Cgroup& group, Text& text)
{
    System& system = file_system.system();
    PidNamespace* const pids = running_thread(system).process().pid_space();
    for (Process* process = system.processes.next_at_or_above(1); process != nullptr;
         process = system.processes.next_at_or_above(process->pid() + 1)) {
        if (group_of(file_system, *process) != &group) continue;
        for (ThreadLink& link : process->threads) {
            text << number_in(pids, link.thread->tid()) << '\n';
        }
    }
    return {};
}

Result<void> show_pids_current(CgroupFs&, Cgroup& group, Text& text)
{
    text << group.charged() << '\n';
    return {};
}

Result<void> show_pids_events(CgroupFs&, Cgroup& group, Text& text)
{
    text << "max " << group.pids_events() << '\n';
    return {};
}

Result<void> show_pids_maximum(CgroupFs&, Cgroup& group, Text& text)
{
    if (group.pids_limit == Cgroup::kNoPidsLimit) {
        text << "max\n";
    } else {
        text << group.pids_limit << '\n';
    }
    return {};
}

// --- what they take

// kernel/cgroup/pids.c, pids_max_write().
Result<void> set_pids_maximum(CgroupFile&, Cgroup& group, StringView text)
{
    if (text == "max") {
        group.pids_limit = Cgroup::kNoPidsLimit;
        return {};
    }
    i64 const limit = TRY(parse_number(text));
    if (limit < 0 || static_cast<u64>(limit) >= Cgroup::kNoPidsLimit) return Errno::Inval;
    group.pids_limit = static_cast<u64>(limit);
    return {};
}

Result<u32> parse_limit(StringView text)
{
    if (text == "max") return Cgroup::kNoLimit;
    i64 const limit = TRY(parse_int(text));
    if (limit < 0) return Errno::Range;
    return static_cast<u32>(limit);
}

Result<void> set_maximum_depth(CgroupFile&, Cgroup& group, StringView text)
{
    group.maximum_depth = TRY(parse_limit(text));
    return {};
}

Result<void> set_maximum_descendants(CgroupFile&, Cgroup& group, StringView text)
{
    group.maximum_descendants = TRY(parse_limit(text));
    return {};
}

// The process, or that of a thread. Errno::Inval, Srch.
Result<Process*> find_process(System& system, StringView text)
{
    Result<i64> number = parse_int(text);
    if (number.is_error() || number.value() < 0) return Errno::Inval;
    if (number.value() == 0) return &running_thread(system).process();
    u32 const meant = system_number_in(running_thread(system).process().pid_space(),
                                       static_cast<u32>(number.value()));
    Process* process = meant == 0 ? nullptr : system.processes.find(meant);
    if (process == nullptr && meant != 0) process = system.processes.find_by_thread(meant);
    if (process == nullptr || process->state == Process::State::Reaped) return Errno::Srch;
    return process;
}

// __cgroup_procs_write(). Those that have exited stay where they were.
Result<void> move_process(CgroupFile& file, Cgroup& group, StringView text)
{
    CgroupFs& file_system = file.node().cgroups();
    Process& process = *TRY(find_process(file_system.system(), text));
    Cgroup& source = *group_of(file_system, process);
    TRY(may_move(file_system, source, group, file.credentials(), file.visible_root()));
    if (process.thread_count > 0) file_system.system().processes.move_process(process, group);
    return {};
}

// Threads of one process are in one cgroup, as long as none is threaded.
Result<void> move_thread(CgroupFile& file, Cgroup& group, StringView text)
{
    CgroupFs& file_system = file.node().cgroups();
    Process& process = *TRY(find_process(file_system.system(), text));
    Cgroup& source = *group_of(file_system, process);
    TRY(may_move(file_system, source, group, file.credentials(), file.visible_root()));
    return &source == &group ? Result<void>{} : Result<void>{Errno::OpNotSupp};
}

// cgroup_type_write(): cgroups cannot be made threaded here.
Result<void> set_type(CgroupFile&, Cgroup&, StringView text)
{
    return text == "threaded" ? Errno::OpNotSupp : Errno::Inval;
}

// cgroup_freeze_write().
Result<void> set_freeze(CgroupFile& file, Cgroup& group, StringView text)
{
    i64 const number = TRY(parse_int(text));
    if (number < 0 || number > 1) return Errno::Range;
    file.node().cgroups().system().processes.set_freeze(group, number == 1);
    return {};
}

// cgroup_kill_write().
Result<void> kill_all(CgroupFile& file, Cgroup& group, StringView text)
{
    i64 const number = TRY(parse_int(text));
    if (number != 1) return Errno::Range;
    System& system = file.node().cgroups().system();
    UserThread const& killer = running_thread(system);
    for (Process* process = system.processes.next_at_or_above(1); process != nullptr;
         process = system.processes.next_at_or_above(process->pid() + 1)) {
        if (process->thread_count == 0 || !process->cgroup) continue;
        if (!process->cgroup->is_at_or_below(group)) continue;
        u32 const sender = number_in(process->pid_space(), killer.process().pid());
        system.processes.send_to_process(
            *process, SignalInfo::from_user(Signal::Kill, kSiUser, sender, killer.credentials.uid));
    }
    return {};
}

// Names of files that come or go may be remembered otherwise.
void forget_names(CgroupFile& file, Cgroup& group)
{
    Vfs& vfs = file.node().cgroups().system().vfs;
    Dentry* const folder = file.path().entry()->parent().get();
    if (folder == nullptr) return;
    for (Cgroup* child = group.child_at_or_above(0); child != nullptr;
         child = group.child_at_or_above(child->number() + 1)) {
        for (usize i = kFirstPidsFile; i < kCgroupFileKinds; ++i) {
            vfs.forget_name(*folder, child->name(), cgroup_file_types()[i].name);
        }
    }
}

// cgroup_subtree_control_write().
Result<void> set_subtree_control(CgroupFile& file, Cgroup& group, StringView text)
{
    enum class Wish : u8 { None, On, Off } wish = Wish::None;
    while (!text.is_empty()) {
        usize size = 0;
        while (size < text.size() && text[size] != ' ') ++size;
        StringView const word = text.first(size);
        text = text.from(size < text.size() ? size + 1 : size);
        if (word.is_empty()) continue;
        bool const is_known = word.from(1) == "pids" && (word[0] == '+' || word[0] == '-');
        if (!is_known) return Errno::Inval;
        wish = word[0] == '+' ? Wish::On : Wish::Off;
    }
    bool const on = wish == Wish::On;
    if (wish == Wish::None || on == group.controls_pids()) return {};
    TRY(group.may_control_pids(on));
    Credentials const& credentials = running_thread(file.node().cgroups().system()).credentials;
    group.control_pids(on, credentials.fsuid, credentials.fsgid);
    forget_names(file, group);
    return {};
}

constexpr CgroupFileType kTypes[] = {
    {},
    {"cgroup.controllers", show_controllers},
    {"cpu.stat", show_cpu_stat},
    {"cgroup.events", show_events},
    {"cgroup.freeze", show_freeze, set_freeze},
    {"cgroup.kill", nullptr, kill_all},
    {"cgroup.max.depth", show_maximum_depth, set_maximum_depth},
    {"cgroup.max.descendants", show_maximum_descendants, set_maximum_descendants},
    {"cgroup.procs", show_processes, move_process, true},
    {"cgroup.stat", show_stat},
    {"cgroup.subtree_control", show_subtree_control, set_subtree_control, true},
    {"cgroup.threads", show_threads, move_thread, true},
    {"cgroup.type", show_type, set_type},
    {"pids.current", show_pids_current},
    {"pids.events", show_pids_events},
    {"pids.max", show_pids_maximum, set_pids_maximum},
};
static_assert(sizeof(kTypes) / sizeof(kTypes[0]) == kCgroupFileKinds);

}  // namespace

Span<CgroupFileType const> cgroup_file_types() { return {kTypes, kCgroupFileKinds}; }

}  // namespace drydock
