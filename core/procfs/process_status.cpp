// stat, statm and status of a process (proc(5)).

#include "core/procfs/node.h"
#include "core/tty/tty.h"

namespace drydock {

char state_letter(Subject const& subject)
{
    if (subject.process->is_dead() || subject.thread == nullptr) return 'Z';
    // A first thread that has ended before the others.
    if (!subject.thread->process_link.hook.is_linked()) return 'Z';
    switch (subject.thread->state()) {
    case Thread::State::New:
    case Thread::State::Ready:
    case Thread::State::Running: return 'R';
    case Thread::State::Blocked: return 'S';
    case Thread::State::Stopped: return 'T';
    case Thread::State::Dead: return 'Z';
    }
    UNREACHABLE();
}

StringView state_word(char letter)
{
    switch (letter) {
    case 'R': return "R (running)";
    case 'S': return "S (sleeping)";
    case 'T': return "T (stopped)";
    default: return "Z (zombie)";
    }
}

void append_numbers(Subject const& subject, Process const& process, u32 number, Text& text)
{
    u32 const first = subject.pids == nullptr ? 0 : subject.pids->level();
    u32 const last = process.pid_space() == nullptr ? 0 : process.pid_space()->level();
    for (u32 level = first; level <= last; ++level) {
        PidNamespace* space = process.pid_space();
        while (space != nullptr && space->level() > level) space = space->parent();
        text << '\t' << number_in(space, number);
    }
}

StringView name_of(Subject const& subject)
{
    if (subject.thread == nullptr) return {};
    return StringView::from_c_string(subject.thread->name);
}

namespace {

// What ps shows as the terminal: the console (tty(4) numbers).

struct SignalMasks {
    u64 ignored = 0;
    u64 caught = 0;
};

SignalMasks masks_of(Process& process)
{
    SignalMasks masks;
    if (!process.actions) return masks;
    for (u32 number = 1; number <= kSignalCount; ++number) {
        Signal const signal = static_cast<Signal>(number);
        u64 const handler = process.actions->of(signal).handler;
        if (handler == 1) masks.ignored |= SignalSet::bit(signal);
        if (handler > 1) masks.caught |= SignalSet::bit(signal);
    }
    return masks;
}

struct Memory {
    AddressSpace::Usage usage{};
    AddressSpace::Layout layout{};
};

Memory memory_of(Process& process)
{
    Memory memory;
    if (!process.space) return memory;
    memory.usage = process.space->usage();
    memory.layout = process.space->layout();
    return memory;
}

u64 clock_ticks(u64 nanoseconds) { return nanoseconds / kNanosPerClockTick; }

u32 id_of(Subject const& subject)
{
    bool const is_thread = subject.is_task && subject.thread != nullptr;
    return subject.shown(is_thread ? subject.thread->tid() : subject.process->pid());
}

// Fields 4 to 8: relations and the terminal.
void stat_relations(Subject const& subject, Text& text)
{
    Process& process = *subject.process;
    bool const has_terminal = process.session && process.session->terminal != nullptr;
    text << subject.shown(process.parent_pid()) << ' ' << subject.shown(process.group_id) << ' ';
    text << subject.shown(process.session ? process.session->id() : 0) << ' ';
    text << (has_terminal ? process.session->terminal->device_number() : u64{0}) << ' ';
    if (has_terminal) {
        text << subject.shown(process.session->terminal->foreground_group);
    } else {
        text << "-1";
    }
}

// Fields 9 to 22: faults, times, priority.
void stat_times(Subject const& subject, Text& text)
{
    Process& process = *subject.process;
    constexpr u64 kRandomizes = 0x400000;  // PF_RANDOMIZE of the flags.
    bool const is_thread = subject.is_task && subject.thread != nullptr;
    process.system().scheduler.account_current();
    u64 const user = is_thread ? subject.thread->user_time() : process.user_time();
    u64 const system = is_thread ? subject.thread->system_time() : process.system_time();
    i64 const nice = subject.thread != nullptr ? subject.thread->nice() : 0;
    text << ' ' << kRandomizes << ' ' << process.minor_faults << " 0 " << process.major_faults
         << " 0 ";
    text << clock_ticks(user) << ' ' << clock_ticks(system) << ' ';
    text << clock_ticks(process.children_user_time) << ' ';
    text << clock_ticks(process.children_system_time) << ' ';
    text << i64{20} + nice << ' ' << nice << ' ' << process.thread_count << " 0 ";
    text << clock_ticks(process.start_time);
}

void status_ids(Credentials const& ids, Text& text)
{
    text << "\nUid:\t" << ids.uid << '\t' << ids.euid << '\t' << ids.suid << '\t' << ids.fsuid;
    text << "\nGid:\t" << ids.gid << '\t' << ids.egid << '\t' << ids.sgid << '\t' << ids.fsgid;
    text << "\nFDSize:\t64\nGroups:\t";
    if (!ids.groups) {
        text << ' ';
        return;
    }
    for (u32 const group : ids.groups->all()) text << group << ' ';
}

void memory_field(StringView name, u64 bytes, Text& text)
{
    text << name << ":\t";
    text.decimal(bytes / kKiB, 8, ' ') << " kB\n";
}

void status_memory(Process& process, Text& text)
{
    if (!process.space) return;
    Memory const memory = memory_of(process);
    u64 const resident = memory.usage.resident_pages * kPageSize;
    u64 const shared = memory.usage.shared_pages * kPageSize;
    memory_field("VmPeak", memory.usage.virtual_bytes, text);
    memory_field("VmSize", memory.usage.virtual_bytes, text);
    memory_field("VmLck", process.space->locked_bytes(), text);
    memory_field("VmPin", 0, text);
    memory_field("VmHWM", process.space->peak_resident_pages() * kPageSize, text);
    memory_field("VmRSS", resident, text);
    memory_field("RssAnon", resident - shared, text);
    memory_field("RssFile", shared, text);
    memory_field("RssShmem", 0, text);
    memory_field("VmData", memory.usage.data_bytes, text);
    memory_field("VmStk", memory.usage.stack_bytes, text);
    memory_field("VmExe", memory.usage.text_bytes, text);
    memory_field("VmLib", 0, text);
    memory_field("VmPTE", 0, text);
    memory_field("VmSwap", 0, text);
}

void mask_field(StringView name, u64 bits, Text& text)
{
    text << name << ":\t";
    text.hex(bits, 16) << '\n';
}

void status_signals(Subject const& subject, Text& text)
{
    Process& process = *subject.process;
    SignalMasks const masks = masks_of(process);
    UserThread* const thread = subject.thread;
    text << "SigQ:\t" << process.queued_signals << '/'
         << process.limit(Resource::PendingSignals).soft << '\n';
    mask_field("SigPnd", thread != nullptr ? thread->pending.bits : 0, text);
    mask_field("ShdPnd", process.pending.bits, text);
    mask_field("SigBlk", thread != nullptr ? thread->blocked.bits : 0, text);
    mask_field("SigIgn", masks.ignored, text);
    mask_field("SigCgt", masks.caught, text);
    CapabilitySets const& sets = subject.credentials().capabilities;
    mask_field("CapInh", sets.inheritable, text);
    mask_field("CapPrm", sets.permitted, text);
    mask_field("CapEff", sets.effective, text);
    mask_field("CapBnd", sets.bounding, text);
    mask_field("CapAmb", sets.ambient, text);
}

}  // namespace

namespace proc {

Result<void> process_stat(Subject const& subject, Text& text)
{
    Process& process = *subject.process;
    Memory const memory = memory_of(process);
    AddressSpace::Layout const& layout = memory.layout;
    SignalMasks const masks = masks_of(process);
    UserThread* const thread = subject.thread;
    text << id_of(subject) << " (" << name_of(subject) << ") ";
    text << state_letter(subject) << ' ';
    stat_relations(subject, text);
    stat_times(subject, text);
    text << ' ' << memory.usage.virtual_bytes << ' ' << memory.usage.resident_pages << ' ';
    text << process.limit(Resource::Rss).soft << ' ' << layout.code_start.value << ' ';
    text << layout.code_end.value << ' ' << layout.stack_start.value << " 0 0 ";
    text << (process.pending.bits | (thread != nullptr ? thread->pending.bits : 0)) << ' ';
    text << (thread != nullptr ? thread->blocked.bits : 0) << ' ' << masks.ignored << ' ';
    text << masks.caught << " 0 0 0 " << process.exit_signal << " 0 0 0 0 0 0 ";
    text << layout.data_start.value << ' ' << layout.data_end.value << ' ';
    text << layout.heap_start.value << ' ' << layout.arguments_start.value << ' ';
    text << layout.arguments_end.value << ' ' << layout.environment_start.value << ' ';
    text << layout.environment_end.value << ' ' << process.exit_status << '\n';
    return {};
}

Result<void> process_statm(Subject const& subject, Text& text)
{
    AddressSpace::Usage const usage = memory_of(*subject.process).usage;
    text << usage.virtual_bytes / kPageSize << ' ' << usage.resident_pages << ' '
         << usage.shared_pages << ' ' << usage.text_bytes / kPageSize << " 0 "
         << (usage.data_bytes + usage.stack_bytes) / kPageSize << " 0\n";
    return {};
}

Result<void> process_status(Subject const& subject, Text& text)
{
    Process& process = *subject.process;
    text << "Name:\t" << name_of(subject) << "\nUmask:\t";
    text.octal(subject.file_context() != nullptr ? subject.file_context()->umask : 0, 4);
    text << "\nState:\t" << state_word(state_letter(subject)) << "\nTgid:\t"
         << subject.shown(process.pid());
    text << "\nNgid:\t0\nPid:\t" << id_of(subject) << "\nPPid:\t"
         << subject.shown(process.parent_pid());
    text << "\nTracerPid:\t0";
    status_ids(subject.credentials(), text);
    bool const is_thread = subject.is_task && subject.thread != nullptr;
    text << "\nNStgid:";
    append_numbers(subject, process, process.pid(), text);
    text << "\nNSpid:";
    append_numbers(subject, process, is_thread ? subject.thread->tid() : process.pid(), text);
    text << "\nNSpgid:";
    append_numbers(subject, process, process.group_id, text);
    text << "\nNSsid:";
    append_numbers(subject, process, process.session ? process.session->id() : 0, text);
    text << '\n';
    status_memory(process, text);
    text << "Threads:\t" << process.thread_count << '\n';
    status_signals(subject, text);
    bool const is_limited = subject.thread != nullptr && subject.thread->no_new_privileges;
    text << "NoNewPrivs:\t" << (is_limited ? '1' : '0');
    text << "\nSeccomp:\t0\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n"
            "Mems_allowed:\t1\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:\t0\n"
            "nonvoluntary_ctxt_switches:\t0\n";
    return {};
}

}  // namespace proc

}  // namespace drydock
