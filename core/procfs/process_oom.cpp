// How likely a process is to be ended where memory is short: oom_score, oom_score_adj, oom_adj
// (proc(5); fs/proc/base.c). Nothing is ended for it here; the numbers are kept and inherited.

#include "core/procfs/node.h"

namespace drydock::proc {

namespace {

constexpr i64 kLeast = -1000, kMost = 1000;
// The older scale of oom_adj.
constexpr i64 kOldNever = -17, kOldMost = 15;

// kstrtoint() in any base, with blanks around it. Errno::Inval, Range.
Result<i64> parse_number(StringView text)
{
    auto const is_blank = [](char letter) {
        return letter == ' ' || (letter >= 9 && letter <= 13);
    };
    usize start = 0;
    usize end = text.size();
    while (start < end && is_blank(text[start])) ++start;
    while (end > start && is_blank(text[end - 1])) --end;
    bool const is_negative = start < end && text[start] == '-';
    if (start < end && (text[start] == '-' || text[start] == '+')) ++start;
    i64 base = 10;
    if (end - start > 1 && text[start] == '0') {
        bool const is_hex = end - start > 2 && (text[start + 1] | 32) == 'x';
        base = is_hex ? 16 : 8;
        start += is_hex ? 2 : 1;
    }
    if (start == end) return Errno::Inval;
    i64 value = 0;
    for (; start < end; ++start) {
        char const letter = text[start];
        char const small = static_cast<char>(letter | 32);
        i64 digit = 99;
        if (letter >= '0' && letter <= '9') digit = letter - '0';
        if (small >= 'a' && small <= 'f') digit = small - 'a' + 10;
        if (digit >= base) return Errno::Inval;
        value = value * base + digit;
        if (value > i64{INT32_MAX} + 1) return Errno::Range;
    }
    value = is_negative ? -value : value;
    if (value > INT32_MAX) return Errno::Range;
    return value;
}

bool may_lower(Subject const& subject)
{
    return running_thread(subject.system).credentials.has(Capability::SysResource);
}

// To all processes that share the memory, but for a child that vfork(2) has made for a moment.
void adjust(Subject const& subject, i64 value, bool sets_minimum)
{
    auto const set = [&](Process& process) {
        process.oom_adjustment = static_cast<i16>(value);
        if (sets_minimum) process.oom_minimum = static_cast<i16>(value);
    };
    set(*subject.process);
    Ref<AddressSpace> const& space = subject.process->space;
    if (!space || subject.process->holds_vfork_parent) return;
    ProcessTable& table = subject.system.processes;
    for (Process* other = table.next_at_or_above(1); other != nullptr;
         other = table.next_at_or_above(other->pid() + 1)) {
        bool const takes_part = !other->holds_vfork_parent && !other->is_init;
        if (takes_part && other->space.get() == space.get()) set(*other);
    }
}

}  // namespace

Result<void> oom_score_adjustment(Subject const& subject, Text& text)
{
    text << i64{subject.process->oom_adjustment} << '\n';
    return {};
}

Result<void> set_oom_score_adjustment(Subject const& subject, StringView written)
{
    i64 const value = TRY(parse_number(written));
    if (value < kLeast || value > kMost) return Errno::Inval;
    bool const is_free = may_lower(subject);
    if (value < subject.process->oom_minimum && !is_free) return Errno::Acces;
    adjust(subject, value, is_free);
    return {};
}

Result<void> oom_adjustment(Subject const& subject, Text& text)
{
    i64 const value = subject.process->oom_adjustment;
    i64 const old = value == kMost ? kOldMost : value * -kOldNever / kMost;
    text << (old > kOldMost ? kOldMost : old) << '\n';
    return {};
}

Result<void> set_oom_adjustment(Subject const& subject, StringView written)
{
    i64 const old = TRY(parse_number(written));
    if (old < kOldNever || old > kOldMost) return Errno::Inval;
    i64 const value = old == kOldMost ? kMost : old * kMost / -kOldNever;
    if (value < subject.process->oom_adjustment && !may_lower(subject)) return Errno::Acces;
    adjust(subject, value, false);
    return {};
}

// mm/oom_kill.c, oom_badness(): memory in thousandths of all that there is, and the adjustment;
// then moved and shrunk to 0..2000 * 2 / 3.
Result<void> oom_score(Subject const& subject, Text& text)
{
    Process& process = *subject.process;
    FrameCounts const counts = subject.system.frames.counts();
    i64 const total = static_cast<i64>(counts.total - counts.reserved);
    bool const is_spared =
        process.is_init || !process.space || process.oom_adjustment == kLeast || total < kMost;
    i64 points = 0;
    if (!is_spared) {
        points = static_cast<i64>(process.space->usage().resident_pages);
        points += process.oom_adjustment * (total / kMost);
        points = (kMost + points * kMost / total) * 2 / 3;
    }
    text << points << '\n';
    return {};
}

}  // namespace drydock::proc
