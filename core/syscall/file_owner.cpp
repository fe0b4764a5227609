#include "core/syscall/file_owner.h"

#include "core/syscall/task_numbers.h"
#include "core/tty/tty.h"

namespace drydock {

namespace {

using Kind = SignalOwner::Kind;

// struct f_owner_ex of fcntl(2).
struct UserOwner {
    i32 kind = 0;
    i32 number = 0;
};

bool has_group(ProcessTable& table, u32 number)
{
    for (Process* process = table.next_at_or_above(1); process != nullptr;
         process = table.next_at_or_above(process->pid() + 1)) {
        if (process->group_id == number) return true;
    }
    return false;
}

// fs/fcntl.c, f_modown(). `number` is the system's, or 0.
void name_owner(Call& call, SignalOwner& owner, Kind kind, u32 number)
{
    owner.kind = kind;
    owner.number = number;
    owner.since = 0;
    if (number == 0) return;
    Process const* const process = call.system().processes.find_by_thread(number);
    if (process != nullptr && kind != Kind::Group) owner.since = process->start_time;
    owner.uid = call.thread.credentials.uid;
    owner.euid = call.thread.credentials.euid;
}

Result<void> find_and_name(Call& call, File& file, Kind kind, u32 number)
{
    u32 meant = 0;
    if (number != 0) {
        meant = meant_number(call, number);
        if (meant == 0 || !call.system().processes.is_number_used(meant)) return Errno::Srch;
    }
    name_owner(call, *TRY(file.make_signal_owner(call.system().heap)), kind, meant);
    return {};
}

// The number that the caller knows the owner by; 0 if it is gone.
u32 shown_owner(Call& call, File const& file)
{
    SignalOwner const* const owner = file.signal_owner();
    if (owner == nullptr || owner->number == 0) return 0;
    ProcessTable& table = call.system().processes;
    bool is_there = false;
    if (owner->kind == Kind::Group) {
        is_there = has_group(table, owner->number);
    } else {
        Process const* process = table.find(owner->number);
        bool const is_thread = owner->kind == Kind::Thread;
        if (process == nullptr && is_thread) process = table.find_by_thread(owner->number);
        is_there = process != nullptr && process->start_time == owner->since;
    }
    return is_there ? seen_number(call, owner->number) : 0;
}

}  // namespace

Result<void> set_file_owner(Call& call, File& file, i32 owner)
{
    if (owner == INT32_MIN) return Errno::Inval;
    Kind const kind = owner < 0 ? Kind::Group : Kind::Process;
    return find_and_name(call, file, kind, static_cast<u32>(owner < 0 ? -owner : owner));
}

i32 file_owner(Call& call, File const& file)
{
    i32 const number = static_cast<i32>(shown_owner(call, file));
    if (number == 0) return 0;
    return file.signal_owner()->kind == Kind::Group ? -number : number;
}

Result<i64> set_file_owner_by_kind(Call& call, File& file)
{
    UserOwner const wanted = TRY(call.space().read<UserOwner>(call.address(2)));
    if (wanted.kind < 0 || wanted.kind > static_cast<i32>(Kind::Group)) return Errno::Inval;
    u32 const number = static_cast<u32>(wanted.number);
    TRY(find_and_name(call, file, static_cast<Kind>(wanted.kind), number));
    return i64{0};
}

Result<i64> report_file_owner(Call& call, File const& file)
{
    UserOwner shown;
    shown.number = static_cast<i32>(shown_owner(call, file));
    if (file.signal_owner() != nullptr) shown.kind = static_cast<i32>(file.signal_owner()->kind);
    TRY(call.space().write(call.address(2), shown));
    return i64{0};
}

Result<i64> set_file_signal(Call& call, File& file)
{
    if (call[2] > kSignalCount) return Errno::Inval;
    SignalOwner& owner = *TRY(file.make_signal_owner(call.system().heap));
    owner.signal = call.word(2);
    return i64{0};
}

Result<void> set_signals(Call& call, File& file, bool is_on)
{
    ASSERT(file.can_signal());
    if (!is_on) {
        file.stop_signals();
        return {};
    }
    TRY(file.start_signals(call.system().heap, call.word(0)));
    SignalOwner& owner = *file.signal_owner();
    auto const* const terminal = static_cast<TtyDevice*>(file.terminal());
    bool const is_master = file.pseudo_terminal().is_ok();
    if (owner.number != 0 || (terminal == nullptr && !is_master)) return {};
    // A terminal tells its foreground group where nobody is named (drivers/tty/tty_io.c,
    // __tty_fasync).
    if (terminal != nullptr && terminal->foreground_group != 0) {
        name_owner(call, owner, Kind::Group, terminal->foreground_group);
    } else {
        name_owner(call, owner, Kind::Process, call.process().pid());
    }
    return {};
}

}  // namespace drydock
